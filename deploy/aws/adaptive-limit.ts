/**
 * How many requests may be under way at once, learned from the answers: additive increase,
 * multiplicative decrease, as TCP shares a line (RFC 5681 section 3.1). S3 scales a prefix up slowly
 * and says SlowDown meanwhile (S3-UG "Best practices design patterns").
 */
export type AdaptiveLimit = {
  /** Not whole: below the threshold it grows by one with each success, above by a share of one. */
  readonly limit: number;
  /** Half of what was once too much; from here on it grows slowly. */
  readonly threshold: number;
  /** Counts the decreases. A request belongs to the round in which it was sent. */
  readonly round: number;
};

export const INITIAL_LIMIT = 16;
export const HIGHEST_LIMIT = 128;

/**
 * Places that a full round of successes adds, once it was throttled. Enough that a server which
 * refuses at random, and not because of us, does not bring a deploy to a crawl.
 */
const STEP = 16;

export const START: AdaptiveLimit = { limit: INITIAL_LIMIT, threshold: HIGHEST_LIMIT, round: 0 };

/** The limit after an answer that was neither throttled nor late. */
export function afterSuccess(state: AdaptiveLimit): AdaptiveLimit {
  const { limit, threshold } = state;
  const grown = limit + (limit < threshold ? 1 : STEP / limit);
  return { ...state, limit: Math.min(HIGHEST_LIMIT, grown) };
}

/**
 * The limit after a request of `round` was throttled or timed out: half, but never below one. What
 * was sent before the last decrease knows nothing of it, so a burst of refusals halves once.
 */
export function afterThrottle(state: AdaptiveLimit, round: number): AdaptiveLimit {
  if (round < state.round) return state;
  const limit = Math.max(1, state.limit / 2);
  return { limit, threshold: limit, round: state.round + 1 };
}
