import { type ChangeCauses, findCauses, type PagePair, sampleOf } from "../core/causes.ts";
import type { ObjectKey } from "../core/keys.ts";
import type { Plan } from "../core/plan.ts";
import type { ObjectStore, SiteFiles } from "../ports.ts";

export type ExplainPorts = {
  readonly store: Pick<ObjectStore, "read">;
  readonly files: Pick<SiteFiles, "read">;
};

/**
 * Why so many pages change: compares a sample of them with what is stored, one read a page. Undefined
 * when there is nothing to explain, or nothing could be read; it never fails.
 */
export async function explainChanges(
  plan: Plan,
  ports: ExplainPorts,
): Promise<ChangeCauses | undefined> {
  const { changed, sample } = sampleOf(plan.changes);
  const read = await Promise.all(sample.map((key) => readPair(key, ports)));
  const pairs = read.flatMap((pair) => pair ?? []);
  return pairs.length === 0 ? undefined : findCauses(changed, pairs);
}

async function readPair(
  key: ObjectKey,
  { store, files }: ExplainPorts,
): Promise<PagePair | undefined> {
  try {
    const [before, after] = await Promise.all([store.read(key), files.read(key)]);
    if (before === undefined || after === undefined) return undefined;
    return { key, before: textOf(before), after: textOf(after) };
  } catch {
    // An explanation is a courtesy: whoever may not read objects still gets the plan.
    return undefined;
  }
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}
