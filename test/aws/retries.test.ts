import { describe, expect, it } from "vitest";
import {
  createRetryStrategy,
  MAX_ATTEMPTS,
  MAX_REFUSED_ATTEMPTS,
} from "../../deploy/aws/retries.ts";

function createWatched() {
  const seen: string[] = [];
  let now = 0;
  const strategy = createRetryStrategy({
    observer: {
      began: () => {
        seen.push("began");
        return 7;
      },
      succeeded: () => seen.push("succeeded"),
      throttled: (round) => seen.push(`throttled in ${round}`),
    },
    random: () => 0.5,
    now: () => now,
  });
  const pass = (milliseconds: number) => {
    now += milliseconds;
  };
  return { seen, strategy, pass };
}

const answered = (httpStatusCode: number) =>
  Object.assign(new Error("told to"), { $metadata: { httpStatusCode } });
const named = (name: string) => Object.assign(new Error("told to"), { name });

describe("a retry", () => {
  it.each([
    ["a throttling code", { errorType: "THROTTLING", error: named("SlowDown") }],
    ["503", { errorType: "TRANSIENT", error: answered(503) }],
    ["429", { errorType: "CLIENT_ERROR", error: answered(429) }],
    ["silence", { errorType: "TRANSIENT", error: named("TimeoutError") }],
    ["S3's own impatience", { errorType: "TRANSIENT", error: named("RequestTimeout") }],
  ])("after %s tells the pace", async (_, info) => {
    const { seen, strategy } = createWatched();
    const token = await strategy.acquireInitialRetryToken("");
    strategy.recordSuccess(await strategy.refreshRetryTokenForRetry(token, info));
    expect(seen).toEqual(["began", "throttled in 7", "began", "succeeded"]);
  });

  it("after a broken connection does not", async () => {
    const { seen, strategy } = createWatched();
    const token = await strategy.acquireInitialRetryToken("");
    await strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT", error: named("x") });
    expect(seen).toEqual(["began", "began"]);
  });

  it("waits a random part of a delay that doubles up to a limit", async () => {
    const { strategy } = createWatched();
    let token = await strategy.acquireInitialRetryToken("");
    const delays: number[] = [];
    for (let i = 1; i < MAX_ATTEMPTS; i++) {
      token = await strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT" });
      delays.push(token.getRetryDelay());
    }
    expect(delays.slice(0, 4)).toEqual([50, 100, 200, 400]);
    expect(Math.max(...delays)).toBe(5000);
    const once = strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT" });
    await expect(once).rejects.toThrow("out of attempts");
  });

  it("of a connection that is refused is given up sooner", async () => {
    const { strategy } = createWatched();
    const error = Object.assign(new Error("told to"), { code: "ECONNREFUSED" });
    let token = await strategy.acquireInitialRetryToken("");
    for (let i = 1; i < MAX_REFUSED_ATTEMPTS; i++) {
      token = await strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT", error });
    }
    const once = strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT", error });
    await expect(once).rejects.toThrow("out of attempts");
    expect(MAX_REFUSED_ATTEMPTS).toBeLessThan(MAX_ATTEMPTS);
  });

  // On a machine whose clock is off, the SDK calls all of these transient.
  it.each([
    [304, 1],
    [404, 1],
    [412, 1],
    [403, 2],
    [500, MAX_ATTEMPTS],
  ])("of a %i with a corrected clock makes %i attempts in all", async (httpStatusCode, most) => {
    const { strategy } = createWatched();
    const $metadata = { httpStatusCode, clockSkewCorrected: true };
    const error = Object.assign(new Error("told to"), { $metadata });
    let token = await strategy.acquireInitialRetryToken("");
    for (let i = 1; i < most; i++) {
      token = await strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT", error });
    }
    const once = strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT", error });
    await expect(once).rejects.toThrow("out of attempts");
  });

  it("is not begun for an error of ours, nor after a minute", async () => {
    const { strategy, pass } = createWatched();
    const token = await strategy.acquireInitialRetryToken("");
    const denied = strategy.refreshRetryTokenForRetry(token, { errorType: "CLIENT_ERROR" });
    await expect(denied).rejects.toThrow("not worth");
    pass(60_001);
    const late = strategy.refreshRetryTokenForRetry(token, { errorType: "TRANSIENT" });
    await expect(late).rejects.toThrow("out of attempts");
  });
});
