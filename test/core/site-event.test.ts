import { expect, it } from "vitest";
import { announce } from "../../deploy/commands/announce.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import type { DeployResult, InvalidateResult, ReleaseSummary } from "../../deploy/core/results.ts";
import { invalidationEventOf, siteEventOf } from "../../deploy/core/site-event.ts";
import { createMemoryEventPublisher } from "../support/memory-event-publisher.ts";
import { planOf } from "../support/plan-value.ts";

const plan = planOf([]);
const release: ReleaseSummary = {
  version: 1,
  id: "R2",
  time: "2026-11-30T12:00:00.000Z",
  site: "tiny",
  plan: plan.id,
  totals: { created: 1, replaced: 2, removed: 3, unchanged: 4, kept: 0, bytes: 9 },
  pages: 1,
  provenance: { commit: "c0ffee", author: "Mira", uncommitted: false },
};
const released: DeployResult = {
  kind: "released",
  plan,
  release,
  outcomes: [],
  invalidations: [],
  seconds: 1,
};

it("a release is told with its numbers and its commit, and without its author", () => {
  expect(siteEventOf(released, "live")).toEqual({
    kind: "site.published.v1",
    subject: "R2",
    data: {
      environment: "live",
      releaseId: "R2",
      commit: "c0ffee",
      created: 1,
      replaced: 2,
      removed: 3,
    },
  });
});

it("a rollback is told with the release that it restored", () => {
  const back: DeployResult = { ...released, release: { ...release, rollbackTo: "R1" } };
  expect(siteEventOf(back, "live")).toMatchObject({
    kind: "site.rolled-back.v1",
    data: { releaseId: "R2", restoredFrom: "R1" },
  });
});

it.each(["nothing-to-do", "refused", "declined"] as const)("%s is told to nobody", (kind) => {
  expect(siteEventOf({ kind, plan }, "live")).toBeUndefined();
});

it("a partial deploy is told to nobody: its rerun is", () => {
  const partial = { plan, outcomes: [], invalidations: [], seconds: 1 };
  expect(siteEventOf({ kind: "partial", ...partial }, "live")).toBeUndefined();
});

const cost = { paths: 1, wildcards: 1, atMostUsd: 0, freePathsAMonth: 1000 };
const requested = { kind: "requested", invalidations: [], seconds: 1 } as const;

it("an invalidation is told once the CDN was asked, and a dry run is not", () => {
  const everything = { kind: "everything", because: "asked" } as const;
  const all: InvalidateResult = { invalidation: everything, cost, ...requested };
  expect(invalidationEventOf(all, "live")?.data).toEqual({
    environment: "live",
    scope: "everything",
    paths: 1,
  });
  expect(invalidationEventOf({ ...all, kind: "dry-run" }, "live")).toBeUndefined();
});

it("what was not delivered is one notice, and no failure", async () => {
  const reports: ProgressEvent[] = [];
  const reporter = { report: (event: ProgressEvent) => void reports.push(event) };
  const clock = { now: () => new Date(0) };
  const publisher = createMemoryEventPublisher();
  const event = siteEventOf(released, "live");
  await announce(event, { publisher, reporter, clock });
  publisher.failure = new Error("no broker");
  await announce(event, { publisher, reporter, clock });
  await announce(event, { publisher: undefined, reporter, clock });
  await announce(undefined, { publisher, reporter, clock });
  expect(reports).toEqual([
    { kind: "event-published", event: "site.published.v1", outcome: "unroutable" },
    { kind: "event-unpublished", event: "site.published.v1", why: "no broker" },
  ]);
});
