import { type Log, messageOf, type Outage, watchOutage } from "../log.ts";
import { backoffMs } from "./backoff.ts";
import type { EventPublisher } from "./event-publisher.ts";
import type { Leadership, Outbox, OutboxSignals, PendingEvent, Settled } from "./outbox.ts";
import { WakeUp } from "./wake-up.ts";

export type RelayDeps = {
  readonly outbox: Outbox;
  readonly signals: OutboxSignals;
  readonly publisher: EventPublisher;
  readonly log: Log;
  readonly now?: () => Date;
  /** From 0 to 1, for the jitter of a backoff. */
  readonly random?: () => number;
  readonly settings?: Partial<RelaySettings>;
};

export type RelaySettings = {
  /** Events under way at a time. */
  readonly batch: number;
  /** The longest rest; makes up for a missed signal, and asks again for the lead. */
  readonly pollMs: number;
};

/** Counted since the start of this process. */
export type RelayCounts = {
  readonly isLeading: boolean;
  readonly routed: number;
  readonly unroutable: number;
  readonly failed: number;
};

const DEFAULTS: RelaySettings = {
  batch: 500,
  pollMs: 5_000,
};

/**
 * Brings what waits in the outbox to the broker: at least once, in the order of storing within a batch,
 * from one process at a time. An event is settled only after the broker has confirmed it; a crash in
 * between publishes it once more, under the same id.
 */
export class Relay {
  readonly #deps: RelayDeps;
  readonly #settings: RelaySettings;
  readonly #wakeUp = new WakeUp();
  readonly #outage: Outage;
  readonly #ended: Promise<void>;
  #isStopping = false;
  #counts: RelayCounts = { isLeading: false, routed: 0, unroutable: 0, failed: 0 };
  #dueAt = Number.POSITIVE_INFINITY;

  private constructor(deps: RelayDeps) {
    this.#deps = deps;
    this.#settings = { ...DEFAULTS, ...deps.settings };
    this.#outage = watchOutage(deps.log, {
      lost: "the outbox cannot be reached; trying again",
      back: "the outbox is reached again",
    });
    deps.publisher.onReady(() => this.#wakeUp.call());
    this.#ended = this.#run();
  }

  /** Starts at once; neither the broker nor the database needs to be there yet. */
  static start(deps: RelayDeps): Relay {
    return new Relay(deps);
  }

  get counts(): RelayCounts {
    return this.#counts;
  }

  /** Begins no further batch, and waits until the one under way is confirmed and settled. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#wakeUp.call();
    await this.#ended;
  }

  async #run(): Promise<void> {
    let unsubscribe: (() => Promise<void>) | undefined;
    while (!this.#isStopping) {
      try {
        unsubscribe ??= await this.#deps.signals.onCommit(() => this.#wakeUp.call());
        const leadership = await this.#deps.signals.lead();
        if (leadership === undefined) this.#outage.works();
        else await this.#lead(leadership);
      } catch (error) {
        this.#outage.fails(error);
      }
      if (!this.#isStopping) await this.#wakeUp.sleep(this.#settings.pollMs);
    }
    await unsubscribe?.().catch((error: unknown) => {
      this.#deps.log.error({ error: messageOf(error) }, "the signals could not be let go");
    });
  }

  async #lead(leadership: Leadership): Promise<void> {
    this.#counts = { ...this.#counts, isLeading: true };
    const wake = () => this.#wakeUp.call();
    leadership.lost.addEventListener("abort", wake);
    let isAtWork = false;
    try {
      while (!this.#isStopping && !leadership.lost.aborted) {
        const restMs = await this.#publishBatch();
        this.#outage.works();
        if (!isAtWork) this.#deps.log.info({}, "publishing the outbox from here");
        isAtWork = true;
        if (restMs > 0 && !this.#isStopping) await this.#wakeUp.sleep(restMs);
      }
    } finally {
      leadership.lost.removeEventListener("abort", wake);
      this.#counts = { ...this.#counts, isLeading: false };
      await leadership.release();
    }
  }

  /** Gives how long there is nothing to do, in milliseconds. */
  async #publishBatch(): Promise<number> {
    const { outbox, publisher } = this.#deps;
    const { batch, pollMs } = this.#settings;
    if (publisher.obstacle() !== undefined) return pollMs;
    const events = await outbox.pending(batch, this.#now());
    if (events.length === 0) return this.#restMs();

    const results = await Promise.all(events.map((event) => this.#publish(event)));
    const settled = results.filter((result) => result !== undefined);
    if (settled.length > 0) await outbox.settle(settled, this.#now());
    this.#count(settled);
    if (settled.length < events.length) return pollMs;
    return events.length === batch ? 0 : this.#restMs();
  }

  /** Undefined when the broker went away meanwhile: the event stays as it is, due at once. */
  async #publish(event: PendingEvent): Promise<Settled | undefined> {
    const { publisher, random = Math.random } = this.#deps;
    const { seq } = event;
    const result = await publisher.publish(event);
    switch (result.kind) {
      case "routed":
      case "unroutable":
        return { kind: "published", seq, outcome: result.kind };
      case "unavailable":
        return undefined;
      case "failed": {
        const restMs = backoffMs(event.attempts + 1, random());
        const dueAt = this.#now().getTime() + restMs;
        this.#dueAt = Math.min(this.#dueAt, dueAt);
        return { kind: "failed", seq, error: result.error, nextTryAt: new Date(dueAt) };
      }
    }
  }

  /** Until the first of the events that failed here is due again, and no longer than a poll. */
  #restMs(): number {
    const untilDue = this.#dueAt - this.#now().getTime();
    if (untilDue <= 0) this.#dueAt = Number.POSITIVE_INFINITY;
    return untilDue <= 0 ? this.#settings.pollMs : Math.min(this.#settings.pollMs, untilDue);
  }

  #count(settled: readonly Settled[]): void {
    const counts = { ...this.#counts };
    for (const one of settled) {
      if (one.kind === "failed") counts.failed++;
      else counts[one.outcome]++;
    }
    const failure = settled.find((one) => one.kind === "failed");
    if (failure !== undefined) {
      const failed = counts.failed - this.#counts.failed;
      this.#deps.log.warn({ failed, error: failure.error }, "events not taken; trying again later");
    }
    this.#counts = counts;
  }

  #now(): Date {
    return this.#deps.now?.() ?? new Date();
  }
}
