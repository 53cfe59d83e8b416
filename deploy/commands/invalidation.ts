import { SlipwayError } from "../core/errors.ts";
import { countPaths, type Invalidation } from "../core/invalidation.ts";
import { batchesOf, type InvalidationBatch } from "../core/invalidation-batches.ts";
import type { UrlPath } from "../core/keys.ts";
import type { InvalidationReceipt } from "../core/results.ts";
import type { Cdn, Clock, InvalidationTicket, Reporter } from "../ports.ts";

/**
 * Undefined when the environment has no distribution: then there is nothing to forget. A function where
 * somebody has to look for it first, which a deploy without changes need not do.
 */
export type CdnAccess = Cdn | undefined | (() => Promise<Cdn | undefined>);

export async function cdnOf(access: CdnAccess): Promise<Cdn | undefined> {
  return typeof access === "function" ? await access() : access;
}

export type InvalidationPorts = {
  readonly cdn: CdnAccess;
  readonly clock: Clock;
  readonly reporter: Reporter;
};

export type InvalidationOrder = {
  readonly invalidation: Invalidation;
  /** Names this order to the CDN and no other, so that asking twice is asking once. */
  readonly reference: string;
  readonly wait: boolean;
};

/** "complete under 25 s P95" (announcement of 2026-04); ten minutes is the SDK waiter's own bound. */
const PATIENCE_MS = 600_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** Earlier invalidations take seconds; after this long somebody has to look who makes so many. */
const BUSY_PATIENCE_MS = 900_000;
const FIRST_BUSY_PAUSE_MS = 1000;
/** Far shorter than a lease, which is renewed after each pause. */
const LONGEST_BUSY_PAUSE_MS = 20_000;

/** What is kept alive while waiting: the lease of a deploy; nothing for an operator's order. */
export type KeptAlive = { assure(): Promise<void> } | undefined;

/**
 * Asks the CDN to forget, and waits until it has if told to. More than may be in progress at a time
 * goes out in batches, each when the one before is complete; while the CDN is busy with somebody
 * else's, it is asked again. Nothing to forget gives no receipt.
 */
export async function invalidate(
  order: InvalidationOrder,
  keptAlive: KeptAlive,
  ports: InvalidationPorts,
): Promise<readonly InvalidationReceipt[]> {
  const { invalidation, reference, wait } = order;
  const { clock, reporter } = ports;
  const batches = batchesOf(invalidation);
  if (batches.length === 0) return [];
  const cdn = await cdnOf(ports.cdn);
  if (cdn === undefined) return [];
  const started = clock.now();
  const everything = invalidation.kind === "everything";
  reporter.report({ kind: "invalidation-started", paths: countPaths(invalidation), everything });
  const receipts: InvalidationReceipt[] = [];
  for (const [index, batch] of batches.entries()) {
    const asked = { batch, reference: index === 0 ? reference : `${reference}-${index + 1}` };
    const ticket = await submit(asked, keptAlive, { cdn, clock, reporter });
    const isLast = index === batches.length - 1;
    const last = wait || !isLast ? await waitFor(ticket, keptAlive, { cdn, clock }) : ticket;
    receipts.push({ ...last, invalidation: batch });
  }
  if (receipts.at(-1)?.state === "completed") {
    const seconds = (clock.now().getTime() - started.getTime()) / 1000;
    reporter.report({ kind: "invalidation-finished", seconds });
  }
  return receipts;
}

/**
 * Waits for what was in progress before, whoever asked for it: an earlier deploy may have ended, or
 * died, without waiting. Call it when the own orders are completed. One request when there is none.
 */
export async function awaitEarlier(ports: InvalidationPorts): Promise<void> {
  const { clock, reporter } = ports;
  const cdn = await cdnOf(ports.cdn);
  const earlier = (await cdn?.inProgress()) ?? [];
  if (cdn === undefined || earlier.length === 0) return;
  const started = clock.now();
  reporter.report({ kind: "invalidation-awaited", invalidations: earlier.length });
  await poll(earlier, clock, async (left) => {
    const inProgress = new Set(await cdn.inProgress());
    return left.filter((id) => inProgress.has(id));
  });
  const seconds = (clock.now().getTime() - started.getTime()) / 1000;
  reporter.report({ kind: "invalidation-finished", seconds });
}

function pathsOf(batch: InvalidationBatch): readonly UrlPath[] {
  switch (batch.kind) {
    case "paths":
      return batch.paths;
    case "everything":
      return ["/*" as UrlPath];
  }
}

type ConnectedPorts = InvalidationPorts & { readonly cdn: Cdn };

/** Hands one batch in, however long the CDN is busy, within reason. */
async function submit(
  { batch, reference }: { readonly batch: InvalidationBatch; readonly reference: string },
  keptAlive: KeptAlive,
  { cdn, clock, reporter }: ConnectedPorts,
): Promise<InvalidationTicket> {
  const started = clock.now().getTime();
  let pause = FIRST_BUSY_PAUSE_MS;
  for (;;) {
    const answer = await cdn.invalidate(pathsOf(batch), reference);
    if (answer.kind === "accepted") return answer.ticket;
    const waited = clock.now().getTime() - started;
    if (waited >= BUSY_PATIENCE_MS) throw stillBusy();
    reporter.report({ kind: "invalidation-held-up", seconds: waited / 1000 });
    await clock.sleep(pause);
    await keptAlive?.assure();
    pause = Math.min(pause * 1.5, LONGEST_BUSY_PAUSE_MS);
  }
}

async function waitFor(
  first: InvalidationTicket,
  keptAlive: KeptAlive,
  { cdn, clock }: Pick<ConnectedPorts, "cdn" | "clock">,
): Promise<InvalidationTicket> {
  let ticket = first;
  await poll(first.state === "completed" ? [] : [first.id], clock, async (left) => {
    await keptAlive?.assure();
    ticket = await cdn.invalidation(ticket.id);
    return ticket.state === "completed" ? [] : left;
  });
  return ticket;
}

/** Looks again, with longer and longer pauses, until nothing is left. Throws "cloud" when that takes too long. */
async function poll(
  ids: readonly string[],
  clock: Clock,
  look: (left: readonly string[]) => Promise<readonly string[]>,
): Promise<void> {
  const deadline = clock.now().getTime() + PATIENCE_MS;
  let left = ids;
  let pause = FIRST_PAUSE_MS;
  while (left.length > 0) {
    if (clock.now().getTime() > deadline) throw tooSlow(left);
    await clock.sleep(pause);
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    left = await look(left);
  }
}

function stillBusy(): SlipwayError {
  return new SlipwayError("cloud", {
    what: `The CDN takes no invalidation since ${BUSY_PATIENCE_MS / 60_000} minutes`,
    why: "so many paths of this distribution are in progress already (3,000, or 15 wildcards)",
    next: "See who invalidates so much (aws cloudfront list-invalidations), then run the same command again: it asks for what is still owed.",
  });
}

function tooSlow(ids: readonly string[]): SlipwayError {
  const subject =
    ids.length === 1
      ? `The invalidation ${ids[0]} is`
      : `${ids.length} invalidations, among them ${ids[0]}, are`;
  return new SlipwayError("cloud", {
    what: `${subject} still in progress after ${PATIENCE_MS / 60_000} minutes`,
    why: "the CDN has accepted what it was asked and cannot be hurried; it will complete by itself",
    next: "Look at it later: aws cloudfront get-invalidation, or run the deploy again with --wait.",
  });
}
