import { setImmediate } from "node:timers/promises";
import type { Clock } from "../../deploy/ports.ts";

type Sleeper = { readonly due: number; readonly wake: () => void };

/** A clock that stands still until a test moves it; sleepers wake in the order of their time. */
export class ManualClock implements Clock {
  #now: number;
  #sleepers: readonly Sleeper[] = [];

  constructor(start = "2026-03-01T12:00:00Z") {
    this.#now = Date.parse(start);
  }

  now(): Date {
    return new Date(this.#now);
  }

  sleep(milliseconds: number): Promise<void> {
    return new Promise((wake) => {
      this.#sleepers = [...this.#sleepers, { due: this.#now + milliseconds, wake }];
    });
  }

  /** Resolves when what the woken sleepers do without waiting for anything else is done. */
  async move(milliseconds: number): Promise<void> {
    this.#now += milliseconds;
    const due = this.#sleepers.filter((sleeper) => sleeper.due <= this.#now);
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper.due > this.#now);
    for (const { wake } of due.toSorted((a, b) => a.due - b.due)) wake();
    await setImmediate();
  }
}
