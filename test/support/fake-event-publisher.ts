import { setImmediate } from "node:timers/promises";
import type { NewEvent } from "../../api/events/new-event.ts";
import type { EventPublisher, PublishResult } from "../../api/outbox/event-publisher.ts";

/** A broker that does what it is told, and remembers what it was given, in order. */
export class FakeEventPublisher implements EventPublisher {
  readonly received: NewEvent[] = [];
  /** What becomes of an event. */
  answer: (event: NewEvent) => PublishResult | Promise<PublishResult> = () => ({ kind: "routed" });
  /** The most that were under way at a time. */
  peak = 0;
  #obstacle: string | undefined;
  #underWay = 0;
  #ready: readonly (() => void)[] = [];

  obstruct(why: string): void {
    this.#obstacle = why;
  }

  clear(): void {
    this.#obstacle = undefined;
    for (const listener of this.#ready) listener();
  }

  obstacle(): string | undefined {
    return this.#obstacle;
  }

  onReady(listener: () => void): void {
    this.#ready = [...this.#ready, listener];
  }

  async publish(event: NewEvent): Promise<PublishResult> {
    this.received.push(event);
    this.#underWay++;
    this.peak = Math.max(this.peak, this.#underWay);
    await setImmediate();
    const result = await this.answer(event);
    this.#underWay--;
    return result;
  }
}
