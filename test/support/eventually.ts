import { setTimeout as sleep } from "node:timers/promises";

const PAUSE_MS = 20;

/**
 * Asks again and again until there is an answer other than undefined. Throws after `seconds`, with
 * what `describe` says about the state that was waited in.
 */
export async function eventually<T>(
  ask: () => Promise<T | undefined> | T | undefined,
  { seconds, describe }: { readonly seconds: number; readonly describe: () => string },
): Promise<T> {
  const deadline = performance.now() + seconds * 1000;
  for (;;) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (performance.now() > deadline) throw new Error(`waited ${seconds} s: ${describe()}`);
    await sleep(PAUSE_MS);
  }
}
