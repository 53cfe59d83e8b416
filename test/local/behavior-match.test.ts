import { describe, expect, it } from "vitest";
import { behaviorFor } from "../../deploy/local/edge/viewer/behavior-match.ts";
import { MemoryOrigin } from "../support/memory-origin.ts";
import { staticDistribution } from "../support/static-distribution.ts";

const base = staticDistribution({ id: "E1", domainName: "x", bucket: new MemoryOrigin() });

function matched(patterns: readonly string[], uri: string): string {
  const [fallback] = base.behaviors;
  if (fallback === undefined) throw new Error("no behavior");
  const behaviors = [...patterns, "*"].map((pathPattern) => ({ ...fallback, pathPattern }));
  return behaviorFor({ ...base, behaviors }, uri).pathPattern;
}

describe("a path pattern matches", () => {
  it.each([
    ["any characters by a star", "/api/*", "/api/a/b", true],
    ["none by a star", "/api/*", "/api/", true],
    ["nothing shorter than itself", "/api/*", "/api", false],
    ["a star in the middle", "/a/*/c.js", "/a/b/b/c.js", true],
    ["a star at the beginning", "*.jpg", "/a/b.jpg", true],
    ["several stars, each where it fits", "/a/*b*/c*.js", "/a/bb/b/x/cc.js.js", true],
    ["nothing behind its last star that is not there", "/a/*b*/c", "/a/b/b/c/d", false],
    ["a star in the path as any other character", "/a*", "/a*b", true],
    ["no more than it says", "/a", "/a*", false],
    ["stars side by side", "/a**", "/a", true],
    ["many stars in a long path, at once", "/*/*/*/*/*/z", "/".repeat(8_000), false],
    ["exactly one character by a question mark", "/a?c", "/abc", true],
    ["no fewer by a question mark", "/a?c", "/ac", false],
    ["without its leading slash", "api/*", "/api/a", true],
    ["in its own case only", "/api/*", "/API/a", false],
    ["dots as they are", "/a.c", "/abc", false],
    ["brackets and dollars as they are", "/a[b]$(c)+", "/a[b]$(c)+", true],
    ["the path without needless escapes", "/api/*", "/%61pi/x", true],
    ["the path without dot segments", "/api/*", "/x/../api/y", true],
    ["the path without escaped dot segments", "/api/*", "/x/%2e%2E/api/y", true],
    ["not what only begins like it before dot segments", "/api/*", "/api/../x", false],
    ["no path by climbing above the root", "/api/*", "/../../api/y", true],
  ])("%s", (_rule, pattern, uri, expected) => {
    expect(matched([pattern], uri)).toBe(expected ? pattern : "*");
  });

  it("in the order of the list, and the default after all", () => {
    expect(matched(["/a/*", "/a/b*"], "/a/b")).toBe("/a/*");
    expect(matched(["/a/b*", "/a/*"], "/a/b")).toBe("/a/b*");
    expect(matched(["/a/*"], "/b")).toBe("*");
  });
});
