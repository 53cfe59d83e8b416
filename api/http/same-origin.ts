import type { IncomingHttpHeaders } from "node:http";

/**
 * Whether a request that changes something may come from where its browser says it comes from. No
 * other site shall register visitors through their own browsers. A client that says nothing is no
 * browser, or an old text browser, through which nobody else can send.
 */
export function isSameOrigin(headers: IncomingHttpHeaders, siteUrl: string): boolean {
  // https://www.w3.org/TR/fetch-metadata/: no page can forge it. It is right on any host name.
  const site = headers["sec-fetch-site"];
  if (site !== undefined) return site === "same-origin" || site === "none";
  const { origin } = headers;
  return origin === undefined || origin === siteUrl;
}
