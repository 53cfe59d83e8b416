import type { Place } from "../markdown/places.ts";
import type { Clue } from "./fault.ts";

/** A file of the author's, and its line, from 1. */
export type Spot = { readonly file: string; readonly line?: number };

/** What is known of a file's text: of Markdown also where its parts stand, and the HTML made of it. */
export type SourceText = {
  readonly file: string;
  readonly text: string;
  readonly places?: readonly Place[];
  readonly html?: string;
};

/** Where a mistake of a page may come from: its own source, and what all pages share. */
export type Origins = {
  readonly source: SourceText;
  /** Layouts, parts of pages and data, in the order in which they are looked through. */
  readonly shared: readonly SourceText[];
};

/**
 * The line in the author's files that a part of a finished page comes from. Markdown knows its places;
 * elsewhere the words are looked for, in the page's own source and then in what pages share. Only the
 * file where the words are made by a template and stand nowhere.
 */
export function locate(clue: Clue, page: string, origins: Origins): Spot {
  const { source, shared } = origins;
  if (clue.kind === "head") return inFrontMatter(clue.text, source) ?? fromShared(clue, origins);
  return (
    inMarkdown(clue, page, source) ??
    inText(clue.text, source) ??
    fromShared(clue, { source, shared })
  );
}

function fromShared(clue: Clue, { source, shared }: Origins): Spot {
  for (const text of shared) {
    const spot = inText(clue.text, text);
    if (spot) return spot;
  }
  return { file: source.file };
}

/** The nth of the places that fit, counted among those of the text's own HTML. */
function inMarkdown(clue: Clue, page: string, source: SourceText): Spot | undefined {
  const { places, html, file } = source;
  if (!places || html === undefined) return undefined;
  const start = page.indexOf(html);
  const inside = start >= 0 && clue.offset >= start && clue.offset < start + html.length;
  if (!inside) return undefined;
  const before = html.slice(0, clue.offset - start);
  const own = places.filter(({ kind, text }) => kind === clue.kind && text === clue.text);
  const needle = clue.kind === "heading" ? undefined : clue.text;
  const nth = needle ? count(before, quoted(clue, needle)) : 0;
  const found = own[Math.min(nth, own.length - 1)];
  if (found) return { file, line: found.line };
  // A heading that was written as HTML.
  const text = clue.kind === "heading" ? page.slice(clue.offset, clue.offset + 3) : clue.text;
  return inHtml(text, before, source);
}

/** Within the HTML that the author wrote: a tag, or an address in one. */
function inHtml(
  wanted: string,
  before: string,
  { places = [], file }: SourceText,
): Spot | undefined {
  if (wanted === "") return undefined;
  let skip = count(before, wanted);
  let last: Spot | undefined;
  for (const { kind, text, line } of places) {
    if (kind !== "html") continue;
    for (const index of indexesOf(text, wanted)) {
      last = { file, line: line + linesIn(text.slice(0, index)) };
      if (skip === 0) return last;
      skip -= 1;
    }
  }
  return last;
}

function inFrontMatter(key: string, { file, text }: SourceText): Spot | undefined {
  const end = text.indexOf("\n---", 3);
  if (!/^\uFEFF?---/.test(text) || end < 0) return undefined;
  const index = text.slice(0, end).search(new RegExp(`^\\s*${key}`, "m"));
  if (index < 0) return { file, line: 1 };
  return { file, line: 1 + linesIn(text.slice(0, text.indexOf(key, index))) };
}

function inText(wanted: string, { file, text }: SourceText): Spot | undefined {
  if (wanted === "") return undefined;
  const forms = [wanted, wanted.replaceAll("&", "&amp;").replaceAll('"', "&quot;")];
  for (const form of forms) {
    const index = text.indexOf(form);
    if (index >= 0) return { file, line: 1 + linesIn(text.slice(0, index)) };
  }
  return undefined;
}

/** As it stands in rendered HTML, so that `/a/` is not counted in `/a/b/`. */
function quoted({ kind }: Clue, text: string): string {
  return kind === "html" ? text : `"${text.replaceAll("&", "&amp;")}"`;
}

function count(text: string, wanted: string): number {
  return indexesOf(text, wanted).length;
}

function indexesOf(text: string, wanted: string): readonly number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
    found.push(at);
  }
  return found;
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
