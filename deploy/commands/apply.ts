import pLimit from "p-limit";
import { keepsContent, type Write } from "../core/change.ts";
import { SlipwayError } from "../core/errors.ts";
import type { ObjectKey } from "../core/keys.ts";
import { bytesToSend } from "../core/plan.ts";
import type { ChangeOutcome, Outcome } from "../core/results.ts";
import type { Stage } from "../core/stages.ts";
import type { ObjectStore, Reporter, Stored } from "../ports.ts";

export type ApplyPorts = { readonly store: ObjectStore; readonly reporter: Reporter };

export type Applied = {
  /** One for every write of every stage, in their order. */
  readonly outcomes: readonly ChangeOutcome[];
  /** How each written key is stored now. */
  readonly stored: ReadonlyMap<ObjectKey, Stored>;
};

/** Writes that run side by side; more only queue up at the bucket on the machines we measured. */
const CONCURRENCY = 16;

/**
 * Runs the stages in order. After the first failure no new write starts: what is under way ends, all
 * else is `not-reached`. So the caller always learns the fate of every change.
 */
export async function applyStages(stages: readonly Stage[], ports: ApplyPorts): Promise<Applied> {
  const outcomes: ChangeOutcome[] = [];
  const stored = new Map<ObjectKey, Stored>();
  let failed = false;
  for (const stage of stages) {
    const limit = pLimit(CONCURRENCY);
    const fates = stage.writes.map((write) =>
      limit(async (): Promise<ChangeOutcome> => {
        const { key } = write.file;
        if (failed) return { key, outcome: { kind: "not-reached" } };
        const outcome = await tryWrite(write, ports, stored);
        failed ||= outcome.kind === "failed";
        return { key, outcome };
      }),
    );
    outcomes.push(...(await Promise.all(fates)));
  }
  return { outcomes, stored };
}

async function tryWrite(
  write: Write,
  ports: ApplyPorts,
  stored: Map<ObjectKey, Stored>,
): Promise<Outcome> {
  const { key } = write.file;
  try {
    stored.set(key, await perform(write, ports.store));
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { kind: "failed", failure: error.kind, error: error.text };
  }
  ports.reporter.report({ kind: "write-finished", key, bytes: bytesToSend(write) });
  return { kind: "done" };
}

/** Headers alone are changed in place; if someone else touched the object meanwhile, it is sent again. */
async function perform(write: Write, store: ObjectStore): Promise<Stored> {
  const { file } = write;
  if (write.kind === "replace" && keepsContent(write)) {
    const answer = await store.replaceHeaders(file.key, file.headers, write.before.etag);
    if (answer.kind === "written") return answer.stored;
  }
  return await store.putFile(file);
}
