import { type Looked, seen, skipped } from "../core/doctor/check.ts";
import type { FileSample, ReleaseFacts } from "../core/doctor/judge-release.ts";
import { sampleOf } from "../core/doctor/sample.ts";
import type { EdgeDocument } from "../core/edge-document.ts";
import type { Manifest, ManifestEntry } from "../core/manifest.ts";
import type { ObjectHeads } from "../estate-ports.ts";
import type { Clock, Processes } from "../ports.ts";
import { inParallel } from "./in-parallel.ts";
import { stateOf } from "./lease.ts";
import { look, lookOn } from "./look.ts";
import { readEdgeProgram } from "./publish-edge.ts";
import { type Base, readBase, readLock, type StatePorts } from "./state.ts";

export type ReleaseLookPorts = StatePorts & {
  readonly heads: ObjectHeads;
  readonly clock: Clock;
  readonly processes: Processes;
};

export type ReleaseLook = ReleaseFacts & {
  readonly manifest: Looked<Manifest>;
  /** What the live release published. */
  readonly program: Looked<EdgeDocument>;
};

const HEADS = 8;

/** What the bucket says of the live release. */
export async function lookAtRelease(ports: ReleaseLookPorts): Promise<ReleaseLook> {
  const [base, lock] = await Promise.all([look(() => readBase(ports)), lookAtLock(ports)]);
  const manifest = manifestIn(base);
  const [files, program] = await Promise.all([
    lookOn(manifest, (one) => look(() => sampleFiles(one, ports))),
    lookOn(manifest, (one) => lookAtProgram(one, ports)),
  ]);
  return { release: releaseIn(base), files, lock, manifest, program };
}

function manifestIn(base: Looked<Base>): Looked<Manifest> {
  if (base.kind !== "seen") return base;
  return base.value.kind === "none"
    ? skipped("nothing is released yet")
    : seen(base.value.manifest);
}

function releaseIn(base: Looked<Base>): ReleaseFacts["release"] {
  if (base.kind !== "seen") return base;
  if (base.value.kind === "none") return seen(undefined);
  const { release, files } = base.value.manifest;
  return seen({ id: release, files: files.size });
}

function lookAtLock(ports: ReleaseLookPorts): Promise<ReleaseFacts["lock"]> {
  return look(async () => {
    const found = await readLock(ports);
    return found && stateOf(found.lock, ports);
  });
}

async function sampleFiles({ files }: Manifest, { heads }: ReleaseLookPorts): Promise<FileSample> {
  const sample = sampleOf([...files]);
  const looks = await inParallel(sample, HEADS, async ([key, entry]) => {
    const why = whyWrong(entry, await heads.head(key));
    return why === undefined ? [] : [{ key, why }];
  });
  return { looked: sample.length, files: files.size, wrong: looks.flat() };
}

function whyWrong(
  { etag, size }: ManifestEntry,
  found: Awaited<ReturnType<ObjectHeads["head"]>>,
): string | undefined {
  if (found === undefined) return "is missing";
  return found.etag === etag && found.size === size ? undefined : "is not what was released";
}

async function lookAtProgram(
  { edge }: Manifest,
  ports: ReleaseLookPorts,
): Promise<Looked<EdgeDocument>> {
  if (edge === undefined) return skipped("the live release has no edge rules");
  return await look(() => readEdgeProgram(edge.digest, ports));
}
