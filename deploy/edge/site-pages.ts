import { type Address, keyOf, readPath } from "./address.ts";

/** What the checks of rules need to know of the site. */
export type SitePages = {
  readonly keys: ReadonlySet<string>;
  /** The canonical, decoded address of each key. */
  readonly addresses: ReadonlySet<string>;
};

/** The site as its keys make it; keys that nobody can ask for have no address. */
export function sitePages(keys: Iterable<string>): SitePages {
  const known = new Set(keys);
  const addresses = new Set<string>();
  for (const key of known) {
    const canonical = addressAt(`/${key}`)?.canonical;
    if (canonical !== undefined && keyOf(canonical) === key) addresses.add(canonical);
  }
  return { keys: known, addresses };
}

/** The address of a file or page, by its decoded path; undefined for what no site can have. */
export function addressAt(path: string): Address | undefined {
  const read = readPath(path);
  return read.kind === "address" ? read.address : undefined;
}
