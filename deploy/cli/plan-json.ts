import type { ChangeCauses } from "../core/causes.ts";
import type { Change } from "../core/change.ts";
import { bytesToSend, type Plan } from "../core/plan.ts";
import type { PlanResult, RunFacts } from "../core/results.ts";
import { totalTraffic } from "../core/traffic.ts";
import type { PlanFields, PlanResultFields, RunFields } from "./document-schemas.ts";
import { renderCauses } from "./render-causes.ts";

/** What a plan says in a JSON document: every decision, and no path of this machine. */
export function planFieldsOf(plan: Plan): PlanFields {
  const { changes, stages, kept, ...rest } = plan;
  return {
    ...rest,
    changes: changes.map(changeFieldsOf),
    stages: stages.map(({ name, writes }) => ({ name, keys: writes.map(({ file }) => file.key) })),
    kept: kept.map(({ key, since, sequence }) => ({ key, since, sequence })),
  };
}

export function planResultFieldsOf(result: PlanResult): PlanResultFields {
  const { plan, causes, deploying, url } = result;
  return {
    plan: planFieldsOf(plan),
    causes: causes && { summary: summaryOf(causes), ...causes },
    deploying: deploying && {
      owner: deploying.owner,
      since: deploying.since,
      release: deploying.intent.release,
    },
    url,
  };
}

export function runFieldsOf({ environment, seconds, traffic }: RunFacts): RunFields {
  const { requests: total, bytesSent } = totalTraffic(traffic);
  return { environment, seconds, requests: { total, bytesSent, operations: traffic } };
}

function changeFieldsOf(change: Change): PlanFields["changes"][number] {
  switch (change.kind) {
    case "create":
      return { kind: change.kind, key: change.file.key, bytes: bytesToSend(change) };
    case "replace": {
      const { kind, file, reason } = change;
      return { kind, key: file.key, bytes: bytesToSend(change), reason };
    }
    case "remove":
      return { kind: change.kind, key: change.key, bytes: 0 };
  }
}

function summaryOf(causes: ChangeCauses): string {
  return renderCauses(causes, (text) => `"${text}"`);
}
