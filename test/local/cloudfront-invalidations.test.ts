import { describe, expect, it } from "vitest";
import { createAllInvalidations } from "../../deploy/local/edge/cloudfront/all-invalidations.ts";
import {
  createInvalidations,
  type Invalidation,
} from "../../deploy/local/edge/cloudfront/invalidations.ts";
import type { RecordFiles } from "../../deploy/local/edge/cloudfront/record-files.ts";
import { ManualClock } from "../support/manual-clock.ts";

/** A disk that holds its writes back, or fails them, on demand. */
class FakeFiles implements RecordFiles<Invalidation> {
  readonly saved = new Map<string, Invalidation>();
  failure: Error | undefined;
  hold: Promise<void> | undefined;

  async save(invalidation: Invalidation): Promise<void> {
    await this.hold;
    if (this.failure !== undefined) throw this.failure;
    this.saved.set(invalidation.id, invalidation);
  }

  async remove(id: string): Promise<void> {
    this.saved.delete(id);
  }
}

function start() {
  const files = new FakeFiles();
  const clock = new ManualClock();
  const effects: (readonly string[])[] = [];
  const faults: unknown[] = [];
  const invalidations = createInvalidations({
    distribution: "E1",
    saved: [],
    files,
    clock,
    delayMs: 300,
    takeEffect: (paths) => effects.push(paths),
    onFault: (error) => faults.push(error),
  });
  return { files, clock, effects, faults, invalidations };
}

function holdWrites(files: FakeFiles): () => void {
  let release = () => {};
  files.hold = new Promise((resolve) => {
    release = resolve;
  });
  return release;
}

const batch = (callerReference: string) => ({ paths: ["/a"], callerReference });

describe("an invalidation", () => {
  it("is acknowledged only when it is on the disk, to all who asked for it", async () => {
    const { files, clock, invalidations } = start();
    const release = holdWrites(files);
    const answers: string[] = [];
    const asked = ["first", "second"].map(async (name) => {
      await invalidations.create(batch("same"));
      answers.push(name);
    });
    await clock.move(1_000);
    expect(answers).toEqual([]);
    release();
    await Promise.all(asked);
    expect(answers).toEqual(["first", "second"]);
    expect(files.saved.size).toBe(1);
  });

  it("that cannot be written down never was, and may be asked for again", async () => {
    const { files, clock, effects, invalidations } = start();
    files.failure = new Error("disk full");
    await expect(invalidations.create(batch("r"))).rejects.toThrow("disk full");
    expect(invalidations.list()).toEqual([]);
    await clock.move(1_000);
    expect(effects).toEqual([]);
    files.failure = undefined;
    await invalidations.create(batch("r"));
    await clock.move(300);
    expect(effects).toHaveLength(1);
  });

  it("is completed in the very step in which it takes effect", async () => {
    const { files, clock, effects, invalidations } = start();
    const { id } = await invalidations.create(batch("r"));
    const release = holdWrites(files);
    const moved = clock.move(300);
    expect(effects).toHaveLength(0);
    expect(invalidations.get(id)?.status).toBe("InProgress");
    await moved;
    expect(effects).toHaveLength(1);
    expect(invalidations.get(id)?.status).toBe("Completed");
    release();
  });

  it("takes effect although its end cannot be written down, and the reason is told", async () => {
    const { files, clock, effects, faults, invalidations } = start();
    await invalidations.create(batch("r"));
    files.failure = new Error("disk full");
    await clock.move(300);
    expect(effects).toHaveLength(1);
    expect(faults).toEqual([files.failure]);
  });
});

describe("closing", () => {
  it("waits for what is being written, and lets nothing take effect afterwards", async () => {
    const { files, clock, effects, invalidations } = start();
    await invalidations.create(batch("one"));
    await clock.move(200);
    await invalidations.create(batch("two"));
    const release = holdWrites(files);
    await clock.move(100);
    let isClosed = false;
    const closed = invalidations.close().then(() => {
      isClosed = true;
    });
    await clock.move(1_000);
    expect(isClosed).toBe(false);
    release();
    await closed;
    expect(effects).toHaveLength(1);
    expect([...files.saved.values()].map(({ status }) => status)).toEqual([
      "Completed",
      "InProgress",
    ]);
  });
});

it("of more than 1,000 invalidations the oldest completed ones are forgotten", async () => {
  const { files, clock, invalidations } = start();
  for (let i = 0; i < 1_005; i++) await invalidations.create(batch(`r${i}`));
  expect(invalidations.list()).toHaveLength(1_005);
  await clock.move(300);
  expect(invalidations.list()).toHaveLength(1_000);
  expect(files.saved.size).toBe(1_000);
  expect(invalidations.list().at(-1)?.callerReference).toBe("r5");
});

it("those in progress at the end go on at the next start, one that names no distribution in the first", async () => {
  const clock = new ManualClock();
  const effects: (readonly string[])[] = [];
  const saved = [
    { id: "I1", sequence: 1, callerReference: "old", paths: ["/old"] },
    { id: "I2", sequence: 1, callerReference: "new", paths: ["/new"], distribution: "E2" },
  ].map((each) => ({ ...each, createdAt: 0, status: "InProgress" as const }));
  const all = createAllInvalidations({
    saved,
    ownId: "E1",
    files: new FakeFiles(),
    clock,
    delayMs: 300,
    takeEffect: (distribution, paths) => effects.push([distribution, ...paths]),
  });
  await clock.move(300);
  expect(effects).toEqual([
    ["E1", "/old"],
    ["E2", "/new"],
  ]);
  expect(all.of("E1").list()).toMatchObject([{ id: "I1", status: "Completed" }]);
  expect(all.of("E2").get("I1")).toBeUndefined();
});
