import { mkdir, writeFile } from "node:fs/promises";
import { eventDocuments } from "./lib/event-documents.ts";

/** Writes docs/events.md and what is below docs/events anew: `npm run docs:events`. */
const docs = new URL("../docs/", import.meta.url);
for (const [name, text] of eventDocuments()) {
  const file = new URL(name, docs);
  await mkdir(new URL(".", file), { recursive: true });
  await writeFile(file, text);
  console.log(`Wrote docs/${name}`);
}
