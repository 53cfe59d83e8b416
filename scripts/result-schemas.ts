import { mkdir, writeFile } from "node:fs/promises";
import { resultSchemas } from "./lib/result-schemas.ts";

/** Writes docs/schema anew: `node --import tsx scripts/result-schemas.ts`. */
const folder = new URL("../docs/schema/", import.meta.url);
await mkdir(folder, { recursive: true });
for (const [name, text] of resultSchemas()) {
  await writeFile(new URL(name, folder), text);
  console.log(`Wrote docs/schema/${name}`);
}
