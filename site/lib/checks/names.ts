import type { Fault } from "./fault.ts";
import type { Start } from "./html-reader.ts";

/** A heading of a page, and the words in it. */
export type Heading = { readonly level: number; readonly text: string; readonly offset: number };

type Named = {
  readonly element: Start;
  /** An attribute gives the name, so no words are needed. */
  readonly isNamed: boolean;
  text: string;
};

const VAGUE = new Set(
  "here|click here|this|this link|link|read more|more|this page|this article|see here".split("|"),
);

/** Collects the words in links, buttons and headings, and finds those that say nothing. */
export class Names {
  readonly headings: Heading[] = [];
  readonly #open: Named[] = [];
  readonly #report: (fault: Fault) => void;

  constructor(report: (fault: Fault) => void) {
    this.#report = report;
  }

  start(element: Start): void {
    const { tag, attributes } = element;
    if (tag === "img" || tag === "svg") this.text(attributes.alt ?? attributes["aria-label"] ?? "");
    const isLink = tag === "a" && attributes.href !== undefined;
    if (!isLink && tag !== "button" && !isHeading(tag)) return;
    const isNamed = Boolean(attributes["aria-label"] || attributes["aria-labelledby"]);
    this.#open.push({ element, isNamed, text: "" });
  }

  text(text: string): void {
    for (const named of this.#open) named.text += text;
  }

  end(tag: string): void {
    const at = this.#open.findLastIndex(({ element }) => element.tag === tag);
    if (at < 0) return;
    const [named] = this.#open.splice(at);
    if (!named) return;
    const text = named.text.replace(/\s+/g, " ").trim();
    const { offset } = named.element;
    if (isHeading(tag)) this.headings.push({ level: Number(tag[1]), text, offset });
    if (text === "" && !named.isNamed) this.#reportEmpty(named.element);
    else if (tag === "a") this.#checkWords(named.element, text);
  }

  #reportEmpty({ tag, attributes, offset }: Start): void {
    const field = tag === "a" ? `<a href="${attributes.href}">` : `<${tag}>`;
    const message = `has no words, so ${tag === "a" ? "nobody can follow it" : "nobody can read it"}`;
    const fix = tag === "a" ? "Write where it leads." : "Write its words, or remove it.";
    const clue = isHeading(tag)
      ? ({ kind: "heading", text: "", offset } as const)
      : ({ kind: "link", text: attributes.href ?? "", offset } as const);
    this.#report({ field, message, fix, clue });
  }

  #checkWords({ attributes, offset }: Start, text: string): void {
    const href = attributes.href ?? "";
    const words = text.toLowerCase().replace(/[.:!…→»]+$/, "");
    const isVague = VAGUE.has(words) && attributes["aria-label"] === undefined;
    const isAddress = /^https?:\/\/\S+$/.test(text);
    if (!isVague && !isAddress) return;
    this.#report({
      level: "warning",
      field: `the link "${text}"`,
      message: isVague ? "does not say where it leads" : "shows an address instead of words",
      fix: "Name the page it leads to: screen readers list links by their words alone.",
      clue: { kind: "link", text: href, offset },
    });
  }
}

function isHeading(tag: string): boolean {
  return tag.length === 2 && tag >= "h1" && tag <= "h6";
}
