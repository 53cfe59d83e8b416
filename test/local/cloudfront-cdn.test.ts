import { afterEach, beforeEach, expect, it } from "vitest";
import { createCloudFrontCdn } from "../../deploy/aws/cloudfront-cdn.ts";
import { invalidate } from "../../deploy/commands/invalidation.ts";
import { foldPaths } from "../../deploy/core/fold-paths.ts";
import type { UrlPath } from "../../deploy/core/keys.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { invalidationMatcher } from "../../deploy/edge/invalidation-match.ts";
import {
  type CloudFrontFixture,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";
import { failureOf } from "../support/failure.ts";

let api: CloudFrontFixture;
beforeEach(async () => {
  api = await startCloudFront();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await api.close();
});

const connect = () => createCloudFrontCdn({ client: api.client, distribution: DISTRIBUTION });
const paths = (...texts: readonly string[]) => texts as readonly UrlPath[];
const numbered = (amount: number, suffix = "") =>
  paths(...Array.from({ length: amount }, (_, i) => `/${i}${suffix}`));

it("the CDN says busy while too much is in progress, and accepts the same order afterwards", async () => {
  const cdn = connect();
  expect(await cdn.invalidate(numbered(15, "/*"), "first")).toMatchObject({ kind: "accepted" });
  expect(await cdn.invalidate(paths("/x/*"), "second")).toEqual({ kind: "busy" });
  await api.clock.move(1000);
  const accepted = await cdn.invalidate(paths("/x/*"), "second");
  expect(accepted).toMatchObject({ kind: "accepted" });
  expect(await cdn.invalidate(paths("/x/*"), "second")).toEqual(accepted);
});

it("the CDN names all that is in progress, however many pages they fill, and none that is completed", async () => {
  const cdn = connect();
  expect(await cdn.inProgress()).toEqual([]);
  await cdn.invalidate(paths("/done"), "done");
  await api.clock.move(1000);
  const ids: string[] = [];
  for (let i = 0; i < 101; i++) {
    const answer = await cdn.invalidate(paths(`/${i}`), `r${i}`);
    if (answer.kind === "accepted") ids.push(answer.ticket.id);
  }
  expect((await cdn.inProgress()).toSorted()).toEqual(ids.toSorted());
  await api.clock.move(1000);
  expect(await cdn.inProgress()).toEqual([]);
});

it("what the CDN refuses is an error that names the distribution", async () => {
  const failure = await failureOf(connect().invalidate(paths("/a b"), "r"));
  expect(failure.text.what).toContain(DISTRIBUTION);
});

it("6,001 paths and 20 wildcards get through although somebody else is at it", async () => {
  const cdn = connect();
  await cdn.invalidate(numbered(10, "/others/*"), "somebody else");
  const events: ProgressEvent[] = [];
  const clock = { now: () => api.clock.now(), sleep: (ms: number) => api.clock.move(ms) };
  const all = [...numbered(6001, ".html"), ...numbered(20, "/*")];
  const invalidation = { kind: "paths", paths: all } as const;
  const receipts = await invalidate({ invalidation, reference: "r", wait: true }, undefined, {
    cdn,
    clock,
    reporter: { report: (event) => events.push(event) },
  });
  expect(receipts.map(({ state }) => state)).toEqual(["completed", "completed", "completed"]);
  expect(events.map(({ kind }) => kind)).toContain("invalidation-held-up");
  expect(api.effects.slice(1).flat().toSorted()).toEqual(all.toSorted());
});

it("folded paths make the edge forget every URL that was meant", async () => {
  const live = paths(
    ...Array.from({ length: 400 }, (_, i) => `/${"äöü日"[i % 4]}/${i % 7}/${i} x.html`).map(
      encodeURI,
    ),
  );
  const wanted = live.filter((_, i) => i % 3 > 0);
  const folded = foldPaths({ wanted, live: () => live, limits: { paths: 20, wildcards: 15 } });
  expect(await connect().invalidate(folded.paths, "r")).toMatchObject({ kind: "accepted" });
  await api.clock.move(1000);
  const forgets = invalidationMatcher(api.effects.flat());
  expect(wanted.filter((path) => !forgets(path))).toEqual([]);
  const beyond = live.filter((path) => forgets(path)).length - wanted.length;
  expect(folded.overReach).toBe(beyond);
});
