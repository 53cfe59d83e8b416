import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, onTestFinished, test } from "vitest";
import { Relay, type RelaySettings } from "../../../api/outbox/relay.ts";
import { eventually } from "../../support/eventually.ts";
import { FakeEventPublisher } from "../../support/fake-event-publisher.ts";
import { MemoryOutbox, someEvents } from "../../support/memory-outbox.ts";
import { quietLog } from "../../support/quiet-log.ts";

/** Longer than any test: whoever needs a poll asks for it. */
const NEVER = 60_000;

describe("the relay", () => {
  test("publishes what waits, in the order of storing, and settles it", async () => {
    const world = start();
    const events = someEvents(20);
    world.outbox.add(events);
    await world.allPublished();
    expect(world.publisher.received.map(({ id }) => id)).toEqual(events.map(({ id }) => id));
    expect(world.relay.counts).toEqual({ isLeading: true, routed: 20, unroutable: 0, failed: 0 });
  });

  test("wakes for a commit, long before it would poll", async () => {
    const world = start();
    await eventually(() => world.outbox.hasLeader() || undefined, patience);
    await sleep(50);
    world.outbox.add(someEvents(1));
    await world.allPublished();
  });

  test("finds by polling what no signal told of", async () => {
    const world = start({ pollMs: 30 });
    await eventually(() => world.outbox.hasLeader() || undefined, patience);
    const silently = new MemoryOutbox();
    silently.add(someEvents(1));
    world.outbox.pending = (limit, now) => silently.pending(limit, now);
    world.outbox.settle = (settled, now) => silently.settle(settled, now);
    await eventually(() => silently.rows()[0]?.published, patience);
  });

  test("has at most a batch under way, and settles each batch in one transaction", async () => {
    const world = start({ batch: 50 });
    world.outbox.add(someEvents(120));
    await world.allPublished();
    expect(world.publisher.peak).toBe(50);
    expect(world.outbox.settledAt).toEqual([50, 50, 20]);
  });

  test("notes what the broker dropped as unroutable", async () => {
    const world = start();
    world.publisher.answer = () => ({ kind: "unroutable" });
    world.outbox.add(someEvents(3));
    await world.allPublished();
    expect((await world.outbox.status()).unroutable).toBe(3);
    expect(world.relay.counts.unroutable).toBe(3);
  });

  test("lets a refused event rest, longer each time, while the others go on", async () => {
    const world = start({ pollMs: 10 });
    const [bad, good] = someEvents(2);
    if (bad === undefined || good === undefined) throw new Error("two were made");
    world.publisher.answer = ({ id }) =>
      id === bad.id ? { kind: "failed", error: "a queue is full" } : { kind: "routed" };
    world.outbox.add([bad, good]);
    await eventually(() => world.row(good.id).published, patience);
    const first = world.row(bad.id);
    expect(first).toMatchObject({ attempts: 1, error: "a queue is full" });
    const rest = first.nextTryAt.getTime() - Date.now();
    expect(rest).toBeGreaterThan(300);
    expect(rest).toBeLessThan(1_000);
    world.outbox.add(someEvents(5));
    await eventually(() => world.relay.counts.routed === 6 || undefined, patience);
    expect(world.row(bad.id).attempts).toBe(1);

    world.publisher.answer = () => ({ kind: "routed" });
    await world.allPublished();
  });

  test("tries a rested event when its time has come, not only at the next poll", async () => {
    const world = start({ pollMs: NEVER });
    let tries = 0;
    world.publisher.answer = () => {
      tries++;
      return tries === 1 ? { kind: "failed", error: "nack" } : { kind: "routed" };
    };
    world.outbox.add(someEvents(1));
    await world.allPublished();
    expect(tries).toBe(2);
  });

  test("takes nothing out while the broker is away, and goes on when it is back", async () => {
    const world = start();
    world.publisher.obstruct("not connected");
    world.outbox.add(someEvents(2));
    await sleep(60);
    expect(world.publisher.received).toEqual([]);
    world.publisher.clear();
    await world.allPublished();
  });

  test("counts no try against events that were under way when the broker went", async () => {
    const world = start();
    world.publisher.answer = () => {
      world.publisher.obstruct("the connection was lost");
      return { kind: "unavailable", error: "the connection was lost" };
    };
    world.outbox.add(someEvents(4));
    await eventually(() => world.publisher.received.length === 4 || undefined, patience);
    await sleep(30);
    expect(world.outbox.rows().map(({ attempts }) => attempts)).toEqual([0, 0, 0, 0]);
    world.publisher.answer = () => ({ kind: "routed" });
    world.publisher.clear();
    await world.allPublished();
  });

  test("publishes nothing while another process leads, and takes over from it", async () => {
    const world = start({ pollMs: 20 }, { isLedElsewhere: true });
    world.outbox.add(someEvents(1));
    await sleep(60);
    expect(world.publisher.received).toEqual([]);
    expect(world.relay.counts.isLeading).toBe(false);
    world.outbox.isLedElsewhere = false;
    await world.allPublished();
  });

  test("begins nothing more when it has lost the lead", async () => {
    const world = start({ pollMs: 20 });
    await eventually(() => world.relay.counts.isLeading || undefined, patience);
    world.outbox.loseLead();
    await eventually(() => !world.relay.counts.isLeading || undefined, patience);
    world.outbox.add(someEvents(1));
    await sleep(60);
    expect(world.publisher.received).toEqual([]);
  });

  test("outlives a database that is away", async () => {
    const world = start({ pollMs: 20 });
    await eventually(() => world.relay.counts.isLeading || undefined, patience);
    world.outbox.failure = new Error("the database is away");
    world.outbox.add(someEvents(1));
    await eventually(
      () => world.log.lines.find((line) => line.includes("the database is away")),
      patience,
    );
    // Some polls later it has said so once, and that it is over.
    await sleep(150);
    world.outbox.failure = undefined;
    await world.allPublished();
    const told = world.log.lines.filter((line) => line.startsWith("the outbox"));
    expect(told).toEqual([
      'the outbox cannot be reached; trying again {"reason":"the database is away"}',
      "the outbox is reached again {}",
    ]);
  });

  test("publishes again, under the same id, what it could not settle", async () => {
    const world = start({ pollMs: 20 });
    const events = someEvents(1);
    world.publisher.answer = () => {
      world.outbox.failure =
        world.publisher.received.length === 1 ? new Error("killed") : undefined;
      return { kind: "routed" };
    };
    world.outbox.add(events);
    await eventually(() => world.log.lines.find((line) => line.includes("killed")), patience);
    world.outbox.failure = undefined;
    await world.allPublished();
    expect(world.publisher.received.map(({ id }) => id)).toEqual([events[0]?.id, events[0]?.id]);
  });

  test("waits for the batch under way when it is stopped, and begins no other", async () => {
    const world = start({ batch: 2 });
    const confirms: (() => void)[] = [];
    world.publisher.answer = async () => {
      await new Promise<void>((resolve) => confirms.push(resolve));
      return { kind: "routed" };
    };
    world.outbox.add(someEvents(4));
    await eventually(() => confirms.length === 2 || undefined, patience);
    let hasStopped = false;
    const stopped = world.relay.stop().then(() => {
      hasStopped = true;
    });
    await sleep(30);
    expect(hasStopped).toBe(false);
    for (const confirm of confirms) confirm();
    await stopped;
    expect(world.outbox.rows().map(({ published }) => published?.outcome)).toEqual([
      ...["routed", "routed", undefined, undefined],
    ]);
    expect(world.outbox.hasLeader()).toBe(false);
    expect(world.outbox.hasListeners()).toBe(false);
  });
});

const patience = { seconds: 5, describe: () => "it did not come" };

function start(settings: Partial<RelaySettings> = {}, { isLedElsewhere = false } = {}) {
  const outbox = new MemoryOutbox();
  outbox.isLedElsewhere = isLedElsewhere;
  const publisher = new FakeEventPublisher();
  const log = quietLog();
  const relay = Relay.start({
    ...{ outbox, signals: outbox, publisher, log },
    settings: { pollMs: NEVER, ...settings },
  });
  onTestFinished(() => relay.stop());
  return {
    ...{ outbox, publisher, log, relay },
    row(id: string) {
      const row = outbox.rows().find((one) => one.id === id);
      if (row === undefined) throw new Error(`no row ${id}`);
      return row;
    },
    async allPublished() {
      await eventually(
        () => outbox.rows().every(({ published }) => published !== undefined) || undefined,
        { seconds: 5, describe: () => JSON.stringify(outbox.rows(), null, 2) },
      );
    },
  };
}
