import type { Cache } from "../cache.ts";
import type { RenderedPage } from "../render.ts";
import { type PageFacts, readPage } from "./page-facts.ts";

/** What the pages among the rendered files hold. A page that was read before is not parsed again. */
export type PageReader = (rendered: readonly RenderedPage[]) => readonly PageFacts[];

/** A reader that remembers the last reading of each page, and keeps all of them in the cache. */
export function createPageReader(cache: Cache): PageReader {
  const last = new Map<string, { readonly content: string; readonly facts: PageFacts }>();
  const read = ({ path, content }: RenderedPage): PageFacts => {
    const remembered = last.get(path);
    if (remembered?.content === content) return remembered.facts;
    const key = `${path}\n${content}`;
    const kept = cache.get(key);
    const facts: PageFacts = kept ? JSON.parse(kept.toString("utf8")) : readPage(path, content);
    if (!kept) cache.set(key, JSON.stringify(facts));
    last.set(path, { content, facts });
    return facts;
  };
  return (rendered) => rendered.filter(isPage).map(read);
}

/** Whether a rendered file is a page, and not a feed or another text. */
export function isPage({ path }: { readonly path: string }): boolean {
  return path.endsWith(".html");
}
