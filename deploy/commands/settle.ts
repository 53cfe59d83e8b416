import type { DeployResult } from "../core/results.ts";
import { awaitEarlier, type InvalidationPorts } from "./invalidation.ts";

/**
 * What `--wait` promises: a run that ends well ends when the edge shows the release, whichever deploy
 * made it. The lock is free by now; whoever comes meanwhile waits for their own.
 */
export async function settle(
  result: DeployResult,
  { wait }: { readonly wait: boolean },
  ports: InvalidationPorts,
): Promise<DeployResult> {
  const isLive = result.kind === "released" || result.kind === "nothing-to-do";
  if (wait && isLive) await awaitEarlier(ports);
  return result;
}
