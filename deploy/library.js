import "./typescript.js";

// Loaded after the line above has run; a static import would be resolved before it.
const library = await import("./library.ts");

export const { createSlipway, isSlipwayError } = library;
