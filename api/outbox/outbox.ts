import type { NewEvent } from "../events/new-event.ts";

/**
 * The outbox: events wait in the same database as what they tell of, written in the same
 * transaction, until the broker has confirmed them. So none is lost, and none tells of something that
 * was rolled back. A store implements these ports; the relay and the operator's commands use them.
 */

export type PendingEvent = NewEvent & {
  /** Grows with each row, but rows may be committed in another order: never read "after seq n". */
  readonly seq: number;
  /** How often it was tried in vain. */
  readonly attempts: number;
  readonly createdAt: Date;
};

/** What the broker did with a published event; `unroutable`: nobody was interested, it dropped it. */
export type PublishOutcome = "routed" | "unroutable";

/** What became of one pending event. */
export type Settled =
  | { readonly kind: "published"; readonly seq: number; readonly outcome: PublishOutcome }
  | {
      readonly kind: "failed";
      readonly seq: number;
      readonly error: string;
      readonly nextTryAt: Date;
    };

export type OutboxStatus = {
  /** Not published yet, failing ones included. */
  readonly pending: number;
  /** Pending, and tried in vain at least once. */
  readonly failing: number;
  /** When the oldest pending event was stored. */
  readonly oldestPending: Date | undefined;
  /** Published, dropped by the broker, and not pruned yet. */
  readonly unroutable: number;
  /** Of the pending event that failed last. */
  readonly lastError: string | undefined;
};

/** Every method rejects when the store cannot be reached; nothing is half-done then. */
export interface Outbox {
  /** At most `limit` unpublished events whose next try is due at `now`, in the order of `seq`. */
  pending(limit: number, now: Date): Promise<readonly PendingEvent[]>;
  /**
   * Writes all of it in one transaction. An event that is no longer pending stays as it is, so that a
   * late failure never undoes a success.
   */
  settle(settled: readonly Settled[], now: Date): Promise<void>;
  status(now: Date): Promise<OutboxStatus>;
  /** Makes the events that the broker dropped since then pending again; gives how many. */
  republish(filter: { readonly outcome: "unroutable"; readonly since: Date }): Promise<number>;
}

/** What this process holds while it alone may publish. */
export type Leadership = {
  /** Aborted when the lead is lost, for instance with the connection that held it. */
  readonly lost: AbortSignal;
  release(): Promise<void>;
};

/** How a relay learns that there is something to do, and that it is the one to do it. */
export interface OutboxSignals {
  /**
   * Calls `wake` soon after a transaction that added events, of any process; a missed call is made up
   * for by polling. Gives what ends it.
   */
  onCommit(wake: () => void): Promise<() => Promise<void>>;
  /** The lead over all processes on this store, or undefined while another holds it. */
  lead(): Promise<Leadership | undefined>;
}
