import { search } from "../lib/search/ranking.ts";
import { loadIndex, resultItem } from "./search/results.client.ts";

/**
 * Puts the pages whose names are most like the address that was asked for in front of the newest
 * articles, which stand there without it too.
 */
async function suggest(list: HTMLElement): Promise<void> {
  const words = decodeURIComponent(location.pathname)
    .replace(/\.[a-z0-9]+$/i, "")
    .replace(/[^\p{L}\p{N}]+/gu, " ");
  const found = search(await loadIndex(), words).slice(0, list.childElementCount);
  const items = found.map((result) => resultItem(result, 3));
  const known = new Set(found.map(({ page }) => page.url));
  const others = [...list.children].filter((item) => {
    const url = item.querySelector("a")?.getAttribute("href");
    return url === null || url === undefined || !known.has(url);
  });
  list.replaceChildren(...[...items, ...others].slice(0, list.childElementCount));
}

const list = document.querySelector<HTMLElement>("[data-suggestions] ul");
// Without an answer the page stays as it is, which is a whole page.
if (list) void suggest(list).catch(() => undefined);
