import type { BrowserContext, Page } from "playwright-core";
import { type Watch, watch } from "./browser.ts";

/** While one waits for its network to be quiet, the others have the processors. */
const TABS = 4;

/**
 * Visits each path in one of a few tabs of a context, and returns what the visits found, in the order of the
 * paths. The first visit that fails ends all.
 */
export async function visitInTabs<Found>(
  context: BrowserContext,
  paths: readonly string[],
  visit: (page: Page, watched: Watch, path: string) => Promise<readonly Found[]>,
): Promise<readonly Found[]> {
  const waiting = [...paths.entries()];
  const found = new Map<number, readonly Found[]>();
  const work = async () => {
    const page = await context.newPage();
    const watched = watch(page);
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const [place, path] = next;
      found.set(place, await visit(page, watched, path));
    }
    await page.close();
  };
  await Promise.all(Array.from({ length: Math.min(TABS, paths.length) }, work));
  return [...found].sort(([a], [b]) => a - b).flatMap(([, ofPath]) => ofPath);
}
