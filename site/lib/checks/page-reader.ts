import type { Cache } from "../cache.ts";
import { styleHash, withStyles } from "../page-styles.ts";
import type { RenderedPage } from "../render.ts";
import { pageBudget, transferSize } from "./budgets.ts";
import { type PageFacts, readPage } from "./page-facts.ts";

/**
 * What the pages among the rendered files hold, and what travels for each with its stylesheets, which are
 * given by their plain names. A page that was read before is not parsed again.
 */
export type PageReader = (
  rendered: readonly RenderedPage[],
  styles: ReadonlyMap<string, string>,
) => readonly PageFacts[];

/** A reader that remembers the last reading of each page, and keeps all of them in the cache. */
export function createPageReader(cache: Cache): PageReader {
  const last = new Map<string, { readonly id: string; readonly facts: PageFacts }>();
  const read = ({ path, content, id }: RenderedPage): PageFacts => {
    const remembered = last.get(path);
    if (remembered?.id === id) return remembered.facts;
    const facts = kept(cache, `${path}\n${id}`, () => readPage(path, content));
    last.set(path, { id, facts });
    return facts;
  };
  return (rendered, styles) => {
    const weigh = createWeigher(cache, styles);
    return rendered.filter(isPage).map((page) => weigh(read(page), page));
  };
}

/**
 * Adds the stylesheets to what travels for a page. By themselves they compress no better than with the page,
 * so a sum within the budget is enough to know; only where it is not are both compressed together.
 */
function createWeigher(cache: Cache, styles: ReadonlyMap<string, string>) {
  const sizes = new Map(
    [...styles].map(([name, text]) => [
      name,
      kept(cache, `stylesheet\n${text}`, () => transferSize(text, 0)),
    ]),
  );
  const ids = new Map([...styles].map(([name, text]) => [name, styleHash(text)]));
  return (facts: PageFacts, { content, id }: RenderedPage): PageFacts => {
    if (facts.styles.length === 0) return facts;
    const sum = facts.styles.reduce((all, name) => all + (sizes.get(name) ?? 0), facts.transfer);
    const budget = pageBudget(facts.styles);
    if (sum <= budget) return { ...facts, transfer: sum };
    const key = `transfer\n${facts.styles.map((name) => ids.get(name)).join()}\n${id}`;
    const transfer = kept(cache, key, () => transferSize(withStyles(content, styles), budget));
    return { ...facts, transfer };
  };
}

function kept<Value>(cache: Cache, key: string, make: () => Value): Value {
  const known = cache.get(key);
  if (known) return JSON.parse(known.toString("utf8")) as Value;
  const made = make();
  cache.set(key, JSON.stringify(made));
  return made;
}

/** Whether a rendered file is a page, and not a feed or another text. */
export function isPage({ path }: { readonly path: string }): boolean {
  return path.endsWith(".html");
}
