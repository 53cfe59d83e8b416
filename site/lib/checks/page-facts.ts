import { markedStyle, styleHash } from "../page-styles.ts";
import { BUDGETS, transferSize } from "./budgets.ts";
import type { Fault } from "./fault.ts";
import { Forms } from "./forms.ts";
import { readHtml, type Start } from "./html-reader.ts";
import { type Heading, Names } from "./names.ts";
import { type PageUse, usesOfElement, usesOfStyle } from "./page-uses.ts";
import { Structure, shortened } from "./structure.ts";

/** A reference on a page, as it is written there. `offset` is where its element begins. */
export type Reference = {
  readonly tag: string;
  readonly attribute: string;
  readonly url: string;
  readonly offset: number;
};

/** What one reading of a finished page tells the checks. */
export type PageFacts = {
  readonly path: string;
  readonly lang: string;
  readonly title: string;
  readonly description: string;
  readonly canonical: string;
  readonly headings: readonly Heading[];
  readonly ids: readonly string[];
  readonly references: readonly Reference[];
  readonly uses: readonly PageUse[];
  /** The stylesheets of site/assets in the head, by their plain names. */
  readonly styles: readonly string[];
  /** SHA-256 of the text of each other style element in the head, in base64. */
  readonly styleHashes: readonly string[];
  /** What is wrong wherever the page stands: no other page and no file has to be asked. */
  readonly faults: readonly Fault[];
  /** Bytes that travel for the page without those stylesheets; an upper bound where that is little. */
  readonly transfer: number;
};

/** A form's action is left out: it names a service, not a file of the site. */
const URL_ATTRIBUTES = ["href", "src", "poster", "data"] as const;

/** Reads a page once. `path` is its place in the output, `blog/index.html`. */
export function readPage(path: string, html: string): PageFacts {
  const reader = new PageReader(html);
  readHtml(html, reader);
  return { path, ...reader.finish(), transfer: transferSize(html, BUDGETS.page) };
}

class PageReader {
  readonly #faults: Fault[] = [];
  readonly #source: string;
  readonly #structure: Structure;
  readonly #names: Names;
  readonly #forms: Forms;
  readonly #ids = new Map<string, number>();
  readonly #references: Reference[] = [];
  readonly #uses = new Set<PageUse>();
  readonly #styles: string[] = [];
  readonly #head = { lang: "", title: "", description: "", canonical: "" };
  #svgDepth = 0;
  #inTitle = false;
  #inHeadStyle = false;
  #inBody = false;

  constructor(source: string) {
    const report = (fault: Fault) => void this.#faults.push(fault);
    this.#source = source;
    this.#structure = new Structure(source, report);
    this.#names = new Names(report);
    this.#forms = new Forms(source, report);
  }

  start(element: Start): void {
    const { tag } = element;
    this.#structure.start(element);
    // Highlighted code is made of these, and they carry nothing else.
    if (tag === "span" && element.attributes.id === undefined && !isStyled(element)) return;
    this.#names.start(element);
    this.#forms.start(element);
    if (tag === "svg") this.#svgDepth += 1;
    if (tag === "body") this.#inBody = true;
    this.#inTitle = tag === "title" && this.#svgDepth === 0;
    this.#inHeadStyle = tag === "style" && !this.#inBody;
    if (this.#inHeadStyle) this.#styles.push("");
    this.#readElement(element);
    this.#readHead(element);
    if (tag === "img") this.#checkImage(element);
    this.#checkInline(element);
  }

  end(tag: string, offset: number): void {
    this.#structure.end(tag, offset);
    if (tag === "span") return;
    this.#names.end(tag);
    this.#forms.end(tag);
    if (tag === "svg") this.#svgDepth -= 1;
    if (tag === "title") this.#inTitle = false;
    if (tag === "style") this.#inHeadStyle = false;
  }

  unfinished(kind: "tag" | "comment", offset: number): void {
    this.#structure.unfinished(kind, offset);
  }

  text(text: string): void {
    this.#names.text(text);
    if (this.#inTitle) this.#head.title += text;
    if (this.#inHeadStyle) this.#styles.push((this.#styles.pop() ?? "") + text);
  }

  finish(): Omit<PageFacts, "path" | "transfer"> {
    this.#structure.finish();
    this.#forms.finish();
    const texts = this.#styles.filter((text) => markedStyle(text) === undefined);
    return {
      ...this.#head,
      headings: this.#names.headings,
      ids: [...this.#ids.keys()],
      references: this.#references,
      uses: [...new Set([...this.#uses, ...texts.flatMap(usesOfStyle)])],
      styles: this.#styles.flatMap((text) => markedStyle(text) ?? []),
      styleHashes: texts.map(styleHash),
      faults: this.#faults,
    };
  }

  #readElement(element: Start): void {
    const { tag, attributes, offset } = element;
    const { id } = attributes;
    if (id !== undefined) {
      if (this.#ids.has(id)) {
        const fix = "Change one of them; two headings alike get two ids by themselves.";
        this.#tell(element, `id="${id}"`, "is used twice on the page", fix);
      }
      this.#ids.set(id, offset);
    }
    this.#references.push(...referencesOf(element));
    for (const use of usesOfElement(tag, attributes)) this.#uses.add(use);
  }

  #readHead({ tag, attributes }: Start): void {
    if (tag === "html") this.#head.lang = attributes.lang ?? "";
    if (tag === "meta" && attributes.name === "description") {
      this.#head.description = attributes.content ?? "";
    }
    if (tag === "link" && attributes.rel === "canonical") {
      this.#head.canonical = attributes.href ?? "";
    }
  }

  #checkImage(element: Start): void {
    const { src = "", width, height, alt } = element.attributes;
    const clue = { kind: "image", text: src, offset: element.offset } as const;
    const field = `<img src="${src}">`;
    if (!width || !height) {
      const message = "has no width and height, so the text jumps when it comes";
      this.#faults.push({ field, message, fix: 'Write width="640" height="480".', clue });
    }
    if (alt === undefined) {
      const fix = 'Write alt="what it shows", or alt="" where it is decoration.';
      this.#faults.push({ field, message: "has no alt text", fix, clue });
    }
  }

  /** What the site's Content-Security-Policy keeps from running. */
  #checkInline(element: Start): void {
    const { tag, attributes } = element;
    if (attributes.style !== undefined) {
      this.#tell(element, this.#quote(element), STYLED, CLASS);
    }
    if (tag === "style" && this.#inBody) {
      this.#tell(element, "<style>", "stands in the page, which the site's policy refuses", SHEET);
    }
    const isData = /^application\/(ld\+)?json$/.test(attributes.type ?? "");
    if (tag === "script" && attributes.src === undefined && !isData) {
      this.#tell(
        element,
        "<script>",
        "stands in the page, which the site's policy refuses",
        MODULE,
      );
    }
    for (const name in attributes) {
      if (/^on[a-z]/.test(name)) {
        const message = `has the script ${name} in it, which the site's policy refuses`;
        this.#tell(element, this.#quote(element), message, MODULE);
      }
    }
    if (/^\s*javascript:/i.test(attributes.href ?? "")) {
      this.#tell(element, this.#quote(element), RUNS, BUTTON);
    }
  }

  #quote({ offset, end }: Start): string {
    return shortened(this.#source.slice(offset, end));
  }

  #tell(element: Start, field: string, message: string, fix: string): void {
    const text = this.#source.slice(element.offset, element.end);
    const clue = { kind: "html", text, offset: element.offset } as const;
    this.#faults.push({ field, message, fix, clue });
  }
}

const STYLED = "has a style attribute, which the site's policy refuses";
const RUNS = "runs a script instead of leading somewhere";
const CLASS = "Use a class.";
const SHEET = "Put it into a file of site/assets/css.";
const MODULE = "Put it into a module of site/assets.";
const BUTTON = "Use a <button>, and a module of site/assets.";

function isStyled({ attributes }: Start): boolean {
  for (const name in attributes) if (name === "style" || name.startsWith("on")) return true;
  return false;
}

function referencesOf({ tag, attributes, offset }: Start): readonly Reference[] {
  const found: Reference[] = [];
  for (const attribute of URL_ATTRIBUTES) {
    const url = attributes[attribute];
    if (url !== undefined) found.push({ tag, attribute, url, offset });
  }
  if (attributes.srcset !== undefined) {
    for (const candidate of attributes.srcset.split(",")) {
      const url = candidate.trim().split(/\s+/)[0];
      if (url) found.push({ tag, attribute: "srcset", url, offset });
    }
  }
  const { property } = attributes;
  if (tag === "meta" && (property === "og:image" || property === "og:url")) {
    found.push({ tag, attribute: "content", url: attributes.content ?? "", offset });
  }
  return found;
}
