import { statusOf } from "./failure.ts";
import type { AttemptObserver } from "./pace.ts";

/**
 * The SDK's retry middleware asks this for leave before every attempt but the first. It differs from
 * the SDK's own strategy in two points. It reports each attempt, so that the pace can follow. And it
 * has no common budget of retries: that budget protects a server from many clients, and makes a
 * deploy of thousands of files fail in a bad minute; here the pace slows down instead.
 */
export type RetryStrategy = {
  acquireInitialRetryToken(scope: string): Promise<RetryToken>;
  refreshRetryTokenForRetry(
    token: { getRetryCount(): number },
    info: ErrorInfo,
  ): Promise<RetryToken>;
  recordSuccess(token: { getRetryCount(): number }): void;
};

type RetryToken = {
  getRetryCount(): number;
  getRetryDelay(): number;
  getRetryCost(): number | undefined;
  readonly round: number;
  readonly since: number;
};

type ErrorInfo = { readonly errorType: string; readonly error?: unknown };

export type RetryOptions = {
  readonly observer?: AttemptObserver | undefined;
  /** From 0 to 1. */
  readonly random?: (() => number) | undefined;
  /** Milliseconds that only grow. */
  readonly now?: (() => number) | undefined;
};

/** With a quarter of all attempts failing, one request in a million is given up. */
export const MAX_ATTEMPTS = 10;

/**
 * Nobody listens there: no cloud does that, a mistyped endpoint does. Still enough for a local edge that
 * is just being started again, which takes a second.
 */
export const MAX_REFUSED_ATTEMPTS = 6;

/** No attempt begins later than this, so that a single request ends while the deploy's lease lasts. */
const PATIENCE_MS = 60_000;

const FIRST_DELAY_MS = 100;
const FIRST_THROTTLED_DELAY_MS = 200;
const LONGEST_DELAY_MS = 10_000;

const NO_OBSERVER: AttemptObserver = { began: () => 0, succeeded: () => {}, throttled: () => {} };

/** Retries what may pass by itself, after a random part of a doubling delay ("full jitter"). */
export function createRetryStrategy(options: RetryOptions = {}): RetryStrategy {
  const { observer = NO_OBSERVER, random = Math.random, now = () => performance.now() } = options;

  const token = (count: number, delay: number, since: number): RetryToken => ({
    getRetryCount: () => count,
    getRetryDelay: () => delay,
    getRetryCost: () => undefined,
    round: observer.began(),
    since,
  });

  return {
    acquireInitialRetryToken: async () => token(0, 0, now()),

    async refreshRetryTokenForRetry(last, { errorType, error }) {
      const { round, since } = last as RetryToken;
      const throttled = errorType === "THROTTLING" || isOverload(error);
      if (throttled) observer.throttled(round);
      if (!throttled && errorType !== "TRANSIENT") throw new Error("not worth a retry");
      const count = last.getRetryCount() + 1;
      const most = throttled ? MAX_ATTEMPTS : mostAttempts(error);
      if (count >= most || now() - since > PATIENCE_MS) throw new Error("out of attempts");
      const first = throttled ? FIRST_THROTTLED_DELAY_MS : FIRST_DELAY_MS;
      const longest = Math.min(LONGEST_DELAY_MS, first * 2 ** (count - 1));
      return token(count, random() * longest, since);
    },

    recordSuccess() {
      observer.succeeded();
    },
  };
}

/** 503, 429, and no answer in time: by the client's watch, or by S3's (`RequestTimeout`). */
function isOverload(error: unknown): boolean {
  const status = statusOf(error);
  if (status === 503 || status === 429) return true;
  return error instanceof Error && /^(?:TimeoutError|RequestTimeout)$/.test(error.name);
}

function mostAttempts(error: unknown): number {
  if (isRefused(error)) return MAX_REFUSED_ATTEMPTS;
  const status = statusOf(error) ?? 0;
  if (!isClockCorrected(error) || status < 300 || status >= 500) return MAX_ATTEMPTS;
  return DECIDED.has(status) ? 1 : 2;
}

/** Not there, not changed, or no longer what was expected: no clock has a part in that. */
const DECIDED: ReadonlySet<number> = new Set([304, 404, 409, 412]);

/**
 * Where this machine's clock is minutes off, the SDK signs with the server's time from the second attempt on.
 * It then calls every error transient that an answer has, since the offset differs a little each time
 * (@aws-sdk/core, AwsSdkSigV4Signer).
 */
function isClockCorrected(error: unknown): boolean {
  if (!(error instanceof Error) || !("$metadata" in error)) return false;
  const metadata = error.$metadata;
  return typeof metadata === "object" && metadata !== null && "clockSkewCorrected" in metadata;
}

function isRefused(error: unknown): boolean {
  return error instanceof Error && "code" in error && error.code === "ECONNREFUSED";
}
