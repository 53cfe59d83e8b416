import fc from "fast-check";
import { expect, it, test } from "vitest";
import { findInSrcset } from "../../../deploy/core/references/srcset.ts";

test.each<[string, readonly string[]]>([
  ["a.png", ["a.png"]],
  ["a.png 1x, b.png 2x", ["a.png", "b.png"]],
  ["a.png, b.png 2x", ["a.png", "b.png"]],
  ["a.png 100w,b.png 200w", ["a.png", "b.png"]],
  ["\n  a.png 1x,\n  b.png 2x\n", ["a.png", "b.png"]],
  ["a,b.png 1x", ["a,b.png"]],
  ["a.png,b.png", ["a.png,b.png"]],
  ["/w_1,h_2/a.png 1x, /w_2,h_4/a.png 2x", ["/w_1,h_2/a.png", "/w_2,h_4/a.png"]],
  ["data:image/png;base64,AA== 1x, b.png 2x", ["data:image/png;base64,AA==", "b.png"]],
  ["a.png (1x, 2x), b.png", ["a.png", "b.png"]],
  [", ,a.png,, b.png", ["a.png", "b.png"]],
  ["", []],
  [" , ", []],
])("%j names %j", (srcset, found) => {
  expect(findInSrcset(srcset)).toEqual(found);
});

it("reads any text whatever", () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom("a", ",", " ", "(", ")") }), (srcset) => {
      for (const url of findInSrcset(srcset)) expect(url).toMatch(/^[^\s,](?:\S*[^\s,])?$/);
    }),
  );
});
