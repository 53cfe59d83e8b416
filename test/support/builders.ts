import { createHash } from "node:crypto";
import { DEFAULT_GRACE } from "../../deploy/core/grace.ts";
import { canonicalHeaders, headersFor, type ObjectHeaders } from "../../deploy/core/headers.ts";
import { type Digest, digest, type ObjectKey, objectKey } from "../../deploy/core/keys.ts";
import type { Manifest, ManifestEntry } from "../../deploy/core/manifest.ts";
import { makePlan, type Plan, type PlanInput } from "../../deploy/core/plan.ts";
import type { SourceFile } from "../../deploy/core/source.ts";

/** SHA-256, as the composition root hands it to the core. */
export function sha256(text: string): Digest {
  return digest(createHash("sha256").update(text).digest("hex"));
}

/** A file of a site whose content is `content`; its bytes live only in the memory store. */
export function sourceFile(
  key: string,
  content = `content of ${key}`,
  headers: Partial<ObjectHeaders> = {},
): SourceFile {
  const name = objectKey(key);
  const all = { ...headersFor(name, []), ...headers };
  return {
    key: name,
    size: Buffer.byteLength(content),
    fingerprint: { content: sha256(content), headers: sha256(canonicalHeaders(all)) },
    origin: { kind: "file", path: `/site/${key}`, headers: all },
  };
}

export function entryFor(file: SourceFile, etag = `"${file.key}"`): ManifestEntry {
  return { fingerprint: file.fingerprint, size: file.size, etag };
}

export function manifestOf(
  files: readonly SourceFile[],
  fields: Partial<Omit<Manifest, "version" | "files">> = {},
): Manifest {
  const entries = files.map((file): [ObjectKey, ManifestEntry] => [file.key, entryFor(file)]);
  return {
    version: 1,
    site: "test-site",
    release: "20261122T120000Z-00000000",
    sequence: 1,
    provenance: {},
    obsolete: [],
    files: new Map(entries),
    ...fields,
  };
}

/** A plan for `source`, as the test's own world makes it; `fields` names what is special about it. */
export function planFor(
  source: readonly SourceFile[],
  base?: Manifest,
  fields: Partial<PlanInput> = {},
): Plan {
  return makePlan({
    site: "test-site",
    source,
    base,
    digest: sha256,
    now: new Date("2026-11-22T12:00:00.000Z"),
    provenance: {},
    grace: DEFAULT_GRACE,
    guards: { allowed: new Set() },
    force: false,
    unfinished: undefined,
    drift: undefined,
    ...fields,
  });
}
