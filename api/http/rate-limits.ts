import type { RateLimitOptions } from "@fastify/rate-limit";
import type { FastifyInstance, FastifyRequest, onRequestAsyncHookHandler } from "fastify";
import { Problem } from "./problems.ts";

export type RateLimit = { readonly max: number; readonly windowMs: number };

/** For one address: enough for an office behind one router, too little to try out addresses. */
export const POST_LIMITS: readonly RateLimit[] = [
  { max: 5, windowMs: 60_000 },
  { max: 20, windowMs: 60 * 60_000 },
];

/** How many visitors each limit knows; beyond that it forgets who came longest ago. */
const VISITORS = 20_000;

/**
 * A hook that counts a request against each limit, and answers 429 with Retry-After once one is
 * exceeded. The routes that share the hook share the counts. They live in this process: with several
 * processes each counts for itself. An IPv6 address counts as its /64, which one household has.
 */
export function limitRate(
  app: FastifyInstance,
  limits: readonly RateLimit[],
): onRequestAsyncHookHandler {
  const checks = limits.map(({ max, windowMs }) => {
    const options: RateLimitOptions = { max, timeWindow: windowMs, cache: VISITORS };
    return app.createRateLimit(options);
  });
  return async (request: FastifyRequest) => {
    const results = await Promise.all(checks.map((check) => check(request)));
    const waits = results.map((result) =>
      !result.isAllowed && result.isExceeded ? result.ttlInSeconds : 0,
    );
    const retryAfter = Math.max(...waits);
    if (retryAfter > 0) {
      throw new Problem("rate-limited", `Please try again in ${retryAfter} seconds.`, {
        retryAfter,
      });
    }
  };
}
