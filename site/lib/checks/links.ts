import { slugOf } from "../slug.ts";
import type { Clue, Fault } from "./fault.ts";
import { nearest } from "./near.ts";
import type { PageFacts, Reference } from "./page-facts.ts";
import type { PageFault } from "./page-rules.ts";

/** The finished site as the link check sees it. */
export type LinkCheck = {
  readonly origin: string;
  readonly paths: ReadonlySet<string>;
  readonly pages: readonly PageFacts[];
  /** Feeds and sitemaps. */
  readonly listings: readonly Listing[];
  /** Addresses that are missing for a reason, and what a link to one is told; null for nothing. */
  readonly missing: ReadonlyMap<string, string | null>;
  /** Pages that are checked and not published: they may be led to from one another only. */
  readonly inside: ReadonlySet<string>;
};

/** What a file other than a page lists, which must be absolute addresses of this site. */
export type Listing = { readonly file: string; readonly urls: readonly string[] };

type Target = { readonly path: string; readonly fragment: string };
type Broken = Pick<Fault, "message" | "fix">;

/**
 * Every reference inside the site that leads nowhere: a page or asset that is not in the output, or
 * a fragment its page does not have; and what feeds and sitemaps list, which must be absolute too.
 * Addresses on other hosts are not followed.
 */
export function checkLinks(site: LinkCheck): readonly PageFault[] {
  const ids = new Map(site.pages.map((page) => [page.path, new Set(page.ids)]));
  const known: Known = { ...site, ids, judged: new Map() };
  return [
    ...site.pages.flatMap((page) => checkReferences(page, known)),
    ...site.listings.flatMap((listing) => checkListing(listing, known)),
  ];
}

/** The address of an output file: `blog/index.html` is served as `/blog/`. */
export function urlPath(path: string): string {
  return `/${path}`.replace(/\/index\.html$/, "/");
}

type Known = Pick<LinkCheck, "origin" | "paths" | "missing" | "inside"> & {
  readonly ids: ReadonlyMap<string, ReadonlySet<string>>;
  /** Root-relative addresses mean the same on every page, and most pages share them. */
  readonly judged: Map<string, Broken | undefined>;
};

function checkReferences(page: PageFacts, known: Known): readonly PageFault[] {
  return page.references.flatMap((reference): readonly PageFault[] => {
    const broken = whatIsBroken(reference.url, page.path, known);
    if (!broken) return [];
    return [{ page: page.path, field: describe(reference), ...broken, clue: clueTo(reference) }];
  });
}

function checkListing({ file, urls }: Listing, known: Known): readonly PageFault[] {
  return urls.flatMap((url): readonly PageFault[] => {
    const broken = /^https?:\/\//i.test(url)
      ? whatIsBroken(url, file, known)
      : { message: "is not absolute", fix: "Write it with | absoluteUrl." };
    if (!broken) return [];
    const clue = { kind: "link", text: url, offset: 0 } as const;
    return [{ page: file, field: `"${url}" in /${file}`, ...broken, clue }];
  });
}

function whatIsBroken(url: string, from: string, known: Known): Broken | undefined {
  if (!url.startsWith("/") || known.inside.has(from)) return judge(url, from, known);
  if (!known.judged.has(url)) known.judged.set(url, judge(url, from, known));
  return known.judged.get(url);
}

function judge(url: string, from: string, known: Known): Broken | undefined {
  if (url.startsWith("#") && known.ids.get(from)?.has(url.slice(1))) return undefined;
  const malformed = whatIsMalformed(url, known.origin);
  if (malformed) return malformed;
  const target = insideTarget(url, from, known.origin);
  if (!target) return undefined;
  const file = fileAt(target.path, known.paths);
  if (file === undefined) return whyMissing(target, known);
  if (known.inside.has(file) && !known.inside.has(from)) {
    return { message: "leads to a page that is not published", fix: "Take the link out." };
  }
  if (target.path.endsWith("/index.html")) {
    const short = target.path.slice(0, -"index.html".length);
    return { message: "ends with a file name that addresses do without", fix: `Write ${short}.` };
  }
  return whyNoFragment(target.fragment, file, known);
}

/** What is wrong with an address wherever it leads. */
function whatIsMalformed(url: string, origin: string): Broken | undefined {
  if (url.trim() === "") return { message: "is empty", fix: "Give it an address." };
  if (leadsNowhere(url)) {
    return {
      message: "has nothing behind its colon that could be an address",
      fix: "Write all of it.",
    };
  }
  const insecure = withoutHttps(url, origin);
  return insecure === undefined
    ? undefined
    : { message: "asks for this site without https", fix: `Write ${insecure}.` };
}

function whyNoFragment(fragment: string, file: string, { ids }: Known): Broken | undefined {
  if (fragment === "" || fragment === "top") return undefined;
  // What stands behind the # of a drawing or a PDF is no id of a page.
  if (!file.endsWith(".html")) return undefined;
  const known = ids.get(file) ?? new Set();
  if (known.has(fragment)) return undefined;
  const near = nearestId(fragment, known);
  const fix = near
    ? `Did you mean #${near}?`
    : `Give a heading the id "${fragment}", or correct the link.`;
  return { message: `names no id on ${urlPath(file)}`, fix };
}

/** `mailto:` and `https://` alone, or with what is no host. */
function leadsNowhere(url: string): boolean {
  if (/^(?:mailto|tel):\s*$/i.test(url)) return true;
  return /^https?:/i.test(url) && !URL.canParse(url);
}

/** The path of an address that differs from ours by its beginning alone. */
function withoutHttps(url: string, origin: string): string | undefined {
  if (!/^http:/i.test(url) || origin.startsWith("http:")) return undefined;
  const { host, pathname, hash } = new URL(url);
  return host === new URL(origin).host ? pathname + hash : undefined;
}

/** As a heading's words become an id, or else a few letters away. */
function nearestId(fragment: string, ids: ReadonlySet<string>): string | undefined {
  const id = slugOf(fragment);
  return ids.has(id) ? id : nearest(fragment, ids);
}

function whyMissing({ path }: Target, { paths, missing }: Known): Broken | undefined {
  const reason = missing.get(missing.has(path) ? path : `${path}/`);
  if (reason === null) return undefined;
  if (reason !== undefined) {
    return { message: reason, fix: "Publish it first, or take the link out." };
  }
  const slashed = fileAt(`${path}/`, paths);
  if (slashed) return { message: "has no slash at its end", fix: `Write ${path}/.` };
  if (/^\/(?:[^/]+\/)*www\.[^/]+\.[^/]/.test(path)) {
    return { message: "leads to nothing in the site", fix: "Write https:// before it." };
  }
  const near = nearest(path, addressesOf(paths));
  const fix = near ? `Did you mean ${near}?` : "Correct it, or add what it names.";
  return { message: "leads to nothing in the site", fix };
}

function addressesOf(paths: ReadonlySet<string>): readonly string[] {
  return [...paths].map(urlPath);
}

function insideTarget(url: string, from: string, origin: string): Target | undefined {
  const parsed = URL.canParse(url, origin + urlPath(from))
    ? new URL(url, origin + urlPath(from))
    : undefined;
  if (parsed?.origin !== origin) return undefined;
  return { path: parsed.pathname, fragment: decoded(parsed.hash.slice(1)) };
}

function fileAt(pathname: string, paths: ReadonlySet<string>): string | undefined {
  const path = decoded(pathname).slice(1);
  const file = path === "" || path.endsWith("/") ? `${path}index.html` : path;
  return paths.has(file) ? file : undefined;
}

/** A stray percent sign is the author's text, not an encoding. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function describe({ tag, attribute, url }: Reference): string {
  const written = readable(url);
  switch (tag) {
    case "a":
      return `the link "${written}"`;
    case "img":
      return `the image "${written}"`;
    default:
      return `<${tag} ${attribute}="${written}">`;
  }
}

/** With letters as an author has typed them: Markdown makes numbers of all that are not ASCII. */
function readable(url: string): string {
  return url.replace(/(?:%[89A-F][0-9A-F])+/gi, decoded);
}

function clueTo({ tag, url, offset }: Reference): Clue {
  if (tag === "a") return { kind: "link", text: url, offset };
  return { kind: tag === "img" || tag === "source" ? "image" : "html", text: url, offset };
}
