import { type ObjectKey, urlPath } from "../core/keys.ts";

/** Where a browser finds a page of the site at `url`, which may lie below a folder. */
export function pageAddress(key: ObjectKey, url: string): string {
  return `${url.replace(/\/+$/, "")}${urlPath(key).replace(/\/index\.html$/, "/")}`;
}
