import type { RulePattern } from "./pattern.ts";

/**
 * What the site wants of its edge, parsed once from `_redirects`, `_headers` and slipway.config.ts.
 * The one value behind three things: `decide`, the functions that are shipped to CloudFront, and the
 * local edge, which runs those functions.
 */
export type EdgeRules = {
  /** The host that people should see. Undefined where any name will do, as on the local edge. */
  readonly hosts: Hosts | undefined;
  /** In order: the first that applies answers. The last ones are those of the folders' own 404 pages. */
  readonly redirects: readonly RedirectRule[];
  /**
   * The decoded addresses of the site (`/blog/`, `/app.js`) that a rule without force matches: there
   * the site answers, and the rule does not. Nothing else of the site needs to be known at the edge.
   */
  readonly kept: ReadonlySet<string>;
  /** In order: all that match apply. */
  readonly headers: readonly PathHeaders[];
};

/**
 * `canonical` and `others` are lower-case host names without a port. A request for one of the others
 * is sent to the canonical one; any other name, that of the distribution itself above all, is served
 * and told to search engines as a copy (X-Robots-Tag: noindex).
 */
export type Hosts = { readonly canonical: string; readonly others: readonly string[] };

/** Where a rule was written, so that a person finds it again. */
export type RuleSource = {
  /** `_redirects`, `_headers`, `slipway.config.ts`, or the page that brought the rule with it. */
  readonly file: string;
  /** From 1; absent where lines mean nothing. */
  readonly line?: number;
  /** The rule as it was written. */
  readonly text: string;
};

export type RedirectStatus = 301 | 302 | 303 | 307 | 308;
/** The answer is told with this status, whatever its page is stored with. */
export type GoneStatus = 404 | 410;

export type RedirectRule = {
  readonly from: RulePattern;
  /** All of them must hold; parameters that no condition names are neither asked for nor in the way. */
  readonly query: readonly QueryCondition[];
  readonly answer: RuleAnswer;
  /** Applies even where the site has a file of that address (`301!`). */
  readonly force: boolean;
  /** Passes by the addresses of files (a dot in the last segment), as the folders' own 404 pages do. */
  readonly pagesOnly?: boolean;
  readonly source: RuleSource;
};

/** `id=:id` binds a value, `id=7` asks for one. Names and values are decoded. */
export type QueryCondition =
  | { readonly kind: "bind"; readonly name: string; readonly placeholder: string }
  | { readonly kind: "equals"; readonly name: string; readonly value: string };

export type RuleAnswer =
  | { readonly kind: "redirect"; readonly to: RuleTarget; readonly status: RedirectStatus }
  /** 200: another page of the site under this address. */
  | { readonly kind: "rewrite"; readonly to: RuleTarget }
  /** A page of the site, told as missing or gone; without a page the edge says it in a line of its own. */
  | { readonly kind: "gone"; readonly page: string | undefined; readonly status: GoneStatus };

/**
 * Where a rule leads. `path` is a template over the placeholders of the pattern, `:splat` among them:
 * decoded, absolute, beginning with a slash. `origin` is empty for this site, else `https://host`.
 */
export type RuleTarget = {
  readonly origin: string;
  readonly path: string;
  /** Template, as written, without `?`; undefined keeps what the viewer asked, but for bound names. */
  readonly query: string | undefined;
  /** With its `#`, or "". */
  readonly fragment: string;
};

/** What one block of `_headers` does to every answer under its pattern. Names in lower case. */
export type PathHeaders = {
  readonly from: RulePattern;
  /** Two rules that set one name are joined with ", ", as Netlify and Cloudflare Pages do. */
  readonly set: readonly { readonly name: string; readonly value: string }[];
  /** `! Name`: takes away what an earlier, wider rule or Slipway's defaults have set. */
  readonly remove: readonly string[];
  readonly source: RuleSource;
};

/** Whether an origin is this site by one of its names. By http too, which the edge sends on to https. */
export function isOwnOrigin(origin: string, hosts: Hosts | undefined): boolean {
  const own = hosts === undefined ? [] : [hosts.canonical, ...hosts.others];
  return own.some((host) => origin === `https://${host}` || origin === `http://${host}`);
}

/** No rules: clean URLs, and every host is the right one. */
export const NO_RULES: EdgeRules = {
  hosts: undefined,
  redirects: [],
  kept: new Set(),
  headers: [],
};
