import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { MarkdownOutput } from "../markdown/render.ts";
import type { SourceText } from "./locate.ts";

/** What pages share, in the order in which it is looked through for the place of a mistake. */
const SHARED = [
  ["site/_includes", ".njk"],
  ["site/_data", ".ts"],
] as const;

/** A content file's text, with the places in its Markdown; empty when the file is gone. */
export function readSource(
  file: string,
  markdown: ReadonlyMap<string, MarkdownOutput>,
): SourceText {
  return { ...markdown.get(file), file, text: readText(file) };
}

/** Every layout, part of a page, and file of data. */
export function readShared(): readonly SourceText[] {
  return SHARED.flatMap(([folder, end]) =>
    readdirSync(folder, { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(end))
      .sort()
      .map((path) => ({ file: join(folder, path), text: readText(join(folder, path)) })),
  );
}

/** A file's text; empty when there is no such file. */
export function readText(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
