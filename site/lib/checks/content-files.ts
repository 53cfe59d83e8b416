import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContentFile } from "./content-check.ts";

/** Every file below a folder that Eleventy makes pages of, in the order of their names: none that is hidden. */
export function readContentFiles(folder: string): readonly ContentFile[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory() && /^[^.].*\.(md|njk)$/i.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({ file, bytes: readFileSync(file) }));
}
