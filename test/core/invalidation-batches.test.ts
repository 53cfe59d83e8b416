import { expect, it } from "vitest";
import { batchesOf } from "../../deploy/core/invalidation-batches.ts";
import type { UrlPath } from "../../deploy/core/keys.ts";

const paths = (exact: number, wildcards: number) => [
  ...Array.from({ length: exact }, (_, i) => `/${i}` as UrlPath),
  ...Array.from({ length: wildcards }, (_, i) => `/w${i}/*` as UrlPath),
];

it.each([
  ["what fits into one request goes in one", 2985, 15, [[2985, 15]]],
  [
    "wildcards count among the paths of a request",
    3000,
    15,
    [
      [2985, 15],
      [15, 0],
    ],
  ],
  [
    "more paths than one request takes are split",
    3001,
    0,
    [
      [3000, 0],
      [1, 0],
    ],
  ],
  [
    "wildcards alone may need several",
    2,
    31,
    [
      [2, 15],
      [0, 15],
      [0, 1],
    ],
  ],
])("%s", (_rule, exact, wildcards, expected) => {
  const all = paths(exact, wildcards);
  const batches = batchesOf({ kind: "paths", paths: all });
  const sizes = batches.map((batch) => {
    const own = batch.kind === "paths" ? batch.paths : [];
    const stars = own.filter((path) => path.endsWith("*")).length;
    return [own.length - stars, stars];
  });
  expect(sizes).toEqual(expected);
  const together = batches.flatMap((batch) => (batch.kind === "paths" ? batch.paths : []));
  expect(together.toSorted()).toEqual(all.toSorted());
});

it("everything is one request, and nothing is none", () => {
  const everything = { kind: "everything", because: "asked" } as const;
  expect(batchesOf(everything)).toEqual([everything]);
  expect(batchesOf({ kind: "none" })).toEqual([]);
});
