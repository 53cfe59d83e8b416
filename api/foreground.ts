import { messageOf } from "./log.ts";

/** What runs until it is told to end. */
export type Running = {
  /** Ends in order: what is under way is finished, and everything let go. */
  close(): Promise<void>;
};

export type Program = {
  /** As it calls itself: `API`. */
  readonly name: string;
  readonly start: () => Promise<Running>;
  /** Why it did not start, where its reader needs more than the error's own words. */
  readonly whyNot?: (error: unknown) => string;
};

/** A hosting service kills what has not ended by itself 30 s after SIGTERM. */
const HARD_STOP_MS = 25_000;

/**
 * Runs a program in the foreground, until SIGTERM or Ctrl-C. Gives the exit code: 0 after an orderly end,
 * 1 when it could not start. One that does not end in time is ended with 1.
 */
export async function runInForeground({
  name,
  start,
  whyNot = messageOf,
}: Program): Promise<number> {
  const asked = untilSignal();
  let running: Running;
  try {
    running = await start();
  } catch (error) {
    console.error(`The ${name} did not start: ${whyNot(error)}`);
    return 1;
  }
  await asked;
  setTimeout(() => {
    console.error(`The ${name} did not end within ${HARD_STOP_MS / 1000} s, and is ended now.`);
    process.exit(1);
  }, HARD_STOP_MS).unref();
  await running.close();
  return 0;
}

/** Says all that is wrong with the environment; gives the exit code. */
export function refuseEnvironment(name: string, problems: readonly string[]): number {
  console.error([`The environment is not what the ${name} needs:`, ...problems].join("\n- "));
  return 2;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}
