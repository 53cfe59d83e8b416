import type { Management } from "../broker/management.ts";
import { BOUND_POLICY, boundPolicy, isSamePolicy } from "../broker/policies.ts";
import type { BrokerSession } from "../broker/session.ts";
import { deadLetters, publishing } from "../broker/topology.ts";

export type BrokerSetup = {
  /** Every exchange and queue that is there now. */
  readonly exchanges: readonly string[];
  readonly queues: readonly string[];
  /** What bounds the error queues: `unknown` without a management API. */
  readonly bound: "written" | "unchanged" | "unknown";
};

/**
 * Makes what the API publishes to and what its consumers fall back on. Idempotent; throws a BrokerError
 * where something of that name exists and is otherwise. Whether unroutable messages are kept is not
 * touched: `keep` and `discard` say that.
 */
export async function setUpBroker(
  session: BrokerSession,
  management: Management | undefined,
): Promise<BrokerSetup> {
  const topologies = [publishing, deadLetters];
  await session.declare(...topologies);
  return {
    exchanges: topologies.flatMap(({ exchanges }) => exchanges.map(({ name }) => name)),
    queues: topologies.flatMap(({ queues }) => queues.map(({ name }) => name)),
    bound: management === undefined ? "unknown" : await boundQueues(management),
  };
}

async function boundQueues(management: Management): Promise<"written" | "unchanged"> {
  const found = await management.policy(BOUND_POLICY);
  if (found !== undefined && isSamePolicy(found, boundPolicy)) return "unchanged";
  await management.putPolicy(BOUND_POLICY, boundPolicy);
  return "written";
}
