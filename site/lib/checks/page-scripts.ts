import { posix } from "node:path";
import type { RenderedPage } from "../render.ts";
import type { PageFacts } from "./page-facts.ts";
import type { PageFault } from "./page-rules.ts";

/**
 * The modules that pages may load, and what each of them works on, as it stands in a page: without it the
 * module has nothing to do there, and the page is better off with none. Everything else on the site works
 * without scripts, and so do the pages of these.
 */
const ALLOWED: ReadonlyMap<string, readonly string[]> = new Map([
  ["code.js", ['class="code']],
  ["not-found.js", ["data-suggestions"]],
  ["register.js", ["data-send"]],
  ["search.js", ["data-search"]],
]);

const LIST = "site/lib/checks/page-scripts.ts";

/** Modules on pages that do not need them, and modules that no page may load. */
export function checkScripts(
  pages: readonly PageFacts[],
  rendered: readonly RenderedPage[],
): readonly PageFault[] {
  const loading = pages.flatMap((page) => {
    const scripts = page.references.filter(({ tag, url }) => tag === "script" && isOwn(url));
    return scripts.map((script) => ({ page: page.path, script, name: plainName(script.url) }));
  });
  if (loading.length === 0) return [];
  const texts = new Map(rendered.map(({ path, content }) => [path, content]));
  return loading.flatMap(({ page, script, name }): readonly PageFault[] => {
    const worksOn = ALLOWED.get(name);
    if (worksOn?.some((mark) => texts.get(page)?.includes(mark))) return [];
    // In a template it has its plain name: the build makes the address.
    const text = ALLOWED.has(name) || isHashed(script.url) ? name : script.url;
    const clue = { kind: "html", text, offset: script.offset } as const;
    const field = `the script ${name}`;
    if (worksOn) {
      const message = `has nothing to work on, as the page has no ${worksOn.join(" or ")}`;
      return [{ page, field, message, fix: "Take it off the page.", clue }];
    }
    const fix = `Do it without a script, or say in ${LIST} what it works on.`;
    return [{ page, field, message: "is none that pages of this site may load", fix, clue }];
  });
}

function isOwn(url: string): boolean {
  return url.startsWith("/") && !url.startsWith("//");
}

const HASHED = /\.[0-9a-f]{10}\.js$/;

function isHashed(url: string): boolean {
  return HASHED.test(url);
}

/** `register.js` for `/assets/register.0123456789.js`. */
function plainName(url: string): string {
  return posix.basename(url.replace(/[?#].*$/, "")).replace(HASHED, ".js");
}
