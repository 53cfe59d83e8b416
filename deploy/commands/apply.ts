import type { Write } from "../core/change.ts";
import { SlipwayError } from "../core/errors.ts";
import type { ObjectKey } from "../core/keys.ts";
import { bytesToSend } from "../core/plan.ts";
import type { ChangeOutcome, Outcome } from "../core/results.ts";
import type { Stage } from "../core/stages.ts";
import type { Interruption, ObjectStore, Proceed, Reporter, Stored } from "../ports.ts";
import { inParallel } from "./in-parallel.ts";
import type { Lease } from "./lease.ts";

export type ApplyPorts = {
  readonly store: ObjectStore;
  readonly reporter: Reporter;
  readonly interruption: Interruption;
};

export type Applied = {
  /** One for every write of every stage, in their order. */
  readonly outcomes: readonly ChangeOutcome[];
  /** How each written key is stored now. */
  readonly stored: ReadonlyMap<ObjectKey, Stored>;
};

/** Writes that are handed to the store at once; how many of them really run is the store's affair. */
const AT_ONCE = 256;

/** Ends a write that need not go on; nobody reads its words. */
const STOPPED = new SlipwayError("partial", {
  what: "This write was given up",
  why: "another one failed, or somebody asked to stop",
  next: "Run the deploy again: it continues where this one stopped.",
});

/**
 * Runs the stages in order. After the first failure, or when a person asks to stop, no new write
 * starts, and a large file is given up half-way: small writes end, all else is `not-reached`. So the
 * caller always learns the fate of every change.
 */
export async function applyStages(
  stages: readonly Stage[],
  lease: Lease,
  ports: ApplyPorts,
): Promise<Applied> {
  const stored = new Map<ObjectKey, Stored>();
  const outcomes: ChangeOutcome[] = [];
  let failed = false;
  const proceed = async () => {
    if (failed || ports.interruption.requested) throw STOPPED;
    await lease.assure();
  };
  const attempt = async (write: Write): Promise<ChangeOutcome> => {
    const outcome = await tryWrite(write, { lease, proceed, ports, stored });
    failed ||= outcome.kind === "failed";
    return { key: write.file.key, outcome };
  };
  for (const stage of stages) outcomes.push(...(await inParallel(stage.writes, AT_ONCE, attempt)));
  return { outcomes, stored };
}

type Writing = {
  readonly lease: Lease;
  readonly proceed: () => Promise<void>;
  readonly ports: ApplyPorts;
  readonly stored: Map<ObjectKey, Stored>;
};

async function tryWrite(
  write: Write,
  { lease, proceed, ports, stored }: Writing,
): Promise<Outcome> {
  const { key } = write.file;
  let confirmed = 0;
  const goOn = async (bytes: number) => {
    await proceed();
    confirmed += bytes;
    if (bytes > 0) ports.reporter.report({ kind: "bytes-confirmed", bytes });
  };
  try {
    await goOn(0);
    stored.set(key, await perform(write, ports.store, goOn));
    // A machine may sleep between the question and the write: then this one came too late.
    if (lease.isOver()) await lease.assure();
  } catch (error) {
    if (error === STOPPED) return { kind: "not-reached" };
    if (!(error instanceof SlipwayError)) throw error;
    return { kind: "failed", failure: error.kind, error: error.text };
  }
  ports.reporter.report({ kind: "write-finished", key, bytes: bytesToSend(write) - confirmed });
  return { kind: "done" };
}

/** Headers alone are changed in place; if someone else touched the object meanwhile, it is sent again. */
async function perform(write: Write, store: ObjectStore, proceed: Proceed): Promise<Stored> {
  const { file } = write;
  const { origin } = file;
  if (write.kind === "replace" && write.mode === "headers" && origin.kind === "file") {
    const update = { headers: origin.headers, etag: write.before.etag };
    const answer = await store.replaceHeaders(file.key, update, proceed);
    if (answer.kind === "written") return answer.stored;
  }
  return await store.putFile(file, proceed);
}
