const INDEX = "index.html";
/** Slipway's own records, and whatever begins like their folder. */
const HIDDEN = /^\.slipway/i;

/**
 * The key that answers a decoded path behind clean URLs, once the edge's own redirect is followed, or
 * nothing where no key ever does. The same rule as `edge/decide.ts`: a page is its folder, and a last
 * segment with a dot in it names a file, as does everything below `/.well-known/`.
 */
export function keyAnswering(path: string): string | undefined {
  const segments = path.split("/").filter((segment) => segment !== "");
  const [first] = segments;
  const last = segments.at(-1);
  if (first === undefined || last === undefined) return INDEX;
  if (HIDDEN.test(first)) return undefined;
  const key = segments.join("/");
  if (path.endsWith("/")) return `${key}/${INDEX}`;
  return last.includes(".") || first === ".well-known" ? key : `${key}/${INDEX}`;
}

/** Whether any address leads to the file. */
export function isReachable(key: string): boolean {
  return keyAnswering(key) === key;
}
