import type { Behavior, LiveDistribution } from "../live-distribution.ts";

/**
 * The first behavior whose path pattern matches; the last one, the default, matches everything. `*`
 * stands for any characters, `?` for exactly one; case counts, a leading slash does not, and the query
 * is not looked at (CF-DG "Path pattern"). Throws for a distribution without behaviors, which is none.
 */
export function behaviorFor({ behaviors }: LiveDistribution, uri: string): Behavior {
  const path = normalPath(uri);
  const found = behaviors.find(({ pathPattern }) => matches(pathPattern, path));
  const behavior = found ?? behaviors.at(-1);
  if (behavior === undefined) throw new Error("the distribution has no behavior");
  return behavior;
}

function matches(pathPattern: string, path: string): boolean {
  if (pathPattern === "*") return true;
  return matchesWildcards(
    normalPath(pathPattern.startsWith("/") ? pathPattern : `/${pathPattern}`),
    path,
  );
}

/**
 * Goes back to the last star only: earlier ones have taken as little as they could. A regular
 * expression would go back to each of them, and take hours for four stars and a path of 8 KB.
 */
function matchesWildcards(pattern: string, path: string): boolean {
  let next = 0;
  let at = 0;
  let star = -1;
  let taken = 0;
  while (at < path.length) {
    const wanted = pattern[next];
    if (wanted === "*") {
      star = next;
      taken = at;
      next += 1;
    } else if (wanted === "?" || wanted === path[at]) {
      next += 1;
      at += 1;
    } else if (star === -1) {
      return false;
    } else {
      taken += 1;
      at = taken;
      next = star + 1;
    }
  }
  return /^\**$/.test(pattern.slice(next));
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
