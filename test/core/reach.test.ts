import fc from "fast-check";
import { expect, it, test } from "vitest";
import { findKeyProblem } from "../../deploy/core/keys.ts";
import { isReachable, keyAnswering } from "../../deploy/core/reach.ts";
import { decide } from "../../deploy/edge/decide.ts";
import { NO_RULES } from "../../deploy/edge/rules.ts";

test.each([
  ["", "index.html"],
  ["a/", "a/index.html"],
  ["a", "a/index.html"],
  ["a//b/", "a/b/index.html"],
  ["a.css", "a.css"],
  ["v1.2/", "v1.2/index.html"],
  ["v1.2", "v1.2"],
  [".well-known/security", ".well-known/security"],
  [".slipway/lock.json", undefined],
  [".SLIPWAY/lock.json", undefined],
  [".slipway2/a.txt", undefined],
])("/%s is answered by %s", (path, key) => {
  expect(keyAnswering(path)).toBe(key);
});

const segment = fc.oneof(
  fc.constantFrom(
    "a",
    "b.html",
    "index.html",
    ".well-known",
    ".Slipway",
    ".slipways",
    "x.y",
    "",
    "LICENSE",
  ),
  fc.string({ unit: "grapheme", maxLength: 5 }),
);
const path = fc.array(segment, { maxLength: 4 }).map((segments) => segments.join("/"));

/** What the edge reads in the end, after its own redirect. */
function keyAtEdge(decoded: string): string | undefined {
  const at = (uri: string) => decide({ host: undefined, uri, query: "" }, NO_RULES);
  const first = at(`/${decoded.split("/").map(encodeURIComponent).join("/")}`);
  const last = first.kind === "redirect" ? at(first.to) : first;
  return last.kind === "serve" ? last.key : undefined;
}

it("says what the edge says, for every file that a site may have", () => {
  fc.assert(
    fc.property(path, (key) => {
      fc.pre(findKeyProblem(key) === undefined);
      expect(isReachable(key)).toBe(keyAtEdge(key) === key);
    }),
  );
});

it("says what the edge says, for every path that it serves", () => {
  fc.assert(
    fc.property(path, (decoded) => {
      const atEdge = keyAtEdge(decoded);
      if (atEdge !== undefined) expect(keyAnswering(decoded)).toBe(atEdge);
    }),
  );
});
