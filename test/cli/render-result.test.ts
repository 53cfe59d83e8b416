import { expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import {
  renderBuild,
  renderDeploy,
  renderReceipt,
  renderStatus,
} from "../../deploy/cli/render-result.ts";
import { objectKey, type UrlPath } from "../../deploy/core/keys.ts";
import { releaseOf } from "../../deploy/core/release.ts";
import type { ChangeOutcome, InvalidationReceipt } from "../../deploy/core/results.ts";
import { manifestOf } from "../support/builders.ts";
import { planOf } from "../support/plan-value.ts";

const plain = createPaint(false);
const plan = planOf([]);

const release = releaseOf(
  planOf([], { provenance: { commit: "0123456789abcdef", author: "Mira" } }),
  {
    id: "20261122T120000Z-3f2a9c01",
    time: new Date("2026-11-22T12:00:00.000Z"),
    manifest: manifestOf([]),
  },
);

const receipt: InvalidationReceipt = {
  id: "I1",
  state: "completed",
  invalidation: { kind: "paths", paths: ["/" as UrlPath, "/index.html" as UrlPath] },
};

it("a build says what it made, where and how fast", () => {
  const result = { output: "_site", pages: 1, files: 12, seconds: 0.42 };
  expect(renderBuild(result)).toEqual(["Ready in _site: 1 page, 12 files to publish, 0.4 s"]);
});

it("a deploy that released names the release and every invalidation", () => {
  const invalidations = [receipt, { ...receipt, id: "I2", state: "in-progress" as const }];
  const result = {
    kind: "released",
    plan,
    release,
    outcomes: [],
    invalidations,
    seconds: 3,
  } as const;
  expect(renderDeploy(result, plain)).toEqual([
    "Released 20261122T120000Z-3f2a9c01 in 3.0 s",
    "Invalidation I1 of 2 paths: completed",
    "Invalidation I2 of 2 paths: in progress at the CDN",
  ]);
});

it("a deploy that wrote nothing says so", () => {
  expect(renderDeploy({ kind: "nothing-to-do", plan }, plain)).toEqual([
    "Nothing to do: what is live is what was built.",
  ]);
  for (const kind of ["refused", "declined"] as const) {
    expect(renderDeploy({ kind, plan }, plain)).toEqual(["Nothing was written."]);
  }
});

it("a deploy that broke off counts every fate, shows five failures, and says how to go on", () => {
  const fate = (i: number, kind: "done" | "failed" | "not-reached"): ChangeOutcome => {
    const key = objectKey(`${i}.html`);
    if (kind !== "failed") return { key, outcome: { kind } };
    const error = { what: "put failed", why: `reason ${i}`, next: `step ${i}` };
    return { key, outcome: { kind, failure: "cloud", error } };
  };
  const outcomes = [
    fate(0, "done"),
    ...[1, 2, 3, 4, 5, 6, 7].map((i) => fate(i, "failed")),
    fate(8, "not-reached"),
  ];
  const result = { kind: "partial", plan, outcomes, invalidations: [], seconds: 3 } as const;
  const lines = renderDeploy(result, plain);
  expect(lines[0]).toBe("Not released: 1 change done, 7 failed, 1 not reached");
  expect(lines.slice(1, 3)).toEqual(["  ✗ 1.html: reason 1", "    next: step 1"]);
  expect(lines.filter((line) => line.startsWith("  ✗"))).toHaveLength(5);
  expect(lines.slice(-2)).toEqual([
    "  … and 2 more",
    "Run the same command again: it continues where this one stopped.",
  ]);
});

it("a receipt names what is forgotten", () => {
  const everything = { kind: "everything", because: "asked" } as const;
  expect(renderReceipt({ ...receipt, invalidation: everything })).toBe(
    "Invalidation I1 of everything: completed",
  );
  expect(renderReceipt({ ...receipt, invalidation: { kind: "none" } })).toBe(
    "Invalidation I1 of nothing: completed",
  );
});

const idle = { kind: "idle" } as const;

it("a status before the first release says what to do", () => {
  expect(renderStatus({ kind: "never-released", activity: idle }, plain)).toEqual([
    "Nothing is live yet.",
    "next: slipway build, then slipway deploy",
  ]);
});

it("a status names the release, its source and its size, and what is kept of earlier ones", () => {
  const result = {
    kind: "live",
    release,
    files: 31,
    bytes: 652_000,
    obsolete: 2,
    activity: idle,
  } as const;
  expect(renderStatus(result, plain).join("\n")).toBe(
    `Live 20261122T120000Z-3f2a9c01
  site     test-site
  since    2026-11-22T12:00:00.000Z
  commit   0123456789abcdef
  author   Mira
  holds    31 files, 652 kB
  keeps    2 files of earlier releases`,
  );
});

it("a status without a commit or anything kept leaves those lines out", () => {
  const bare = { ...release, provenance: {} };
  const result = {
    kind: "live",
    release: bare,
    files: 1,
    bytes: 10,
    obsolete: 0,
    activity: idle,
  } as const;
  expect(renderStatus(result, plain).slice(3)).toEqual(["  holds    1 file, 10 B"]);
});

it("a status tells of a deploy that runs, and of one that broke off", () => {
  const who = { owner: "mira@laptop", since: "2026-11-22T12:00:00.000Z", release: "r1" };
  const lines = (kind: "deploying" | "unfinished") =>
    renderStatus({ kind: "never-released", activity: { kind, ...who } }, plain).slice(2);
  expect(lines("deploying")).toEqual(["Deploying mira@laptop since 2026-11-22T12:00:00.000Z"]);
  expect(lines("unfinished")).toEqual([
    "Unfinished r1 by mira@laptop, begun 2026-11-22T12:00:00.000Z",
    "next: slipway deploy finishes it",
  ]);
});
