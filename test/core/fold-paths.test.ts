import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countWildcards, foldPaths } from "../../deploy/core/fold-paths.ts";
import type { PathLimits } from "../../deploy/core/fold-prices.ts";
import type { UrlPath } from "../../deploy/core/keys.ts";
import { isInvalidationPath } from "../../deploy/edge/invalidation-match.ts";
import { runs } from "../support/slow-tests.ts";

const asPaths = (texts: readonly string[]) => texts as readonly UrlPath[];

function fold(wanted: readonly string[], live: readonly string[], limits: PathLimits) {
  return foldPaths({ wanted: asPaths(wanted), live: () => asPaths(live), limits });
}

/** Prefix matching, said once more and as plainly as can be. */
function covers(paths: readonly string[], url: string): boolean {
  return paths.some((path) =>
    path.endsWith("*") ? url.startsWith(path.slice(0, -1)) : path === url,
  );
}

function overReachOf(paths: readonly string[], wanted: readonly string[], live: readonly string[]) {
  return [...new Set(live)].filter((url) => !covers(wanted, url) && covers(paths, url)).length;
}

/** Whether it ends between two characters. */
function isWhole(prefix: string): boolean {
  try {
    return decodeURIComponent(prefix) !== "";
  } catch {
    return false;
  }
}

/** Every set of wildcards over beginnings of wanted paths, tried one by one. */
function leastOverReach(
  wanted: readonly string[],
  live: readonly string[],
  limits: PathLimits,
): number {
  const stems = wanted.map((path) => path.replace(/\*$/, ""));
  const prefixes = [
    ...new Set(stems.flatMap((s) => [...s].map((_, i) => `${s.slice(0, i + 1)}*`))),
  ].filter(isWhole);
  let least = Number.POSITIVE_INFINITY;
  const attempt = (chosen: readonly string[], from: number): void => {
    const rest = [...new Set(wanted)].filter((path) => {
      const others = [...chosen, ...wanted.filter((other) => other !== path)];
      const stem = path.replace(/\*$/, "");
      return !others.some((other) => other.endsWith("*") && stem.startsWith(other.slice(0, -1)));
    });
    const paths = [...chosen, ...rest];
    const stars = paths.filter((path) => path.endsWith("*")).length;
    if (paths.length <= limits.paths && stars <= limits.wildcards) {
      least = Math.min(least, overReachOf(chosen, wanted, live));
    }
    if (chosen.length >= limits.wildcards) return;
    for (let i = from; i < prefixes.length; i++) {
      const prefix = prefixes[i] ?? "";
      if (chosen.some((other) => prefix.startsWith(other.slice(0, -1)))) continue;
      attempt([...chosen, prefix], i + 1);
    }
  };
  attempt([], 0);
  return least;
}

describe("folding", () => {
  it.each([
    [
      "leaves alone what is within the limits",
      ["/b", "/a", "/a"],
      ["/a", "/b", "/c"],
      { paths: 2, wildcards: 1 },
      ["/a", "/b"],
      0,
    ],
    [
      "drops what a wildcard covers anyway",
      ["/v*", "/v/1", "/v"],
      [],
      { paths: 9, wildcards: 9 },
      ["/v*"],
      0,
    ],
    [
      "takes the folder in which everything changed",
      ["/a/1", "/a/2", "/a/3", "/b/1"],
      ["/a/1", "/a/2", "/a/3", "/b/1", "/b/2"],
      { paths: 2, wildcards: 1 },
      ["/a/*", "/b/1"],
      0,
    ],
    [
      "counts siblings that begin alike, and the query is theirs too",
      ["/blog/", "/blog/index.html", "/x"],
      ["/blog/", "/blog/index.html", "/blog-2/", "/blog-2/index.html", "/x"],
      { paths: 2, wildcards: 1 },
      ["/blog/*", "/x"],
      0,
    ],
    [
      "prefers two narrow wildcards to a broad one",
      ["/a/1", "/a/2", "/c/1", "/c/2"],
      ["/a/1", "/a/2", "/b/1", "/c/1", "/c/2"],
      { paths: 2, wildcards: 2 },
      ["/a/*", "/c/*"],
      0,
    ],
    [
      "takes the broad one when wildcards are short",
      ["/a/1", "/a/2", "/c/1", "/c/2"],
      ["/a/1", "/a/2", "/b/1", "/c/1", "/c/2"],
      { paths: 2, wildcards: 1 },
      ["/*"],
      1,
    ],
    [
      "joins wildcards when there are too many of them",
      ["/a/x*", "/a/y*", "/b"],
      ["/a/x~1", "/a/y~1", "/a/z", "/b", "/c"],
      { paths: 9, wildcards: 1 },
      ["/a/*", "/b"],
      1,
    ],
    [
      "names no narrower a wildcard than whole characters allow",
      ["/日", "/旦"].map(encodeURI),
      ["/日", "/旦", "/x"].map(encodeURI),
      { paths: 1, wildcards: 1 },
      ["/*"],
      1,
    ],
    [
      "never puts a tilde before the star",
      ["/v~a/1.js", "/v~a/2.js"].map((path) => `${path.split("~")[0]}*`),
      ["/v~a/1.js", "/v~a/2.js", "/w"],
      { paths: 1, wildcards: 1 },
      ["/v*"],
      0,
    ],
  ])("%s", (_rule, wanted, live, limits, paths, overReach) => {
    expect(fold(wanted, live, limits)).toEqual({ paths, overReach, atLeast: overReach });
  });
});

/** Few letters, so that paths share their beginnings; some escapes, slashes and wildcards. */
const piece = fc.constantFrom("a", "b", "/", "%C3%A9", "%C3%A8", "-");
const url = fc.array(piece, { maxLength: 6 }).map((pieces) => `/${pieces.join("")}`);
const wish = fc.oneof(
  { weight: 6, arbitrary: url },
  { weight: 1, arbitrary: url.map((path) => `${path}*`) },
);
const urls = (maxLength: number) => fc.array(url, { maxLength });
const limitsUpTo = (most: number) =>
  fc.record({
    paths: fc.integer({ min: 1, max: most }),
    wildcards: fc.integer({ min: 1, max: 4 }),
  });

describe("whatever is folded", () => {
  const instance = [
    fc.array(wish, { minLength: 1, maxLength: 40 }),
    urls(40),
    limitsUpTo(12),
  ] as const;

  it("every wanted path is covered, the limits are kept, and the CDN takes every path", () => {
    fc.assert(
      fc.property(...instance, (wanted, others, limits) => {
        const { paths } = fold(wanted, [...wanted, ...others], limits);
        for (const path of wanted) {
          const covered = path.endsWith("*")
            ? paths.some((p) => p.endsWith("*") && path.startsWith(p.slice(0, -1)))
            : covers(paths, path);
          expect(covered).toBe(true);
        }
        expect(paths.length).toBeLessThanOrEqual(limits.paths);
        expect(countWildcards(paths)).toBeLessThanOrEqual(limits.wildcards);
        expect(paths.filter((path) => !isInvalidationPath(path))).toEqual([]);
        expect(new Set(paths).size).toBe(paths.length);
      }),
      { numRuns: runs(2_000) },
    );
  });

  it("the over-reach is what prefix matching says", () => {
    fc.assert(
      fc.property(...instance, (wanted, others, limits) => {
        const { paths, overReach } = fold(wanted, others, limits);
        expect(overReach).toBe(overReachOf(paths, wanted, others));
      }),
      { numRuns: runs(2_000) },
    );
  });

  it("it does not depend on the order, and folding it again changes nothing", () => {
    fc.assert(
      fc.property(...instance, (wanted, others, limits) => {
        const { paths } = fold(wanted, others, limits);
        expect(fold(wanted.toReversed(), others.toReversed(), limits).paths).toEqual(paths);
        expect(fold(paths, others, limits).paths).toEqual(paths);
      }),
      { numRuns: runs(500) },
    );
  });

  it("no folder level alone does better", () => {
    fc.assert(
      fc.property(...instance, (wanted, others, limits) => {
        const { overReach } = fold(wanted, others, limits);
        for (let level = 1; level <= 4; level++) {
          const cut = (path: string) => {
            const parts = path.split("/");
            return parts.length <= level + 1 ? path : `${parts.slice(0, level + 1).join("/")}/*`;
          };
          const paths = [...new Set(wanted.map(cut))];
          const fits =
            paths.length <= limits.paths &&
            paths.filter((path) => path.endsWith("*")).length <= limits.wildcards;
          if (fits) expect(overReach).toBeLessThanOrEqual(overReachOf(paths, wanted, others));
        }
      }),
      { numRuns: runs(1_000) },
    );
  });

  it("of little, it is the best there is: every other choice was tried", () => {
    fc.assert(
      fc.property(
        fc.array(wish, { minLength: 1, maxLength: 7 }),
        urls(12),
        fc.record({
          paths: fc.integer({ min: 1, max: 5 }),
          wildcards: fc.integer({ min: 1, max: 3 }),
        }),
        (wanted, others, limits) => {
          const folded = fold(wanted, others, limits);
          expect(folded.overReach).toBe(leastOverReach(wanted, others, limits));
          expect(folded.atLeast).toBe(folded.overReach);
        },
      ),
      { numRuns: runs(1_000) },
    );
  });
});

describe("of 100,000 URLs", () => {
  const pages = Array.from(
    { length: 50_000 },
    (_, i) => `/s${i % 5}/${2000 + (i % 23)}/post-${i}/`,
  );
  const live = pages.flatMap((page) => [page, `${page}index.html`]);
  const limits = { paths: 3000, wildcards: 15 };

  it.each([
    ["all changed", () => true, 0],
    ["half of them changed, all over the site", (i: number) => (i * 7919) % 16 < 8, 0.04],
    ["a few more than fit changed", (i: number) => i % 33 === 0, 0],
    [
      "one section changed, and a page here and there",
      (i: number) => i % 5 === 2 || i % 97 === 0,
      0,
    ],
  ])("%s: it takes seconds at most, and is near the proven best", (_case, isChanged, gap) => {
    const wanted = pages.filter((_, i) => isChanged(i)).flatMap((p) => [p, `${p}index.html`]);
    // Work rather than time: how busy the machine is says nothing about the fold.
    const before = process.cpuUsage();
    const { paths, overReach, atLeast } = fold(wanted, live, limits);
    const { user, system } = process.cpuUsage(before);
    // Microseconds. Ample: alone it takes less than two seconds.
    expect(user + system).toBeLessThan(10_000_000);
    expect(paths.length).toBeLessThanOrEqual(limits.paths);
    expect(countWildcards(paths)).toBeLessThanOrEqual(limits.wildcards);
    expect(overReach - atLeast).toBeLessThanOrEqual(gap * overReach);
  });
});
