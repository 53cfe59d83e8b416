import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findDrift } from "../../deploy/core/drift.ts";
import { compareKeys, type ObjectKey } from "../../deploy/core/keys.ts";
import { shardsOf } from "../../deploy/core/shards.ts";
import { entryFor, manifestOf, sourceFile } from "../support/builders.ts";

const a = sourceFile("a.html");
const b = sourceFile("b.html");
const listed = [a, b].map(({ key, size }) => ({ key, size, etag: `"${key}"` }));
const nothing = { altered: [], missing: [], added: [] };

describe("findDrift", () => {
  it("finds nothing where the bucket is as it was left", () => {
    expect(findDrift(listed, manifestOf([a, b]))).toEqual(nothing);
  });

  it.each([
    ["another ETag", [{ ...listed[0], etag: '"x"' }, listed[1]], { altered: ["a.html"] }],
    ["another size", [{ ...listed[0], size: 1 }, listed[1]], { altered: ["a.html"] }],
    ["a missing object", [listed[1]], { missing: ["a.html"] }],
    ["a foreign object", [...listed, { ...listed[0], key: "c" }], { added: ["c"] }],
  ])("names %s", (_, objects, expected) => {
    expect(findDrift(objects as typeof listed, manifestOf([a, b]))).toEqual({
      ...nothing,
      ...expected,
    });
  });

  it("knows what is kept for a while", () => {
    const since = "2026-11-22T12:00:00.000Z";
    const obsolete = [
      { key: b.key, entry: entryFor(b), sequence: 1, since },
      { key: "stray" as ObjectKey, entry: undefined, sequence: 1, since },
    ];
    const base = manifestOf([a], { obsolete });
    const stray = { key: "stray" as ObjectKey, size: 1, etag: '"s"' };
    expect(findDrift([...listed, stray], base)).toEqual(nothing);
    expect(findDrift([], base).missing).toEqual(["a.html", "b.html"]);
  });

  it("takes everything for foreign where nothing was recorded", () => {
    expect(findDrift(listed, undefined)).toEqual({ ...nothing, added: ["a.html", "b.html"] });
  });
});

describe("shardsOf", () => {
  it("does not cut what fits into one page", () => {
    expect(shardsOf([a.key, b.key], 16)).toEqual([{}]);
  });

  it("covers every possible key exactly once, in at most as many runs as asked", () => {
    const known = Array.from({ length: 5000 }, (_, i) => `k${i}` as ObjectKey);
    fc.assert(
      fc.property(fc.string(), fc.integer({ min: 1, max: 20 }), (key, most) => {
        const shards = shardsOf(known, most);
        const holding = shards.filter(
          ({ after, upTo }) =>
            (after === undefined || compareKeys(key, after) > 0) &&
            (upTo === undefined || compareKeys(key, upTo) <= 0),
        );
        expect(holding).toHaveLength(1);
        expect(shards.length).toBeLessThanOrEqual(Math.min(most, 5));
      }),
      { numRuns: 50 },
    );
  });
});
