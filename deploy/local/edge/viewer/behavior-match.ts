import type { Behavior, LiveDistribution } from "../live-distribution.ts";

/**
 * The first behavior whose path pattern matches; the last one, the default, matches everything. `*`
 * stands for any characters, `?` for exactly one; case counts, a leading slash does not, and the query
 * is not looked at (CF-DG "Path pattern"). Throws for a distribution without behaviors, which is none.
 */
export function behaviorFor({ behaviors }: LiveDistribution, uri: string): Behavior {
  const path = normalPath(uri);
  const found = behaviors.find(({ pathPattern }) => matcherOf(pathPattern).test(path));
  const behavior = found ?? behaviors.at(-1);
  if (behavior === undefined) throw new Error("the distribution has no behavior");
  return behavior;
}

const matchers = new Map<string, RegExp>();

function matcherOf(pattern: string): RegExp {
  const known = matchers.get(pattern);
  if (known !== undefined) return known;
  const matcher = compile(pattern);
  matchers.set(pattern, matcher);
  return matcher;
}

function compile(pattern: string): RegExp {
  if (pattern === "*") return /^/;
  const source = normalPath(pattern.startsWith("/") ? pattern : `/${pattern}`)
    .replace(/[\\^$.|+()[\]{}]/g, "\\$&")
    .replace(/\*+/g, ".*")
    .replace(/\?/g, ".");
  return new RegExp(`^${source}$`, "s");
}

/**
 * CF-DG "Path pattern": CloudFront matches the path as RFC 3986 normalizes it, without needless
 * escapes and dot segments, and sends it to the origin as the viewer wrote it.
 */
function normalPath(path: string): string {
  if (!path.includes("%") && !path.includes("/.")) return path;
  const unescaped = path.replace(/%[0-9A-Fa-f]{2}/g, (escaped) => {
    const character = String.fromCharCode(Number.parseInt(escaped.slice(1), 16));
    return /[A-Za-z0-9\-._~]/.test(character) ? character : escaped.toUpperCase();
  });
  return withoutDotSegments(unescaped);
}

/** RFC 3986 5.2.4 for a path that begins with a slash. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  const segments = path.split("/");
  for (const [i, segment] of segments.entries()) {
    if (segment === "..") kept.length = Math.max(1, kept.length - 1);
    else if (segment !== ".") kept.push(segment);
    if (i === segments.length - 1 && (segment === "." || segment === "..")) kept.push("");
  }
  return kept.join("/");
}
