import { Parser } from "htmlparser2";
import { type PlainResponse, send } from "./http-client.ts";

/** One URL of the site, as a visitor's browser got it. */
export type Visit = {
  readonly path: string;
  /** The first page that named it. */
  readonly from: string;
  readonly response: PlainResponse;
  /** What it names on the same site, with the fragment if there is one. */
  readonly links: readonly string[];
  /** Where a fragment may point. */
  readonly ids: ReadonlySet<string>;
};

type Found = { readonly links: readonly string[]; readonly ids: ReadonlySet<string> };

/**
 * Asks the viewer for `starts` and for all that they name, directly or not: links, pictures, styles,
 * scripts, and the addresses in feeds and sitemaps. Absolute URLs of `origin`, where the site will
 * live, count as its own. Follows no redirect.
 */
export async function crawl(
  viewerUrl: string,
  { origin, starts }: { readonly origin: string; readonly starts: readonly string[] },
): Promise<ReadonlyMap<string, Visit>> {
  const visits = new Map<string, Visit>();
  const queue = starts.map((path) => ({ path, from: "the start" }));
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { path, from } = next;
    if (visits.has(path)) continue;
    const response = await send(viewerUrl, path);
    const { links, ids } = namesIn(response, `${origin}${path}`);
    visits.set(path, { path, from, response, links, ids });
    queue.push(...links.map((link) => ({ path: withoutFragment(link), from: path })));
  }
  return visits;
}

/** Links to a fragment that its page does not have, as "page → link". */
export function findDeadFragments(visits: ReadonlyMap<string, Visit>): readonly string[] {
  return [...visits.values()].flatMap((visit) =>
    visit.links.flatMap((link) => {
      const fragment = decodeURIComponent(new URL(link, "http://any").hash.slice(1));
      const target = visits.get(withoutFragment(link));
      const found = fragment === "" || target?.ids.has(fragment) === true;
      return found ? [] : [`${visit.path} → ${link}`];
    }),
  );
}

function withoutFragment(link: string): string {
  return link.replace(/#.*$/, "");
}

function namesIn(response: PlainResponse, address: string): Found {
  const type = response.headers["content-type"] ?? "";
  const found = rawNamesIn(response.text, type);
  const { origin } = new URL(address);
  const links = found.links.flatMap((link) => {
    const url = URL.canParse(link, address) ? new URL(link, address) : undefined;
    return url?.origin === origin ? [url.pathname + url.search + url.hash] : [];
  });
  return { links: [...new Set(links)], ids: found.ids };
}

function rawNamesIn(text: string, type: string): Found {
  if (type.startsWith("text/html")) return readMarkup(text, false);
  if (type.startsWith("image/svg")) return readMarkup(text, true);
  if (/^(?:text|application)\/(?:[a-z]+\+)?xml/.test(type)) return readMarkup(text, true);
  const urls = type.startsWith("text/css") ? text.matchAll(/url\(["']?([^"')]+)/g) : [];
  return { links: [...urls].flatMap(([, url]) => url ?? []), ids: new Set() };
}

const LINKING = ["href", "src", "poster", "data"];
/** Elements of feeds and sitemaps whose text is an address. */
const ADDRESSES = new Set(["loc", "id", "url"]);

function readMarkup(text: string, xmlMode: boolean): Found {
  const links: string[] = [];
  const ids = new Set<string>();
  let open = "";
  let inside = "";
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        open = name;
        inside = "";
        if (attributes.id !== undefined) ids.add(attributes.id);
        for (const attribute of LINKING) links.push(...(attributes[attribute]?.split("\n") ?? []));
        for (const candidate of attributes.srcset?.split(",") ?? []) {
          links.push(candidate.trim().split(/\s/)[0] ?? "");
        }
        if (attributes.property === "og:image") links.push(attributes.content ?? "");
      },
      ontext(data) {
        inside += data;
      },
      onclosetag(name) {
        if (!xmlMode || name !== open) return;
        if (ADDRESSES.has(name)) links.push(inside.trim());
        if (name === "content") links.push(...readMarkup(inside, false).links);
      },
    },
    { xmlMode },
  );
  parser.end(text);
  return { links, ids };
}
