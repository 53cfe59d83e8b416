import { writeFile } from "node:fs/promises";
import { renderConfigReference } from "./lib/config-reference.ts";

/** Writes docs/config.md anew: `npm run docs:config`. */
const page = new URL("../docs/config.md", import.meta.url);
await writeFile(page, renderConfigReference());
console.log("Wrote docs/config.md");
