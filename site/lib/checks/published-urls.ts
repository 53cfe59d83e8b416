import { comparable } from "../aliases.ts";
import type { Problem } from "../problem.ts";
import type { RedirectRule } from "../redirect-rules.ts";
import { crossroads } from "../redirect-ways.ts";
import { nearest } from "./near.ts";

/** The list of addresses that were published once, one a line, kept with the sources. */
export const PUBLISHED_URLS = "site/published-urls.txt";

const INTRO = `# Addresses that this site has published. A build refuses to lose one of them.
# After a new one: npm run build -- --record-urls
`;

/** The finished site, as far as its addresses go. */
export type AnsweredSite = {
  /** The text of the list; empty where there is none yet. */
  readonly list: string;
  /** The address of every file of the site. */
  readonly addresses: readonly string[];
  /** Rules of the edge in their order. */
  readonly rules: readonly RedirectRule[];
  /** Pages that are missing for a reason, null for one that is told elsewhere. */
  readonly missing: ReadonlyMap<string, string | null>;
  /** Whether content files could not be read, so that lists lack what they would list. */
  readonly isPartial: boolean;
};

/**
 * Addresses that were published, and that neither a page nor a rule answers now: links to them, in other
 * sites, in mails and in search engines, would break.
 */
export function checkPublished(site: AnsweredSite): readonly Problem[] {
  const lines = linesOf(site.list);
  if (lines.length === 0) return [];
  const pages = new Set(site.addresses.map(comparable));
  const { answerAt } = crossroads(site.rules, pages);
  return lines.flatMap(({ url, line }): readonly Problem[] => {
    const place = { file: PUBLISHED_URLS, line, field: `"${url}"` };
    if (!/^\/(?!\/)\S*$/.test(url)) {
      return [
        { ...place, message: "is no address of this site", fix: "Write it as /blog/some-words/." },
      ];
    }
    if (pages.has(comparable(url)) || (site.isPartial && !isOfOneFile(url))) return [];
    if (answerAt({ path: url, query: new Map() }) !== undefined) return [];
    const why = reasonFor(url, site.missing);
    return why === null ? [] : [{ ...place, message: whatIsLost(why), fix: whatToDo(url, site) }];
  });
}

/**
 * The addresses among those of a finished site that people keep: of pages, feeds and downloads. Not those that
 * change by themselves, as the second page of a list and what has its hash in its name.
 */
export function lastingUrls(addresses: readonly string[]): readonly string[] {
  return addresses
    .filter((url) => (url.endsWith("/") ? !IN_A_LIST.test(url) : KEPT.test(url)))
    .sort();
}

const IN_A_LIST = /\/\d{1,3}\/$/;
const KEPT =
  /\/(?:feed|atom|rss)\.\w+$|\.(?:csv|docx?|epub|ics|mp3|mp4|ods|odt|pdf|pptx?|xlsx?|zip)$/i;

/** The addresses that are not in the list. */
export function unrecorded(list: string, urls: readonly string[]): readonly string[] {
  const known = new Set(linesOf(list).map(({ url }) => comparable(url)));
  return urls.filter((url) => !known.has(comparable(url)));
}

/** The list with more addresses, in order. What stands there stays. */
export function withUrls(list: string, urls: readonly string[]): string {
  const all = new Set([...linesOf(list).map(({ url }) => url), ...urls]);
  return `${INTRO}${[...all].sort().join("\n")}\n`;
}

type Line = { readonly url: string; readonly line: number };

function linesOf(list: string): readonly Line[] {
  return list.split("\n").flatMap((text, i) => {
    const url = text.trim();
    return url === "" || url.startsWith("#") ? [] : [{ url, line: i + 1 }];
  });
}

/** A page or an article, and not a list that grows and shrinks with them. */
function isOfOneFile(url: string): boolean {
  return /^\/(?:blog\/)?[a-z0-9-]+\/$/.test(url);
}

/** Undefined where nobody knows, null where the page itself is told of. */
function reasonFor(url: string, missing: AnsweredSite["missing"]): string | null | undefined {
  return missing.get(url.endsWith("/") ? url : `${url}/`);
}

function whatIsLost(why: string | undefined): string {
  return why === undefined
    ? "was published, and nothing answers there now"
    : `was published, and ${why}`;
}

function whatToDo(url: string, { addresses }: AnsweredSite): string {
  const near = nearest(url, addresses);
  const moved = near ? `Did it move to ${near}? ` : "";
  return `${moved}Name it in the aliases of the page that took its place, or write a rule in site/rules/_redirects, with 410 if it is gone for good.`;
}
