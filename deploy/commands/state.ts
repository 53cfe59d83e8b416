import { SlipwayError } from "../core/errors.ts";
import { type Manifest, type ManifestProblem, parseManifest } from "../core/manifest.ts";
import { MANIFEST_KEY } from "../core/release.ts";
import type { ObjectStore, RecordCodec } from "../ports.ts";

/** What the last release left in the bucket, and the ETag that the next one must still find there. */
export type Base =
  | { readonly kind: "none" }
  | { readonly kind: "manifest"; readonly manifest: Manifest; readonly etag: string };

/**
 * Reads the manifest of the last release: one request. A manifest that cannot be read is an error,
 * never an empty site, because planning against nothing would forget what to remove.
 */
export async function readBase(ports: {
  readonly store: ObjectStore;
  readonly codec: RecordCodec;
}): Promise<Base> {
  const stored = await ports.store.readState(MANIFEST_KEY);
  if (stored === undefined) return { kind: "none" };
  const parsed = parseManifest(decode(ports.codec, stored.body));
  if (parsed.kind === "problem") throw unreadable(describe(parsed.problem), parsed.problem);
  return { kind: "manifest", manifest: parsed.manifest, etag: stored.etag };
}

function decode(codec: RecordCodec, body: Uint8Array): string {
  try {
    return codec.decode(body);
  } catch (cause) {
    throw unreadable("it is cut short or not gzip", undefined, cause);
  }
}

function describe(problem: ManifestProblem): string {
  switch (problem.kind) {
    case "not-json":
      return "it is not JSON";
    case "newer":
      return `it has format ${problem.version}, this Slipway reads format 1`;
    case "malformed":
      return problem.detail;
  }
}

function unreadable(why: string, problem: ManifestProblem | undefined, cause?: unknown): Error {
  const next =
    problem?.kind === "newer"
      ? "Update Slipway to the version that made the last release."
      : `Restore an earlier version of ${MANIFEST_KEY} in the bucket, or remove it: then the next deploy sends every file again.`;
  const text = { what: `The manifest ${MANIFEST_KEY} cannot be read`, why, next };
  return new SlipwayError("config", text, { cause });
}
