import type { Log } from "../../api/log.ts";

export type QuietLog = Log & { readonly lines: readonly string[] };

/** Keeps what is said, for a test to look at. */
export function quietLog(): QuietLog {
  const lines: string[] = [];
  const say = (details: object, message: string) => {
    lines.push(`${message} ${JSON.stringify(details)}`);
  };
  return { lines, info: say, warn: say, error: say };
}
