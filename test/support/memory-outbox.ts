import { makeEvent } from "../../api/events/envelope.ts";
import type { NewEvent } from "../../api/events/new-event.ts";
import type {
  Leadership,
  Outbox,
  OutboxSignals,
  PendingEvent,
  Settled,
} from "../../api/outbox/outbox.ts";

type Row = PendingEvent & {
  readonly nextTryAt: Date;
  readonly error?: string;
  readonly published?: { readonly at: Date; readonly outcome: "routed" | "unroutable" };
};

/** An outbox in memory, with its signals. Fails on demand, as a database does. */
export class MemoryOutbox implements Outbox, OutboxSignals {
  #rows: readonly Row[] = [];
  #wakers: readonly (() => void)[] = [];
  #leader: AbortController | undefined;
  /** Each method rejects with it while it is set. */
  failure: Error | undefined;
  /** Whether another process holds the lead. */
  isLedElsewhere = false;
  readonly settledAt: number[] = [];

  /** As a committed transaction does. */
  add(events: readonly NewEvent[], createdAt = new Date()): void {
    const first = this.#rows.length + 1;
    const rows = events.map((event, index) => ({
      ...{ ...event, seq: first + index, attempts: 0 },
      ...{ createdAt, nextTryAt: createdAt },
    }));
    this.#rows = [...this.#rows, ...rows];
    for (const wake of this.#wakers) wake();
  }

  rows(): readonly Row[] {
    return this.#rows;
  }

  async pending(limit: number, now: Date): Promise<readonly PendingEvent[]> {
    this.#failIfTold();
    return this.#rows
      .filter((row) => row.published === undefined && row.nextTryAt <= now)
      .slice(0, limit);
  }

  async settle(settled: readonly Settled[], now: Date): Promise<void> {
    this.#failIfTold();
    this.settledAt.push(settled.length);
    const bySeq = new Map(settled.map((one) => [one.seq, one]));
    this.#rows = this.#rows.map((row) => settle(row, bySeq.get(row.seq), now));
  }

  async status() {
    this.#failIfTold();
    const pending = this.#rows.filter(({ published }) => published === undefined);
    return {
      pending: pending.length,
      failing: pending.filter(({ attempts }) => attempts > 0).length,
      oldestPending: pending[0]?.createdAt,
      unroutable: this.#rows.filter(({ published }) => published?.outcome === "unroutable").length,
      lastError: pending.findLast(({ error }) => error !== undefined)?.error,
    };
  }

  async republish(): Promise<number> {
    throw new Error("no test needs it");
  }

  async onCommit(wake: () => void): Promise<() => Promise<void>> {
    this.#failIfTold();
    this.#wakers = [...this.#wakers, wake];
    return async () => {
      this.#wakers = this.#wakers.filter((one) => one !== wake);
    };
  }

  async lead(): Promise<Leadership | undefined> {
    this.#failIfTold();
    if (this.isLedElsewhere || this.#leader !== undefined) return undefined;
    const leader = new AbortController();
    this.#leader = leader;
    return {
      lost: leader.signal,
      release: async () => {
        this.#leader = undefined;
      },
    };
  }

  /** As a database does that loses the connection which held the lead. */
  loseLead(): void {
    this.isLedElsewhere = true;
    this.#leader?.abort();
  }

  hasLeader(): boolean {
    return this.#leader !== undefined;
  }

  hasListeners(): boolean {
    return this.#wakers.length > 0;
  }

  #failIfTold(): void {
    if (this.failure !== undefined) throw this.failure;
  }
}

function settle(row: Row, settled: Settled | undefined, at: Date): Row {
  if (settled === undefined || row.published !== undefined) return row;
  switch (settled.kind) {
    case "published":
      return { ...row, published: { at, outcome: settled.outcome } };
    case "failed": {
      const { error, nextTryAt } = settled;
      return { ...row, attempts: row.attempts + 1, error, nextTryAt };
    }
  }
}

/** Events as a registration makes them. */
export function someEvents(count: number): readonly NewEvent[] {
  return Array.from({ length: count }, () => {
    const userId = crypto.randomUUID();
    return makeEvent("user.registered.v1", {
      ...{ source: "/api", subject: userId, time: new Date() },
      data: { userId, locale: "en" },
    });
  });
}
