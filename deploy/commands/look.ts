import type { Looked } from "../core/doctor/check.ts";
import { SlipwayError } from "../core/errors.ts";

/** Looks, and takes a failure that we understand for an answer: it says what the look lacked. */
export async function look<Value>(work: () => Promise<Value>): Promise<Looked<Value>> {
  try {
    return { kind: "seen", value: await work() };
  } catch (error) {
    if (error instanceof SlipwayError) return { kind: "unseen", text: error.text };
    throw error;
  }
}

/** Looks on from what was seen before; what was not seen stays so. */
export async function lookOn<From, To>(
  from: Looked<From>,
  work: (value: From) => Promise<Looked<To>>,
): Promise<Looked<To>> {
  return from.kind === "seen" ? await work(from.value) : from;
}
