import { isFingerprinted } from "./headers.ts";
import type { ObsoleteEntry } from "./manifest.ts";

/**
 * How long an object stays after the site stopped naming it. Browsers and edges hold pages of
 * earlier releases, and those pages name files with a content hash (rivals.md pain 1).
 */
export type GracePolicy = {
  /** Stays while one of this many last releases named it … */
  readonly releases: number;
  /** … or while it became obsolete less than this many days ago. */
  readonly days: number;
};

export const DEFAULT_GRACE: GracePolicy = { releases: 3, days: 7 };

/** The release that is being made: its number and its time. */
export type GraceMoment = { readonly sequence: number; readonly now: Date };

const DAY_MS = 86_400_000;

/** Whether an object that became obsolete may be removed by the release of this moment. */
export function graceIsOver(
  entry: ObsoleteEntry,
  { sequence, now }: GraceMoment,
  policy: GracePolicy,
): boolean {
  if (!hasGrace(entry.key)) return true;
  const lastNamedBy = entry.sequence - 1;
  const isRecent = lastNamedBy > sequence - policy.releases;
  const age = now.getTime() - Date.parse(entry.since);
  return !isRecent && age >= policy.days * DAY_MS;
}

/** A page goes at once: whoever asks for it shall learn that it is gone. */
function hasGrace(key: string): boolean {
  return isFingerprinted(key);
}
