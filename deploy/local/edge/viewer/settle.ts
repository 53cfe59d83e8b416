import { isKeptForRevalidation } from "../../../edge/freshness.ts";
import { readCacheTags } from "../../../edge/invalidation-match.ts";
import { hasLifetime } from "./cache-entry.ts";
import type { Fetched } from "./edge-cache.ts";
import { timesOf } from "./entry-times.ts";
import { createGate } from "./gate.ts";
import { headerLine } from "./header-map.ts";
import { type EntryPlan, loadEntry, MAX_HELD_BYTES, TooLargeToHold } from "./load-entry.ts";
import { discard, type FullAnswer } from "./origin-answer.ts";
import type { Question } from "./question.ts";

/** Answers read into memory at the same time; with the size they are held up to, it bounds memory. */
const CONCURRENT_READS = 16;

/**
 * Makes of an origin's answer what the cache can keep. One that it may not keep, or that is too large
 * to be held, passes through to the viewer who asked first. Rejects when the body cannot be read.
 */
export function createSettle(
  now: () => number,
): (question: Question, answer: FullAnswer) => Promise<Fetched> {
  const stored = createGate(CONCURRENT_READS);
  // Apart, so that an origin which dawdles keeps nobody from the bucket.
  const streamed = createGate(CONCURRENT_READS);

  async function settle(question: Question, answer: FullAnswer): Promise<Fetched> {
    const plan = planOf(question, answer, now());
    const isStream = answer.body.kind === "stream";
    if (isStream && !isHoldable(answer, plan)) return passing(answer);
    const gate = isStream ? streamed : stored;
    try {
      const entry = await gate(() => loadEntry(answer, plan));
      return { kind: "entry", entry, result: "Miss" };
    } catch (error) {
      discard(answer);
      if (error instanceof TooLargeToHold) return passing(undefined);
      throw error;
    }
  }

  return async (question, answer) => {
    if (answer.body.kind !== "object") return settle(question, answer);
    try {
      return await settle(question, answer);
    } catch {
      // The object may have been replaced between its look-up and the read: its successor counts.
      const successor = await question.ask(undefined);
      if (successor.kind !== "full") throw new Error("304 without a condition");
      return settle(question, successor);
    }
  };
}

function planOf(question: Question, answer: FullAnswer, storedAt: number): EntryPlan {
  const { key, policy, compress, tagHeader } = question;
  const { status, headers } = answer;
  const dated = { status, headers, errorCachingMinTtl: question.errorCachingMinTtl(status) };
  const hasValidator = answer.etag !== undefined || answer.lastModified !== undefined;
  const cacheControl = headerLine(headers, "cache-control");
  return {
    variant: key.accepted,
    compress: compress && policy.max > 0,
    times: timesOf(dated, policy, storedAt),
    tags: readCacheTags(tagHeader === undefined ? undefined : headerLine(headers, tagHeader)),
    keptForRevalidation:
      status < 400 && hasValidator && isKeptForRevalidation(cacheControl, policy),
  };
}

function isHoldable(answer: FullAnswer, { times, keptForRevalidation }: EntryPlan): boolean {
  if ((answer.size ?? 0) > MAX_HELD_BYTES) return false;
  // A part of something can't stand for the whole.
  if (answer.status === 206) return false;
  return hasLifetime(times) || keptForRevalidation;
}

function passing(answer: FullAnswer | undefined): Fetched {
  let untaken = answer;
  return {
    kind: "passing",
    take() {
      const taken = untaken;
      untaken = undefined;
      return taken;
    },
  };
}
