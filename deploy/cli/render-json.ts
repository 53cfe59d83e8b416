import type { DoctorResult } from "../core/doctor/check.ts";
import { SlipwayError } from "../core/errors.ts";
import type { PolicyResult } from "../core/iam/role-policy.ts";
import type { EventsResult } from "../core/messages.ts";
import type {
  BuildResult,
  DeployResult,
  InvalidateResult,
  PlanResult,
  ReleasesResult,
  RunFacts,
  StatusResult,
  UnlockResult,
} from "../core/results.ts";
import type { SetupResult } from "../core/setup/setup-result.ts";
import { type DomainOutcome, domainFieldsOf } from "./domain-json.ts";
import { planFieldsOf, planResultFieldsOf, runFieldsOf } from "./plan-json.ts";
import { setupFieldsOf } from "./setup-json.ts";

/** The version of every document below; it grows when a field goes away or changes its meaning. */
const VERSION = 1;

export type CommandResult =
  | { readonly command: "build"; readonly result: BuildResult }
  | { readonly command: "plan"; readonly result: PlanResult }
  | { readonly command: "deploy"; readonly result: DeployResult }
  | { readonly command: "rollback"; readonly result: DeployResult }
  | { readonly command: "status"; readonly result: StatusResult }
  | { readonly command: "releases"; readonly result: ReleasesResult }
  | { readonly command: "unlock"; readonly result: UnlockResult }
  | { readonly command: "invalidate"; readonly result: InvalidateResult }
  | { readonly command: "doctor"; readonly result: DoctorResult }
  | { readonly command: "policy"; readonly result: PolicyResult }
  | { readonly command: "domain"; readonly result: DomainOutcome }
  | { readonly command: "setup"; readonly result: SetupResult }
  | { readonly command: "events"; readonly result: EventsResult };

/** A command's result as one JSON document. `facts` are those of a run that asked the cloud. */
export function renderJson(done: CommandResult, exitCode: number, facts?: RunFacts): string {
  const run = facts === undefined ? {} : runFieldsOf(facts);
  return toText({ version: VERSION, command: done.command, exitCode, ...run, ...fieldsOf(done) });
}

/** A failure as one JSON document. */
export function renderJsonError(command: string, error: unknown, exitCode: number): string {
  const message = error instanceof Error ? error.message : String(error);
  const details =
    error instanceof SlipwayError
      ? { kind: error.kind, ...error.text }
      : { kind: "internal", what: "Slipway failed in a way it did not foresee", why: message };
  return toText({ version: VERSION, command, exitCode, error: details });
}

/** One of many documents, on a line of its own. */
export function renderJsonLine(document: object): string {
  return `${escaped(JSON.stringify({ version: VERSION, ...document }))}\n`;
}

function toText(document: object): string {
  return escaped(JSON.stringify(document, null, 2));
}

/** JSON escapes what is below a space; a terminal obeys more than that, and may be what reads this. */
function escaped(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028-\u202e\u2066-\u2069]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

function fieldsOf(done: CommandResult): object {
  switch (done.command) {
    case "build":
    case "status":
    case "releases":
    case "unlock":
    case "invalidate":
    case "doctor":
    case "policy":
      return done.result;
    case "setup":
      return setupFieldsOf(done.result);
    case "events":
      return { verb: done.result.verb, ...done.result.result };
    case "domain":
      return domainFieldsOf(done.result);
    case "plan":
      return planResultFieldsOf(done.result);
    case "deploy":
    case "rollback":
      return { ...done.result, plan: planFieldsOf(done.result.plan) };
  }
}
