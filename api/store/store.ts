import type { MailQueue } from "../mail/mail-queue.ts";
import type { Outbox, OutboxSignals } from "../outbox/outbox.ts";
import type { Users } from "../users/users.ts";

/** One database, and all that is kept in it. */
export type Store = {
  readonly users: Users;
  readonly mails: MailQueue;
  readonly outbox: Outbox;
  readonly signals: OutboxSignals;
  readonly upkeep: Upkeep;
  /** Rejects with StoreUnavailable, or with SchemaMismatch when the tables are not of this release. */
  check(): Promise<void>;
  close(): Promise<void>;
};

export interface Upkeep {
  /**
   * Forgets tokens that expired, and what is older than `before`: notes of consumed messages and of
   * published events, and addresses that somebody last registered then and nobody ever confirmed.
   * Gives how many rows went.
   */
  prune(now: Date, before: Date): Promise<number>;
}

/** The database cannot be reached or takes no work now; the same call may succeed later. */
export class StoreUnavailable extends Error {
  override readonly name: string = "StoreUnavailable";
}

/** The tables are not those of this release: the same call succeeds once somebody has done `next`. */
export class SchemaMismatch extends StoreUnavailable {
  override readonly name = "SchemaMismatch";
  readonly why: string;
  readonly next: string;

  constructor(why: string, next: string, options?: { readonly cause?: unknown }) {
    super(`${why}. ${next}`, options);
    this.why = why;
    this.next = next;
  }
}
