import { describe, expect, it } from "vitest";
import { HIGHEST_LIMIT, INITIAL_LIMIT } from "../../deploy/aws/adaptive-limit.ts";
import { createPace } from "../../deploy/aws/pace.ts";

/** Tasks that end when they are told to. */
function createTasks(pace: ReturnType<typeof createPace>, count: number) {
  const started: number[] = [];
  const ends: (() => void)[] = [];
  const all = Array.from({ length: count }, (_, index) =>
    pace.run(() => {
      started.push(index);
      return new Promise<void>((end) => ends.push(end));
    }),
  );
  return { started, all: Promise.all(all), end: () => ends.shift()?.() };
}

const turn = () => new Promise((resolve) => setImmediate(resolve));

describe("the pace", () => {
  it("lets a first few run, and the next one when one of them ends, in order", async () => {
    const pace = createPace();
    const tasks = createTasks(pace, 100);
    await turn();
    expect(tasks.started).toHaveLength(INITIAL_LIMIT);
    tasks.end();
    await turn();
    expect(tasks.started).toHaveLength(INITIAL_LIMIT + 1);
    expect(tasks.started).toEqual(tasks.started.toSorted((a, b) => a - b));
  });

  it("lets more run as attempts succeed", async () => {
    const pace = createPace();
    const tasks = createTasks(pace, 1000);
    for (let i = 0; i < 1000; i++) pace.succeeded();
    await turn();
    expect(tasks.started).toHaveLength(HIGHEST_LIMIT);
  });

  it("lets nothing new run after a throttle until enough has ended", async () => {
    const pace = createPace();
    const tasks = createTasks(pace, 100);
    await turn();
    pace.throttled(pace.began());
    for (let i = 0; i < INITIAL_LIMIT / 2; i++) tasks.end();
    await turn();
    expect(tasks.started).toHaveLength(INITIAL_LIMIT);
    tasks.end();
    await turn();
    expect(tasks.started).toHaveLength(INITIAL_LIMIT + 1);
  });

  it("gives a place free when its task fails", async () => {
    const pace = createPace();
    const failing = () => pace.run(() => Promise.reject(new Error("told to")));
    const results = await Promise.allSettled(Array.from({ length: 200 }, failing));
    expect(results.every(({ status }) => status === "rejected")).toBe(true);
    await expect(pace.run(async () => "still there")).resolves.toBe("still there");
  });
});
