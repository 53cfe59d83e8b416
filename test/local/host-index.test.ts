import { describe, expect, it } from "vitest";
import { createHostIndex } from "../../deploy/local/edge/cloudfront/host-index.ts";

const find = createHostIndex([
  { id: "wide", names: ["d1.cloudfront.net", "*.example"] },
  { id: "exact", names: ["d2.cloudfront.net", "www.shop.example"] },
  { id: "narrow", names: ["d3.cloudfront.net", "*.shop.example", "shop.example"] },
]);

describe("a Host means", () => {
  it.each([
    ["a distribution's own name", "d2.cloudfront.net", "exact"],
    ["the whole name before any star", "www.shop.example", "exact"],
    ["the longest star that fits", "a.shop.example", "narrow"],
    ["a star at any depth", "a.b.c.shop.example", "narrow"],
    ["a shorter star where the longer one does not fit", "b.example", "wide"],
    ["the same with a port", "WWW.shop.example:8788", "exact"],
    ["the same with the root's dot", "www.shop.example.", "exact"],
    ["not the name that a star leaves", "example", undefined],
    ["no name that only ends like it", "badexample", undefined],
    ["no star itself", "*", undefined],
    ["nobody by nothing", "", undefined],
    ["nobody by an address", "[::1]:8788", undefined],
  ])("%s: %s", (_rule, host, id) => {
    expect(find(host)).toBe(id);
  });
});
