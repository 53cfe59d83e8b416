import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Relatable, relatedPosts } from "../../site/lib/related.ts";

const post = (url: string, tags: readonly string[], series = ""): Relatable => ({
  url,
  tags,
  series,
});

function related(posts: readonly Relatable[], url: string): readonly string[] {
  return (relatedPosts(posts).get(url) ?? []).map((other) => other.url);
}

const between = post("between", []);

describe("A related post", () => {
  test("shares a tag; one that shares nothing is none", () => {
    const posts = [post("a", ["x"]), between, post("b", ["x"]), post("c", ["y"])];
    expect(related(posts, "a")).toEqual(["b"]);
    expect(related(posts, "c")).toEqual([]);
  });

  test("that shares a rare tag comes before one that shares a common tag", () => {
    const posts = [
      post("a", ["common", "rare"]),
      between,
      post("near", ["common"]),
      post("other", ["common"]),
      post("far", ["rare"]),
    ];
    expect(related(posts, "a")).toEqual(["far", "near", "other"]);
  });

  test("that shares two tags comes before one that shares one", () => {
    const posts = [
      post("a", ["x", "y"]),
      between,
      post("one", ["x"]),
      post("two", ["y", "x"]),
      post("three", ["y"]),
    ];
    expect(related(posts, "a")[0]).toBe("two");
  });

  test("is never the one before, the one after, or another part of the series", () => {
    const posts = [
      post("newer", ["x"]),
      post("a", ["x"], "s"),
      post("older", ["x"]),
      post("part", ["x"], "s"),
      post("free", ["x"]),
    ];
    expect(related(posts, "a")).toEqual(["free"]);
  });

  test("of two equals is the nearer in time, then the newer", () => {
    const posts = [
      post("far newer", ["x"]),
      post("newer", ["x"]),
      between,
      post("a", ["x"]),
      between,
      post("older", ["x"]),
      post("far older", ["x"]),
    ];
    expect(related(posts, "a")).toEqual(["newer", "older", "far newer"]);
  });
});

const posts = fc
  .array(
    fc.record({
      tags: fc.uniqueArray(fc.constantFrom("a", "b", "c", "d", "e"), { maxLength: 4 }),
      series: fc.constantFrom("", "s"),
    }),
    { maxLength: 60 },
  )
  .map((all) => all.map((fields, index) => ({ url: `/${index}/`, ...fields })));

test("Every suggestion shares a tag, stands elsewhere on the page nowhere, and comes once", () => {
  fc.assert(
    fc.property(posts, (all) => {
      for (const [url, others] of relatedPosts(all)) {
        const own = all.findIndex((candidate) => candidate.url === url);
        expect(others.length).toBeLessThanOrEqual(3);
        expect(new Set(others).size).toBe(others.length);
        for (const other of others) {
          expect(other.tags.some((tag) => all[own]?.tags.includes(tag))).toBe(true);
          expect(Math.abs(all.indexOf(other) - own)).toBeGreaterThan(1);
        }
      }
    }),
  );
});

test("A post that all posts share a tag with is compared with a fixed number of them", () => {
  const counted = (count: number) => {
    let looks = 0;
    const all = Array.from({ length: count }, (_, index) => ({
      url: `/${index}/`,
      series: "",
      get tags() {
        looks += 1;
        return ["all"];
      },
    }));
    relatedPosts(all);
    return looks;
  };
  expect(counted(4_000)).toBeLessThan(2.1 * counted(2_000));
});
