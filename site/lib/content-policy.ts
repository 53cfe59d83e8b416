import type { PageUse } from "./checks/page-uses.ts";

/** What the pages of a site use. `styleHashes` are the SHA-256 of their style elements, in base64. */
export type SiteUses = {
  readonly uses: ReadonlySet<PageUse>;
  readonly styleHashes: readonly string[];
};

/**
 * The Content-Security-Policy of a site whose pages use no more than this. Everything else is refused:
 * other hosts, inline scripts, other inline styles, frames on either side, `<base>`, text made into
 * script. The same uses give the same text, whatever their order.
 */
export function contentPolicy({ uses, styleHashes }: SiteUses): string {
  const own = DIRECTIVES.filter(([, use]) => uses.has(use)).map(([name]) => `${name} 'self'`);
  return [
    "default-src 'none'",
    ...own,
    ...styleSources(uses, styleHashes),
    ...imageSources(uses),
    `form-action ${uses.has("form") ? "'self'" : "'none'"}`,
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "require-trusted-types-for 'script'",
  ].join("; ");
}

const DIRECTIVES: readonly (readonly [name: string, use: PageUse])[] = [
  ["script-src", "script"],
  ["connect-src", "connection"],
  ["font-src", "font"],
  ["frame-src", "frame"],
  ["manifest-src", "manifest"],
  ["media-src", "media"],
  ["object-src", "object"],
];

function styleSources(uses: ReadonlySet<PageUse>, hashes: readonly string[]): readonly string[] {
  const sources = [
    ...(uses.has("style") ? ["'self'"] : []),
    ...[...hashes].sort().map((hash) => `'sha256-${hash}'`),
  ];
  return sources.length > 0 ? [`style-src ${sources.join(" ")}`] : [];
}

function imageSources(uses: ReadonlySet<PageUse>): readonly string[] {
  const sources = [
    ...(uses.has("image") ? ["'self'"] : []),
    ...(uses.has("data-image") ? ["data:"] : []),
  ];
  return sources.length > 0 ? [`img-src ${sources.join(" ")}`] : [];
}
