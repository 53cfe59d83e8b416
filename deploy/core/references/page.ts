import { Tokenizer } from "htmlparser2";
import { findInSrcset } from "./srcset.ts";
import { findInStylesheet } from "./stylesheet.ts";

/** The addresses in one file, as they are written there. */
export type WrittenReferences = {
  /** The `<base href>` that they are relative to. */
  readonly base?: string | undefined;
  /** What the file loads. */
  readonly assets: readonly string[];
  /** Where it leads to. */
  readonly links: readonly string[];
};

/** Attributes whose address the browser loads by itself, by element. */
const LOADED: ReadonlyMap<string, readonly string[]> = new Map([
  ["audio", ["src"]],
  ["embed", ["src"]],
  ["feimage", ["href", "xlink:href"]],
  ["frame", ["src"]],
  ["iframe", ["src"]],
  ["image", ["href", "xlink:href"]],
  ["img", ["src"]],
  ["object", ["data"]],
  ["script", ["src", "href", "xlink:href"]],
  ["source", ["src"]],
  ["track", ["src"]],
  ["use", ["href", "xlink:href"]],
  ["video", ["src", "poster"]],
]);

/** The kinds of `<link>` that name a file to load; the others name a page, a feed or another site. */
const LOADING_RELATIONS = new Set([
  "apple-touch-icon",
  "apple-touch-icon-precomposed",
  "apple-touch-startup-image",
  "icon",
  "manifest",
  "mask-icon",
  "modulepreload",
  "preload",
  "stylesheet",
]);

/** Elements with an address that is not always loaded, or that changes how others are read. */
const SPECIAL = new Set(["a", "area", "base", "input", "link", "style", "svg", "template"]);

type Attributes = ReadonlyMap<string, string>;

/**
 * Every address that a page loads or links to. One pass, whatever the text; never throws.
 *
 * What stands in a `<template>` is not on the page until a script puts it there, so it does not count,
 * unless it is a shadow root. Scripts are not read.
 */
export function findInPage(html: string): WrittenReferences {
  const page = new PageReader(html);
  const tokenizer = new Tokenizer({}, page);
  tokenizer.write(html);
  tokenizer.end();
  return page;
}

/** Follows a tokenizer through a page. */
class PageReader implements WrittenReferences {
  base: string | undefined;
  readonly assets: string[] = [];
  readonly links: string[] = [];

  private readonly html: string;
  private element = "";
  private attributes = new Map<string, string>();
  private readsAttributes = false;
  private attribute = "";
  private value = "";
  private readsValue = false;
  private style: string | undefined;
  private svgDepth = 0;
  /** One for each open `<template>`: whether what stands in it is not on the page. */
  private readonly templates: boolean[] = [];
  private inertTemplates = 0;

  constructor(html: string) {
    this.html = html;
  }

  onopentagname(start: number, end: number): void {
    this.element = this.html.slice(start, end).toLowerCase();
    this.readsAttributes = LOADED.has(this.element) || SPECIAL.has(this.element);
    this.attributes = new Map();
  }

  onattribname(start: number, end: number): void {
    this.readsValue = false;
    // `style` may stand on any element.
    if (!this.readsAttributes && end - start !== "style".length) return;
    this.attribute = this.html.slice(start, end).toLowerCase();
    this.value = "";
    this.readsValue = this.readsAttributes || this.attribute === "style";
  }

  onattribdata(start: number, end: number): void {
    if (this.readsValue) this.value += this.html.slice(start, end);
  }

  onattribentity(point: number): void {
    if (this.readsValue) this.value += String.fromCodePoint(point);
  }

  onattribend(): void {
    // Of two attributes with one name the first counts.
    if (!this.readsValue || this.attributes.has(this.attribute)) return;
    this.attributes.set(this.attribute, this.value);
  }

  onopentagend(): void {
    this.open();
    if (this.element === "style") this.style = "";
    else if (this.element === "svg") this.svgDepth += 1;
    else if (this.element === "template") this.openTemplate();
  }

  onselfclosingtag(): void {
    // Only SVG knows elements that close themselves; HTML ignores the slash.
    if (this.svgDepth > 0 || this.element === "svg") this.open();
    else this.onopentagend();
  }

  onclosetag(start: number, end: number): void {
    const element = this.html.slice(start, end).toLowerCase();
    if (element === "svg") this.svgDepth = Math.max(0, this.svgDepth - 1);
    else if (element === "template" && this.templates.pop()) this.inertTemplates -= 1;
    else if (element === "style") this.endStyle();
  }

  ontext(start: number, end: number): void {
    if (this.style !== undefined) this.style += this.html.slice(start, end);
  }

  ontextentity(point: number): void {
    if (this.style !== undefined) this.style += String.fromCodePoint(point);
  }

  oncdata(start: number, end: number, endOffset: number): void {
    this.ontext(start, end - endOffset);
  }

  onend(): void {
    this.endStyle();
  }

  isInForeignContext(): boolean {
    return this.svgDepth > 0;
  }

  oncomment(): void {}
  ondeclaration(): void {}
  onprocessinginstruction(): void {}

  private endStyle(): void {
    if (this.style !== undefined && !this.isInert()) this.load(findInStylesheet(this.style));
    this.style = undefined;
  }

  private openTemplate(): void {
    const isInert = !this.attributes.has("shadowrootmode");
    this.templates.push(isInert);
    if (isInert) this.inertTemplates += 1;
  }

  private isInert(): boolean {
    return this.inertTemplates > 0;
  }

  private load(urls: readonly string[]): void {
    for (const url of urls) this.assets.push(url);
  }

  private open(): void {
    if (this.attributes.size === 0 || this.isInert()) return;
    const { element, attributes } = this;
    if (element === "base") this.base ??= attributes.get("href");
    this.load(loadedBy(element, attributes));
    this.load(findInStylesheet(attributes.get("style") ?? ""));
    this.links.push(...linkedBy(element, attributes));
  }
}

function loadedBy(element: string, attributes: Attributes): readonly string[] {
  const urls = values(attributes, LOADED.get(element) ?? []);
  switch (element) {
    case "img":
    case "source":
      return [...urls, ...findInSrcset(attributes.get("srcset") ?? "")];
    case "input":
      return attributes.get("type")?.toLowerCase() === "image" ? values(attributes, ["src"]) : [];
    case "link":
      return loadedByLink(attributes);
    default:
      return urls;
  }
}

function loadedByLink(attributes: Attributes): readonly string[] {
  const relations = attributes.get("rel")?.toLowerCase().split(/[\s]+/) ?? [];
  if (!relations.some((relation) => LOADING_RELATIONS.has(relation))) return [];
  return [...values(attributes, ["href"]), ...findInSrcset(attributes.get("imagesrcset") ?? "")];
}

function linkedBy(element: string, attributes: Attributes): readonly string[] {
  return element === "a" || element === "area" ? values(attributes, ["href", "xlink:href"]) : [];
}

function values(attributes: Attributes, names: readonly string[]): readonly string[] {
  return names.flatMap((name) => attributes.get(name) ?? []);
}
