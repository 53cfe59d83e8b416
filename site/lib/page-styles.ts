import { createHash } from "node:crypto";

/**
 * A page carries its stylesheets in itself. The same twenty kilobytes in a thousand pages would fill the memory
 * of a build, so a page names them as it is made, by a comment, and gets their text as it is written.
 */
const MARK = /^\/\*([\w.-]+\.css)\*\/$/;

const MARKED = /<style>(\/\*[\w.-]+\.css\*\/)<\/style>/g;

const HEAD_END = "</head>";

/** What a style element holds until its page is written, for a stylesheet by its plain name, `site.css`. */
export function styleMark(name: string): string {
  return `/*${name}*/`;
}

/** The plain name in a mark; undefined for a style element's text that is none. */
export function markedStyle(text: string): string | undefined {
  return MARK.exec(text)?.[1];
}

/**
 * The page with the text of its stylesheets, by their plain names, in the place of their marks. Only the head
 * is looked at: an article may show such a mark as code.
 */
export function withStyles(page: string, styles: ReadonlyMap<string, string>): string {
  const end = page.indexOf(HEAD_END);
  if (end < 0) return page;
  const head = page.slice(0, end).replace(MARKED, (element, mark: string) => {
    const text = styles.get(markedStyle(mark) ?? "");
    return text === undefined ? element : `<style>${text}</style>`;
  });
  return head + page.slice(end);
}

/** SHA-256 of a style element's text in base64, as a content security policy names it. */
export function styleHash(text: string): string {
  return createHash("sha256").update(text).digest("base64");
}
