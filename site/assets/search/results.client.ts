import { longDate } from "../../lib/dates.ts";
import type { Result } from "../../lib/search/ranking.ts";
import { type IndexDocument, openIndex, type SearchIndex } from "../../lib/search/search-index.ts";
import { piecesOf } from "../../lib/search/words.ts";

let asked: Promise<SearchIndex> | undefined;

/** The index, fetched when it is first asked for. After a failure the next call tries again. */
export function loadIndex(): Promise<SearchIndex> {
  asked ??= fetchIndex().catch((error: unknown) => {
    asked = undefined;
    throw error;
  });
  return asked;
}

async function fetchIndex(): Promise<SearchIndex> {
  const answer = await fetch("/search.json");
  if (!answer.ok) throw new Error(`The index was answered with ${answer.status}.`);
  return openIndex((await answer.json()) as IndexDocument);
}

/** A result as an entry of a list of articles; `level` is that of its heading. */
export function resultItem({ page, words }: Result, level: 2 | 3): HTMLLIElement {
  const link = element("a", marked(page.title, words));
  link.href = page.url;
  const heading = element(`h${level}`, [link]);
  heading.className = "post-item-title";
  const label = element("p", page.day === "" ? [] : [dayElement(page.day)]);
  label.className = "label";
  const text = element("div", [heading, element("p", marked(page.description, words))]);
  const item = element("li", [label, text]);
  item.className = "post-item";
  return item;
}

function marked(text: string, words: ReadonlySet<string>): readonly (Node | string)[] {
  return piecesOf(text).map((piece) =>
    words.has(piece.word) ? element("mark", [piece.text]) : piece.text,
  );
}

function dayElement(day: string): HTMLTimeElement {
  const time = element("time", [longDate(new Date(day))]);
  time.dateTime = day;
  return time;
}

function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  children: readonly (Node | string)[],
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  made.append(...children);
  return made;
}
