import { expect, it } from "vitest";
import { renderInvalidate, subjectOf } from "../../deploy/cli/render-invalidate.ts";
import { costOf } from "../../deploy/core/invalidation-cost.ts";
import type { UrlPath } from "../../deploy/core/keys.ts";

const pathsOnly = (...paths: readonly string[]) =>
  ({ kind: "paths", paths: paths as readonly UrlPath[] }) as const;
const everything = { kind: "everything", because: "the operator asked for it" } as const;

const dryRun = (invalidation: Parameters<typeof costOf>[0]) =>
  renderInvalidate({ kind: "dry-run", invalidation, cost: costOf(invalidation) });

it("a dry run lists the paths, counts the wildcards, and names the price", () => {
  expect(dryRun(pathsOnly("/a/", "/a/index.html", "/b/*"))).toEqual([
    "Would invalidate 3 paths (1 wildcard)",
    "  /a/",
    "  /a/index.html",
    "  /b/*",
    "Costs up to US$0.02; the first 1,000 paths of a month are free",
  ]);
});

it("a dry run of much lists forty paths and counts the rest", () => {
  const lines = dryRun(pathsOnly(...Array.from({ length: 1300 }, (_, i) => `/${i}`)));
  expect(lines[0]).toBe("Would invalidate 1,300 paths");
  expect(lines.slice(-2)).toEqual([
    "  … and 1260 more; --json has them all",
    "Costs up to US$6.50; the first 1,000 paths of a month are free",
  ]);
});

it("a dry run of everything says why, and is one path on the bill", () => {
  expect(dryRun(everything)).toEqual([
    "Would invalidate everything: the operator asked for it",
    "  /*",
    "Costs up to US$0.01; the first 1,000 paths of a month are free",
  ]);
  expect(costOf(everything)).toMatchObject({ paths: 1, wildcards: 1, atMostUsd: 0.005 });
});

it("an order gives a line for each receipt", () => {
  const invalidation = pathsOnly("/a", "/b");
  const receipt = { id: "I1", state: "completed", invalidation } as const;
  const cost = costOf(invalidation);
  const invalidations = [receipt, { ...receipt, id: "I2", state: "in-progress" as const }];
  expect(
    renderInvalidate({ kind: "requested", invalidation, cost, invalidations, seconds: 1 }),
  ).toEqual([
    "Invalidation I1 of 2 paths: completed",
    "Invalidation I2 of 2 paths: in progress at the CDN",
  ]);
});

it("nothing to do is said", () => {
  const invalidation = { kind: "none" } as const;
  const cost = costOf(invalidation);
  expect(renderInvalidate({ kind: "nothing-to-do", invalidation, cost })).toEqual([
    "Nothing to invalidate: every URL answers as it did then.",
  ]);
  expect(subjectOf(invalidation)).toBe("nothing");
});
