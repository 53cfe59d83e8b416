import { compareKeys, type ObjectKey } from "../keys.ts";
import { findInPage, type WrittenReferences } from "./page.ts";
import { findInStylesheet } from "./stylesheet.ts";
import { findInWebManifest } from "./web-manifest.ts";

/** Decoded paths within the site, without the first slash → the first file, by key, that names it. */
export type Targets = ReadonlyMap<string, ObjectKey>;

/** Where the files of a site point to within it. */
export type References = {
  /** What they load. */
  readonly assets: Targets;
  /** Where they lead to. */
  readonly links: Targets;
};

export type ReferenceCollector = {
  /** Whether a file's name says that it may name others: a page, a stylesheet, a web manifest. */
  wants(key: ObjectKey): boolean;
  /** Takes in what one file names. */
  read(key: ObjectKey, text: string): void;
  collected(): References;
};

/** Stands for the site's address where it is not known. */
const UNKNOWN_HOST = "site.invalid";

/**
 * Collects what the files of a site name, each target once: what is held grows with the number of
 * targets, not with the pages. `siteUrl` is where the site is found; full addresses there are its own.
 */
export function createReferenceCollector(siteUrl: string | undefined): ReferenceCollector {
  const own = siteUrl === undefined ? UNKNOWN_HOST : new URL(siteUrl).host;
  const assets = new Map<string, ObjectKey>();
  const links = new Map<string, ObjectKey>();
  const rooted = new Map<string, string | undefined>();

  const resolve = (url: string, base: string): string | undefined => {
    if (!isRooted(url) || !isOwn(base, own)) return pathWithin(own, url, base);
    const known = rooted.get(url);
    if (known !== undefined || rooted.has(url)) return known;
    const path = pathWithin(own, url, base);
    rooted.set(owned(url), path);
    return path;
  };
  const note = (targets: Map<string, ObjectKey>, urls: readonly string[], from: Place) => {
    for (const written of urls) {
      const url = addressIn(written);
      const path = url === "" ? undefined : resolve(url, from.base);
      if (path === undefined) continue;
      const known = targets.get(path);
      if (known === undefined || compareKeys(from.key, known) < 0) targets.set(path, from.key);
    }
  };
  return {
    wants: (key) => formatOf(key) !== "other",
    read(key, text) {
      const written = findReferences(key, text);
      const from = { key, base: baseOf(own, key, written.base) };
      note(assets, written.assets, from);
      note(links, written.links, from);
    },
    collected: () => ({ assets, links }),
  };
}

/** The file that is read, and the address that its references are relative to. */
type Place = { readonly key: ObjectKey; readonly base: string };

function formatOf(key: ObjectKey): "page" | "stylesheet" | "web-manifest" | "other" {
  if (/\.(?:html?|xhtml)$/i.test(key)) return "page";
  if (/\.css$/i.test(key)) return "stylesheet";
  return /(?:\.webmanifest|(?:^|\/)manifest\.json)$/i.test(key) ? "web-manifest" : "other";
}

/** The addresses in a file, as they are written. Any text is read to its end; never throws. */
function findReferences(key: ObjectKey, text: string): WrittenReferences {
  switch (formatOf(key)) {
    case "page":
      return findInPage(text);
    case "stylesheet":
      return { assets: findInStylesheet(text), links: [] };
    case "web-manifest":
      return { assets: findInWebManifest(text), links: [] };
    case "other":
      return { assets: [], links: [] };
  }
}

function baseOf(host: string, key: ObjectKey, written: string | undefined): string {
  const place = `https://${host}/${key.split("/").map(encodeURIComponent).join("/")}`;
  return written === undefined ? place : (parse(written, place)?.href ?? place);
}

function isOwn(base: string, host: string): boolean {
  return base.startsWith(`https://${host}/`);
}

/** A path from the root, which means the same on every page; `//` and `/\` begin with a host. */
function isRooted(url: string): boolean {
  return url.startsWith("/") && !url.startsWith("//") && !url.startsWith("/\\");
}

/** Data that is its own address; said apart, because it may be long. */
const DATA = /^\s*data:/i;

/** What a template engine in the browser has yet to fill in. */
const PLACEHOLDER = /\{\{|\{%|<%|\$\{/;

/** The address without its query and fragment; "" where there is none to look at. */
function addressIn(written: string): string {
  if (DATA.test(written)) return "";
  const end = written.search(/[?#]/);
  const url = (end === -1 ? written : written.slice(0, end)).trim();
  return PLACEHOLDER.test(url) ? "" : url;
}

function pathWithin(host: string, url: string, base: string): string | undefined {
  const target = parse(url, base);
  if (target === undefined || target.host !== host) return undefined;
  if (target.protocol !== "https:" && target.protocol !== "http:") return undefined;
  return owned(decode(target.pathname.slice(1)));
}

function parse(url: string, base: string): URL | undefined {
  try {
    return new URL(url, base);
  } catch {
    // No address at all: browsers load nothing for it.
    return undefined;
  }
}

/** What cannot be decoded is no path of any file, so it stays as it is, and is missing. */
function decode(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}

/** A copy of its own: a part of a text keeps the whole text in memory for as long as it lives. */
function owned(text: string): string {
  return ` ${text}`.slice(1);
}
