import { STATE_PREFIX } from "./keys.ts";

const INDEX = "index.html";
const STATE_FOLDER = STATE_PREFIX.slice(0, -1);

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
  if (first.normalize("NFKC").toLowerCase() === STATE_FOLDER) return undefined;
  const key = segments.join("/");
  if (path.endsWith("/")) return `${key}/${INDEX}`;
  return last.includes(".") || first === ".well-known" ? key : `${key}/${INDEX}`;
}

/** Whether any address leads to the file. */
export function isReachable(key: string): boolean {
  return keyAnswering(key) === key;
}
