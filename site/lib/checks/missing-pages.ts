import type { Settings } from "../settings.ts";

/**
 * The addresses of posts that are not in the site, and what is said of a link to one: it waits, or null
 * where the post itself is to be mended and the link is as it should be.
 */
export function missingPages({
  withheld,
  leftOut,
}: Pick<Settings, "withheld" | "leftOut">): ReadonlyMap<string, string | null> {
  const missing = new Map<string, string | null>();
  for (const file of leftOut) add(file, null);
  for (const { file, status, day } of withheld) {
    const waits = status === "draft" ? "is a draft" : `waits for ${day}`;
    add(file, `leads to ${file}, which ${waits}`);
  }
  return missing;

  function add(file: string, reason: string | null): void {
    const slug = /^site\/content\/blog\/\d{4}-\d{2}-\d{2}-(.+)\.(?:md|njk)$/.exec(file)?.[1];
    const page = /^site\/content\/(?!blog\/)(.+)\.(?:md|njk)$/.exec(file)?.[1];
    if (slug !== undefined) missing.set(`/blog/${slug}/`, reason);
    else if (page !== undefined) missing.set(page === "index" ? "/" : `/${page}/`, reason);
  }
}
