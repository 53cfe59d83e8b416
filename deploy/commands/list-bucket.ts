import type { ListedObject } from "../core/drift.ts";
import { STATE_PREFIX } from "../core/keys.ts";
import type { Manifest } from "../core/manifest.ts";
import { shardsOf } from "../core/shards.ts";
import type { ObjectStore } from "../ports.ts";

/** Listings that run side by side. */
const SHARDS = 16;

/**
 * Every object of the site that is in the bucket; Slipway's own records are left out. The manifest's
 * keys tell where to cut the listing, so a large bucket is listed in parallel.
 */
export async function listBucket(
  manifest: Manifest | undefined,
  { store }: { readonly store: ObjectStore },
): Promise<readonly ListedObject[]> {
  const shards = shardsOf([...(manifest?.files.keys() ?? [])], SHARDS);
  const parts = await Promise.all(shards.map((shard) => store.list({ prefix: "", ...shard })));
  return parts.flat().filter((object) => !object.key.startsWith(STATE_PREFIX));
}
