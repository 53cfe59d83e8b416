import { describe, expect, it } from "vitest";
import { applyStages } from "../../deploy/commands/apply.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import type { ObjectStore, Proceed } from "../../deploy/ports.ts";
import { planFor, sourceFile } from "../support/builders.ts";
import { createMemoryObjectStore } from "../support/memory-object-store.ts";

const big = sourceFile("big.3f2a9c01d4.mp4", "0123456789");
const page = sourceFile("index.html");
const { stages } = planFor([big, page]);

/** A store in memory whose uploads do what `travel` says before they take effect. */
function createWorld(travel: (proceed: Proceed, key: string) => Promise<void>) {
  const memory = createMemoryObjectStore();
  const store: ObjectStore = {
    ...memory,
    async putFile(file, proceed = async () => {}) {
      await proceed(0);
      await travel(proceed, file.key);
      return await memory.putFile(file);
    },
  };
  const events: ProgressEvent[] = [];
  const interruption = { requested: false };
  let assured = 0;
  const lease = {
    lost: undefined as SlipwayError | undefined,
    async assure() {
      assured += 1;
      if (lease.lost !== undefined) throw lease.lost;
    },
    isOver: () => false,
    release: async () => true,
    abandon: async () => {},
  };
  const ports = { store, interruption, reporter: { report: (e: ProgressEvent) => events.push(e) } };
  return {
    interruption,
    lease,
    events,
    assured: () => assured,
    stored: () => [...memory.objects.keys()],
    async apply() {
      const { outcomes } = await applyStages(stages, lease, ports);
      return Object.fromEntries(outcomes.map(({ key, outcome }) => [key, outcome.kind]));
    },
  };
}

describe("a file that travels for long", () => {
  it("has the lease assured with every part, and tells its bytes once", async () => {
    const world = createWorld(async (proceed, key) => {
      if (key === page.key) return;
      for (const bytes of [4, 0, 3]) await proceed(bytes);
    });
    expect(await world.apply()).toEqual({ [big.key]: "done", [page.key]: "done" });
    // Each of the two is asked for when it is handed over and when its turn comes.
    expect(world.assured()).toBe(2 * 2 + 3);
    expect(world.events.slice(0, 3)).toEqual([
      { kind: "bytes-confirmed", bytes: 4 },
      { kind: "bytes-confirmed", bytes: 3 },
      { kind: "write-finished", key: big.key, bytes: 3 },
    ]);
  });

  it("is given up when somebody asks to stop, and so is everything after it", async () => {
    const world = createWorld(async (proceed) => {
      world.interruption.requested = true;
      await proceed(4);
    });
    expect(await world.apply()).toEqual({ [big.key]: "not-reached", [page.key]: "not-reached" });
    expect(world.stored()).toEqual([]);
  });

  it("fails when the lease is lost on the way, and nothing is stored", async () => {
    const world = createWorld(async (proceed) => {
      world.lease.lost = new SlipwayError("locked", { what: "lost", why: "-", next: "-" });
      await proceed(4);
    });
    expect(await world.apply()).toEqual({ [big.key]: "failed", [page.key]: "not-reached" });
    expect(world.stored()).toEqual([]);
  });
});
