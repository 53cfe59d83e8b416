import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ContentFile } from "./content-check.ts";

/** Every file below a folder that Eleventy makes pages of, in the order of their names. */
export function readContentFiles(folder: string): readonly ContentFile[] {
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((path) => /\.(md|njk)$/i.test(path))
    .sort()
    .map((path) => join(folder, path))
    .map((file) => ({ file, bytes: readFileSync(file) }));
}
