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

/** Attributes whose address the browser loads by itself, by element; some only on a condition. */
const LOADED: ReadonlyMap<string, readonly string[]> = new Map([
  ["audio", ["src"]],
  ["embed", ["src"]],
  ["feimage", ["href", "xlink:href"]],
  ["frame", ["src"]],
  ["iframe", ["src"]],
  ["image", ["href", "xlink:href"]],
  ["img", ["src"]],
  ["input", ["src"]],
  ["link", ["href"]],
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

/** Elements whose attributes say where they lead, or how others are read. */
const SPECIAL = new Set(["a", "area", "base", "template"]);

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
  private attributes: Map<string, string> | undefined;
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
    this.attributes = undefined;
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
    if (!this.readsValue || this.attributes?.has(this.attribute)) return;
    this.attributes ??= new Map();
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
    if (!this.isInert()) addStyle(this.assets, this.style);
    this.style = undefined;
  }

  private openTemplate(): void {
    const isInert = !this.attributes?.has("shadowrootmode");
    this.templates.push(isInert);
    if (isInert) this.inertTemplates += 1;
  }

  private isInert(): boolean {
    return this.inertTemplates > 0;
  }

  private open(): void {
    const { element, attributes } = this;
    if (attributes === undefined || this.isInert()) return;
    if (element === "base") this.base ??= attributes.get("href");
    addLoaded(this.assets, element, attributes);
    addStyle(this.assets, attributes.get("style"));
    if (element === "a" || element === "area") addValues(this.links, attributes, LINKING);
  }
}

const LINKING = ["href", "xlink:href"];

function addLoaded(urls: string[], element: string, attributes: Attributes): void {
  if (element === "link" && !isLoading(attributes.get("rel"))) return;
  if (element === "input" && attributes.get("type")?.toLowerCase() !== "image") return;
  addValues(urls, attributes, LOADED.get(element) ?? []);
  if (element === "img" || element === "source") addSrcset(urls, attributes.get("srcset"));
  else if (element === "link") addSrcset(urls, attributes.get("imagesrcset"));
}

function isLoading(relations: string | undefined): boolean {
  const names = relations?.toLowerCase().split(/\s+/) ?? [];
  return names.some((name) => LOADING_RELATIONS.has(name));
}

function addSrcset(urls: string[], srcset: string | undefined): void {
  if (srcset !== undefined) addAll(urls, findInSrcset(srcset));
}

function addStyle(urls: string[], style: string | undefined): void {
  if (style !== undefined) addAll(urls, findInStylesheet(style));
}

function addValues(urls: string[], attributes: Attributes, names: readonly string[]): void {
  for (const name of names) {
    const value = attributes.get(name);
    if (value !== undefined) urls.push(value);
  }
}

/** One by one: a page may name more than fit into the arguments of one call. */
function addAll(urls: string[], more: readonly string[]): void {
  for (const url of more) urls.push(url);
}
