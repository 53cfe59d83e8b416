import { z } from "zod";
import { type Digest, type ObjectKey, stateKey } from "./keys.ts";

/**
 * The edge program of a site as text: JSON that only `deploy/edge` reads. A release stores it under
 * its digest, publishes it, and a rollback brings it back.
 */
export type EdgeDocument = { readonly digest: Digest; readonly text: string };

/**
 * Which program a release left at the CDN. `unmanaged`: the distribution has no functions of ours, so
 * nothing runs it; the site's redirects and headers are not in force.
 */
export type EdgeState = {
  readonly digest: Digest;
  readonly state: "published" | "unmanaged";
};

/** An EdgeState in a record; the digest is checked by whoever reads the record. */
export function edgeStateSchema<Text extends z.ZodType<Digest>>(digest: Text) {
  return z.strictObject({ digest, state: z.enum(["published", "unmanaged"]) });
}

/** Where a program lies in the bucket; equal programs lie there once. */
export function edgeProgramKey(digest: Digest): ObjectKey {
  return stateKey(`edge/${digest}.json`);
}
