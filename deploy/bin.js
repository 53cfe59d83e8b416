#!/usr/bin/env node
import "./typescript.js";

// Loaded after the line above has run; a static import would be resolved before it.
const { main } = await import("./main.ts");
process.exitCode = await main(process.argv.slice(2));
