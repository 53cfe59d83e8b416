import type { ObjectKey } from "./keys.ts";
import type { Manifest } from "./manifest.ts";

/** One object as a listing of the bucket shows it. */
export type ListedObject = {
  readonly key: ObjectKey;
  /** Bytes. */
  readonly size: number;
  readonly etag: string;
};

/** Where the bucket is not what the last release stored: someone else was there. Sorted by key. */
export type Drift = {
  readonly altered: readonly ObjectKey[];
  readonly missing: readonly ObjectKey[];
  readonly added: readonly ObjectKey[];
};

/**
 * Compares a complete listing with the manifest. An ETag is only ever compared with the ETag that the
 * same object had when we stored it, so encryption and multipart uploads do not matter.
 */
export function findDrift(listed: readonly ListedObject[], base: Manifest | undefined): Drift {
  const known = new Map(base?.files ?? []);
  for (const { key, entry } of base?.obsolete ?? []) {
    if (entry !== undefined) known.set(key, entry);
  }
  const present = new Set(listed.map((object) => object.key));
  const altered = listed.filter(({ key, etag, size }) => {
    const entry = known.get(key);
    return entry !== undefined && (entry.etag !== etag || entry.size !== size);
  });
  const strays = new Set((base?.obsolete ?? []).map(({ key }) => key));
  return {
    altered: altered.map((object) => object.key),
    missing: [...known.keys()].filter((key) => !present.has(key)),
    added: listed.map(({ key }) => key).filter((key) => !known.has(key) && !strays.has(key)),
  };
}
