import { decodePath } from "../../../../edge/uri.ts";
import type { Behavior } from "../../live-distribution.ts";
import type { OriginObject } from "../../origin.ts";
import { objectAnswer } from "../../viewer/ask-bucket.ts";
import { variantOf } from "../../viewer/variant.ts";
import type { CachePlace, DryRunSources, Remembered } from "../sources.ts";
import { headerLines } from "./header-lines.ts";

/** What is found at one place: in the cache, in the bucket, and which of the two is served. */
export type Look = {
  readonly place: CachePlace;
  readonly behavior: Behavior;
  readonly now: number;
  /** Undefined where the path cannot be a key. */
  readonly key: string | undefined;
  readonly object: OriginObject | undefined;
  readonly remembered: Remembered | undefined;
  /** Whether what is remembered is served, fresh or while the origin is asked in the background. */
  readonly isHit: boolean;
  /** What the origin says, or is remembered to have said. */
  readonly status: number;
  /** Of an object, before policy and function. */
  readonly headers: Readonly<Record<string, string>>;
};

/** Looks without touching: the cache keeps its order, and the object's bytes stay closed. */
export async function lookAt(
  place: CachePlace,
  behavior: Behavior,
  { memory, clock }: DryRunSources,
): Promise<Look> {
  const now = clock.now().getTime();
  const remembered = memory.peek(place);
  const key = decodePath(`${behavior.origin.path}${place.uri}`)?.slice(1);
  const object = await read(key, behavior);
  const isHit =
    remembered !== undefined && now < Math.max(remembered.expiresAt, remembered.revalidatingUntil);
  const found = { place, behavior, now, key, object, remembered, isHit };
  if (isHit) {
    return { ...found, status: remembered.status, headers: remembered.object?.headers ?? {} };
  }
  if (object === undefined) return { ...found, status: missing(key), headers: {} };
  const compress = behavior.compress && behavior.cachePolicy.max > 0;
  const { headers } = variantOf(objectAnswer(object), { accepted: place.accepted, compress });
  return { ...found, status: 200, headers: headerLines(headers) };
}

/** The whole cache key as a person reads it. */
export function placeText({ uri, query }: CachePlace): string {
  return query === "" ? uri : `${uri}?${query}`;
}

async function read(
  key: string | undefined,
  { origin }: Behavior,
): Promise<OriginObject | undefined> {
  if (origin.kind !== "bucket" || key === undefined || key === "") return undefined;
  return await origin.bucket.get(key);
}

/** As S3 says it: a path that is not UTF-8 names no key. */
function missing(key: string | undefined): number {
  return key === undefined ? 400 : 404;
}
