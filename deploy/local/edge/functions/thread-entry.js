// A worker does not inherit the loader that its parent has registered: it begins as the program does.
import "../../../typescript.js";

await import("./run-in-thread.ts");
