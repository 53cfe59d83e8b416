import { load, YAMLException } from "js-yaml";
import { isCalendarDay } from "../dates.ts";
import type { Problem } from "../problem.ts";

/** The text between the two lines of dashes at the top of a file. `firstLine` is its number, from 1. */
export type Block = { readonly text: string; readonly firstLine: number };

/** What YAML makes of a block: its fields, or why there are none. */
export type Fields =
  | { readonly kind: "fields"; readonly fields: Readonly<Record<string, unknown>> }
  | { readonly kind: "problem"; readonly problem: Problem };

/** The front matter of a text; undefined when it does not begin with three dashes. */
export function blockOf(source: string): Block | undefined {
  const found = BLOCK.exec(source);
  return found?.index === 0 ? { text: found[1] ?? "", firstLine: 2 } : undefined;
}

/** What stands below the front matter. */
export function textOf(source: string): string {
  const found = BLOCK.exec(source);
  return found?.index === 0 ? source.slice(found[0].length) : source;
}

const BLOCK = /^\uFEFF?---[^\S\n]*\r?\n([\s\S]*?)^---[^\S\n]*\r?$/m;

/** What was made of each block, until Eleventy asks for it. */
const parsed = new Map<string, unknown>();

/**
 * What YAML makes of a block for Eleventy. Where it was checked just before, it is not parsed a second time: the
 * result is given away, since Eleventy changes what it gets. Throws what js-yaml throws.
 */
export function parseBlock(text: string): unknown {
  const key = text.trim();
  if (!parsed.has(key)) return loadFields(text);
  const fields = parsed.get(key);
  parsed.delete(key);
  return fields;
}

/** Reads front matter as Eleventy will: YAML, and a list of fields at its top. */
export function readFields(file: string, source: string): Fields {
  const language = /^\uFEFF?---[^\S\n]*([^\s-]\S*)/.exec(source)?.[1];
  if (language !== undefined && language !== "yaml" && language !== "yml") {
    return wrong(file, 1, `is ${language}, and only YAML is read`, "Write YAML between --- lines.");
  }
  const block = blockOf(source);
  if (block) return parse(file, block);
  if (/^\uFEFF?---/.test(source)) {
    return wrong(file, 1, "has no end", "Write --- on a line of its own below it.");
  }
  return file.endsWith(".md") ? missing(file, source) : { kind: "fields", fields: {} };
}

/** Only templates do without. */
function missing(file: string, source: string): Fields {
  const above = /^\s+(?=---\s)/.exec(source)?.[0];
  if (above !== undefined) {
    const line = above.split("\n").length;
    return wrong(file, line, "does not begin in the first line", "Remove what stands above it.");
  }
  const fix =
    "Begin the file with a line of ---, then title: and the other fields, then a line of ---.";
  return wrong(file, 1, "is missing", fix);
}

/** YAML, in which a day in quotes is a day as well: it decides when an article appears. */
function loadFields(text: string): unknown {
  const fields = load(text);
  if (typeof fields !== "object" || fields === null || Array.isArray(fields)) return fields;
  const days = Object.entries(fields).filter(
    ([key, value]) =>
      (key === "date" || key === "updated") && typeof value === "string" && isCalendarDay(value),
  );
  return { ...fields, ...Object.fromEntries(days.map(([key, day]) => [key, new Date(day)])) };
}

function parse(file: string, { text, firstLine }: Block): Fields {
  try {
    const fields = loadFields(text);
    parsed.set(text.trim(), fields);
    if (fields === null || fields === undefined) return { kind: "fields", fields: {} };
    if (typeof fields === "object" && !Array.isArray(fields)) {
      return { kind: "fields", fields: fields as Record<string, unknown> };
    }
    return wrong(file, firstLine, "is no list of fields", "Write lines such as title: Some words.");
  } catch (error) {
    if (!(error instanceof YAMLException)) throw error;
    const line = firstLine + (error.mark?.line ?? 0);
    return wrong(file, line, `cannot be read: ${error.reason}`, hintFor(error, text));
  }
}

function hintFor({ reason, mark }: YAMLException, text: string): string {
  const written = text.split("\n")[mark?.line ?? 0] ?? "";
  if (/duplicated mapping key/.test(reason)) return "Keep one of the two.";
  if (/\t/.test(written)) return "Write spaces, not a tab.";
  return /^\s*[\w-]+:\s+[^"'[{|>].*:(\s|$)/.test(written)
    ? "Put the value in quotes: it has a colon in it."
    : "Mend the YAML between the two --- lines; a value with a sign such as : # [ { goes in quotes.";
}

function wrong(file: string, line: number, message: string, fix: string): Fields {
  return { kind: "problem", problem: { file, line, field: "front matter", message, fix } };
}

/**
 * The line on which a field stands, or a value of it; the first line of the file for a field that is
 * not there.
 */
export function lineOfField(source: string, field: string, value?: string): number {
  const block = blockOf(source);
  if (!block) return 1;
  const lines = block.text.split("\n");
  const at = lines.findIndex((line) => keyOf(line) === field);
  if (at < 0) return 1;
  if (value === undefined) return block.firstLine + at;
  for (let i = at; i < lines.length && (i === at || keyOf(lines[i]) === undefined); i += 1) {
    if (wordsOf(lines[i] ?? "").includes(value)) return block.firstLine + i;
  }
  return block.firstLine + at;
}

function keyOf(line: string | undefined): string | undefined {
  return /^["']?([^\s"'#:-][^"':]*)["']?\s*:/.exec(line ?? "")?.[1];
}

function wordsOf(line: string): readonly string[] {
  return line
    .replace(/^["']?[\w-]+["']?\s*:/, "")
    .split(/[[\],]|(?:^|\s)-\s/)
    .map((word) => word.trim().replace(/^(["'])(.*)\1$/, "$2"));
}
