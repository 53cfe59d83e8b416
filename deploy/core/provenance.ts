import { z } from "zod";

/** From which state of the source a release was made; what a person asks first when a page is wrong. */
export type Provenance = {
  readonly commit?: string | undefined;
  readonly author?: string | undefined;
  /** When the commit was made: ISO 8601, UTC. Orders two releases by their source. */
  readonly committedAt?: string | undefined;
  /** True when the files were not those of the commit. */
  readonly uncommitted?: boolean | undefined;
};

export const provenanceSchema = z.strictObject({
  commit: z.string().optional(),
  author: z.string().optional(),
  committedAt: z.iso.datetime().optional(),
  uncommitted: z.boolean().optional(),
});

/** Whether `ours` was committed before `theirs`. Unknown times are never older. */
export function isOlder(ours: Provenance, theirs: Provenance): boolean {
  if (ours.committedAt === undefined || theirs.committedAt === undefined) return false;
  if (ours.commit === theirs.commit) return false;
  return Date.parse(ours.committedAt) < Date.parse(theirs.committedAt);
}
