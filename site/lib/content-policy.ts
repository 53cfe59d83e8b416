import type { PageUse } from "./page-uses.ts";

/**
 * The Content-Security-Policy of a site whose pages use no more than this. Everything else is refused:
 * other hosts, inline scripts and styles, frames on either side, `<base>`, text made into script. The
 * same uses give the same text, whatever their order.
 */
export function contentPolicy(uses: ReadonlySet<PageUse>): string {
  const own = DIRECTIVES.filter(([, use]) => uses.has(use)).map(([name]) => `${name} 'self'`);
  return [
    "default-src 'none'",
    ...own,
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
  ["style-src", "style"],
  ["font-src", "font"],
  ["frame-src", "frame"],
  ["manifest-src", "manifest"],
  ["media-src", "media"],
  ["object-src", "object"],
];

function imageSources(uses: ReadonlySet<PageUse>): readonly string[] {
  const sources = [
    ...(uses.has("image") ? ["'self'"] : []),
    ...(uses.has("data-image") ? ["data:"] : []),
  ];
  return sources.length > 0 ? [`img-src ${sources.join(" ")}`] : [];
}
