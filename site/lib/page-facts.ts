import { Parser } from "htmlparser2";
import { type PageUse, usesOfElement } from "./page-uses.ts";

/** A reference on a page, as it is written there. */
export type Reference = { readonly tag: string; readonly attribute: string; readonly url: string };

/** What one parse of a finished page tells the checks. */
export type PageFacts = {
  readonly path: string;
  readonly lang: string;
  readonly title: string;
  readonly description: string;
  readonly canonical: string;
  readonly headingLevels: readonly number[];
  readonly ids: readonly string[];
  readonly references: readonly Reference[];
  readonly uses: readonly PageUse[];
  /** What stands in the style elements. */
  readonly styles: readonly string[];
  readonly styleAttributes: readonly string[];
  readonly inlineScripts: number;
  readonly imagesWithoutSize: readonly string[];
  readonly imagesWithoutAlt: readonly string[];
};

type Attributes = Readonly<Record<string, string>>;

/** A form's action is left out: it names a service, not a file of the site. */
const URL_ATTRIBUTES = ["href", "src", "poster", "data"] as const;

/** Reads a page once. `path` is its place in the output, `blog/index.html`. */
export function readPage(path: string, html: string): PageFacts {
  const page = {
    lang: "",
    title: "",
    description: "",
    canonical: "",
    headingLevels: [] as number[],
    ids: [] as string[],
    references: [] as Reference[],
    uses: [] as PageUse[],
    styles: [] as string[],
    styleAttributes: [] as string[],
    inlineScripts: 0,
    imagesWithoutSize: [] as string[],
    imagesWithoutAlt: [] as string[],
  };
  let svgDepth = 0;
  let inTitle = false;
  let inStyle = false;
  const parser = new Parser({
    onopentag(tag, attributes) {
      if (tag === "svg") svgDepth += 1;
      inTitle = tag === "title" && svgDepth === 0;
      inStyle = tag === "style";
      if (inStyle) page.styles.push("");
      readElement(tag, attributes);
    },
    ontext(text) {
      if (inTitle) page.title += text;
      if (inStyle) page.styles.push((page.styles.pop() ?? "") + text);
    },
    onclosetag(tag) {
      if (tag === "svg") svgDepth -= 1;
      if (tag === "title") inTitle = false;
      if (tag === "style") inStyle = false;
    },
  });
  parser.end(html);
  return { path, ...page };

  function readElement(tag: string, attributes: Attributes): void {
    if (attributes.id !== undefined) page.ids.push(attributes.id);
    if (attributes.style !== undefined) page.styleAttributes.push(tag);
    if (/^h[1-6]$/.test(tag)) page.headingLevels.push(Number(tag[1]));
    page.references.push(...referencesOf(tag, attributes));
    page.uses.push(...usesOfElement(tag, attributes));
    readHead(tag, attributes);
    readMedia(tag, attributes);
  }

  function readHead(tag: string, attributes: Attributes): void {
    if (tag === "html") page.lang = attributes.lang ?? "";
    if (tag === "meta" && attributes.name === "description") {
      page.description = attributes.content ?? "";
    }
    if (tag === "link" && attributes.rel === "canonical") {
      page.canonical = attributes.href ?? "";
    }
  }

  function readMedia(tag: string, attributes: Attributes): void {
    const isData = attributes.type === "application/ld+json";
    if (tag === "script" && attributes.src === undefined && !isData) page.inlineScripts += 1;
    if (tag !== "img") return;
    const source = attributes.src ?? "";
    if (!attributes.width || !attributes.height) page.imagesWithoutSize.push(source);
    if (attributes.alt === undefined) page.imagesWithoutAlt.push(source);
  }
}

function referencesOf(tag: string, attributes: Attributes): readonly Reference[] {
  const found: Reference[] = [];
  for (const attribute of URL_ATTRIBUTES) {
    const url = attributes[attribute];
    if (url !== undefined) found.push({ tag, attribute, url });
  }
  for (const candidate of (attributes.srcset ?? "").split(",")) {
    const url = candidate.trim().split(/\s+/)[0];
    if (url) found.push({ tag, attribute: "srcset", url });
  }
  const property = attributes.property;
  if (tag === "meta" && (property === "og:image" || property === "og:url")) {
    found.push({ tag, attribute: "content", url: attributes.content ?? "" });
  }
  return found;
}
