import type { Author } from "../../_data/authors.ts";
import type { Site } from "../../_data/site.ts";
import { timestamp } from "../dates.ts";

/** A post as a feed tells it. `url` begins with a slash; `content` is the whole text as HTML. */
export type FeedPost = {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly date: Date;
  readonly updated: Date | undefined;
  readonly tags: readonly string[];
  readonly author: Author;
  readonly content: string;
};

/** A JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/) of the posts, in the order given. */
export function jsonFeed(posts: readonly FeedPost[], site: Site): string {
  const feed = {
    version: "https://jsonfeed.org/version/1.1",
    title: site.name,
    home_page_url: `${site.url}/blog/`,
    feed_url: `${site.url}/feed.json`,
    description: site.description,
    language: site.lang,
    authors: [{ name: site.name, url: `${site.url}/` }],
    items: posts.map((post) => feedItem(post, site.url + post.url)),
  };
  return `${JSON.stringify(feed, undefined, 1)}\n`;
}

function feedItem(post: FeedPost, url: string) {
  return {
    id: url,
    url,
    title: post.title,
    summary: post.description,
    content_html: absoluteAddresses(post.content, url),
    date_published: timestamp(post.date),
    date_modified: timestamp(post.updated ?? post.date),
    authors: [{ name: post.author.name }],
    tags: post.tags,
  };
}

/**
 * A page's HTML with every address inside the site made absolute, for readers that show it away from
 * the site. Works on our own Markdown output, whose attributes are always in double quotes.
 */
export function absoluteAddresses(html: string, pageUrl: string): string {
  return html.replace(TAG, (tag) =>
    tag.replace(
      ADDRESS_ATTRIBUTE,
      (_, name: string, value: string) =>
        ` ${name}="${name === "srcset" ? absoluteCandidates(value, pageUrl) : absolute(value, pageUrl)}"`,
    ),
  );
}

const TAG = /<[a-z](?:"[^"]*"|[^">])*>/gi;
const ADDRESS_ATTRIBUTE = /\s(href|src|srcset|poster)="([^"]*)"/g;

/** A candidate is an address and then its size: `/a.webp 800w, /b.webp 1600w`. */
function absoluteCandidates(candidates: string, pageUrl: string): string {
  return candidates.replace(/[^\s,]\S*/g, (word) =>
    /^[\d.]+[wx],?$/.test(word) ? word : absolute(word, pageUrl),
  );
}

function absolute(url: string, pageUrl: string): string {
  return URL.canParse(url, pageUrl) ? new URL(url, pageUrl).href : url;
}

/** Text that XML 1.0 can hold: control characters it forbids are dropped, markup is escaped. */
export function xmlText(text: string): string {
  return (
    text
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the ones XML forbids
      .replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "")
      .replaceAll("&", "&amp;")
      .replaceAll("<", "&lt;")
      .replaceAll(">", "&gt;")
      .replaceAll('"', "&quot;")
  );
}

/** The absolute addresses that a sitemap or an Atom feed of this site lists. */
export function listedUrls(xml: string): readonly string[] {
  const locations = [...xml.matchAll(/<(?:loc|id)>([^<]*)<\/(?:loc|id)>/g)];
  const links = [...xml.matchAll(/<link [^>]*?href="([^"]*)"/g)];
  return [...new Set([...locations, ...links].map(([, url]) => url ?? ""))];
}
