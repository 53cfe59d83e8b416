import { SlipwayError } from "../core/errors.ts";
import type { Invalidation } from "../core/invalidation.ts";
import type { UrlPath } from "../core/keys.ts";
import type { InvalidationReceipt } from "../core/results.ts";
import type { Cdn, Clock, InvalidationTicket, Reporter } from "../ports.ts";

export type InvalidationPorts = {
  /** Absent when the environment has no distribution: then there is nothing to forget. */
  readonly cdn: Cdn | undefined;
  readonly clock: Clock;
  readonly reporter: Reporter;
};

export type InvalidationOrder = {
  readonly invalidation: Invalidation;
  /** Names this order to the CDN, so that asking twice is asking once. */
  readonly reference: string;
  readonly wait: boolean;
};

/** "complete under 25 s P95" (announcement of 2026-04); ten minutes is the SDK waiter's own bound. */
const PATIENCE_MS = 600_000;
const FIRST_PAUSE_MS = 200;
const LONGEST_PAUSE_MS = 10_000;

/** What is kept alive while waiting: the lease of a deploy; nothing for an operator's order. */
export type KeptAlive = { assure(): Promise<void> } | undefined;

/** Asks the CDN to forget, and waits until it has if told to. Nothing to forget gives no receipt. */
export async function invalidate(
  order: InvalidationOrder,
  keptAlive: KeptAlive,
  ports: InvalidationPorts,
): Promise<readonly InvalidationReceipt[]> {
  const { invalidation, reference, wait } = order;
  const { cdn, clock, reporter } = ports;
  if (invalidation.kind === "none" || cdn === undefined) return [];
  const paths = pathsOf(invalidation);
  const started = clock.now();
  const everything = invalidation.kind === "everything";
  reporter.report({ kind: "invalidation-started", paths: paths.length, everything });
  const ticket = await cdn.invalidate(paths, reference);
  const last = wait ? await waitFor(ticket, keptAlive, { cdn, clock }) : ticket;
  if (last.state === "completed") {
    const seconds = (clock.now().getTime() - started.getTime()) / 1000;
    reporter.report({ kind: "invalidation-finished", seconds });
  }
  return [{ ...last, invalidation }];
}

function pathsOf(invalidation: Exclude<Invalidation, { kind: "none" }>): readonly UrlPath[] {
  switch (invalidation.kind) {
    case "paths":
      return invalidation.paths;
    case "everything":
      return ["/*" as UrlPath];
  }
}

async function waitFor(
  first: InvalidationTicket,
  keptAlive: KeptAlive,
  { cdn, clock }: { readonly cdn: Cdn; readonly clock: Clock },
): Promise<InvalidationTicket> {
  const deadline = clock.now().getTime() + PATIENCE_MS;
  let ticket = first;
  let pause = FIRST_PAUSE_MS;
  while (ticket.state === "in-progress") {
    if (clock.now().getTime() > deadline) throw tooSlow(ticket.id);
    await clock.sleep(pause);
    await keptAlive?.assure();
    pause = Math.min(pause * 1.5, LONGEST_PAUSE_MS);
    ticket = await cdn.invalidation(ticket.id);
  }
  return ticket;
}

function tooSlow(id: string): SlipwayError {
  return new SlipwayError("cloud", {
    what: `The invalidation ${id} is still in progress after ${PATIENCE_MS / 60_000} minutes`,
    why: "the CDN has accepted it and cannot be hurried; it will complete by itself",
    next: "Look at it later: aws cloudfront get-invalidation, or run the deploy again with --wait.",
  });
}
