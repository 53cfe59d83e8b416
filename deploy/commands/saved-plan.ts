import { SlipwayError } from "../core/errors.ts";
import type { DigestText, Plan } from "../core/plan.ts";
import { parsePlan, type SavedPlan, type SavedPlanProblem } from "../core/plan-document.ts";
import { boundTo, type FileDifferences, findStaleness, type Staleness } from "../core/staleness.ts";
import type { Planner } from "./claim.ts";
import type { Source } from "./plan.ts";
import { readBase, type StatePorts } from "./state.ts";

/** Where a saved plan is about to be applied. */
export type PlanTarget = { readonly site: string; readonly environment: string };

/** The plan in a file's text, if it is one for this target; else a SlipwayError that says why not. */
export function openPlan(text: string, target: PlanTarget, digest: DigestText): Plan {
  const parsed = parsePlan(text, digest);
  if (parsed.kind === "problem") throw noPlan(parsed.problem);
  const { saved } = parsed;
  const elsewhere = foreignPart(saved, target);
  if (elsewhere !== undefined) throw elsewhere;
  return saved.plan;
}

/**
 * The planner for a plan that was saved: it gives that plan and no other. When the bucket or the site
 * is not what it was made from any more, it throws "refused"; nothing has been written by then.
 */
export function plannerForSaved(
  plan: Plan,
  source: Source,
  ports: StatePorts & { readonly digest: DigestText },
): Planner {
  return async (unfinished) => {
    const base = await readBase(ports);
    const manifest = base.kind === "manifest" ? base.manifest : undefined;
    const { digest } = ports;
    const edge = source.edge?.digest;
    const around = { source: source.files, base: manifest, unfinished, edge, digest };
    const stale = findStaleness(plan, around);
    if (stale !== undefined) throw stalePlan(stale);
    return { plan: boundTo(source.files, plan), base };
  };
}

function noPlan(problem: SavedPlanProblem): SlipwayError {
  return new SlipwayError("usage", {
    what: "The file is not a plan that can be applied",
    why: describeProblem(problem),
    next:
      problem.kind === "newer"
        ? "Update Slipway to the version that made the plan."
        : "Make the plan anew: slipway plan --out FILE",
  });
}

function describeProblem(problem: SavedPlanProblem): string {
  switch (problem.kind) {
    case "not-json":
      return "it is not JSON";
    case "other-document":
      return "it is JSON, but no saved plan; the output of plan --json is none";
    case "newer":
      return `it has format ${problem.version}, this Slipway reads format 1`;
    case "malformed":
      return problem.detail;
    case "edited":
      return "it was edited after it was made: its digest is another";
  }
}

function foreignPart(saved: SavedPlan, target: PlanTarget): SlipwayError | undefined {
  const part = (name: string, planned: string, wanted: string) =>
    new SlipwayError("refused", {
      what: `The plan is for another ${name}`,
      why: `it was made for "${planned}", this is "${wanted}"`,
      next: `Apply it there, or make a plan for "${wanted}".`,
    });
  if (saved.plan.site !== target.site) return part("site", saved.plan.site, target.site);
  if (saved.environment === target.environment) return undefined;
  return part("environment", saved.environment, target.environment);
}

const MAKE_ANEW = "Make the plan anew (slipway plan --out FILE), read it, then apply that one.";

function stalePlan(stale: Staleness): SlipwayError {
  return new SlipwayError("refused", { ...describeStaleness(stale), next: MAKE_ANEW });
}

function describeStaleness(stale: Staleness): { readonly what: string; readonly why: string } {
  switch (stale.kind) {
    case "bucket-moved": {
      const name = (release: string | undefined) => release ?? "an empty bucket";
      return {
        what: "The bucket has moved since the plan was made",
        why: `it was made against ${name(stale.planned)}, found was ${name(stale.found)}${
          stale.planned === stale.found ? " with other contents" : ""
        }`,
      };
    }
    case "unfinished-deploy":
      return {
        what: "The bucket has moved since the plan was made",
        why: `the deploy ${stale.release} broke off and left it unfinished`,
      };
    case "files-differ":
      return {
        what: "The site's files are no longer those of the plan",
        why: describeFiles(stale),
      };
    case "rules-differ":
      return {
        what: "The site's edge rules are no longer those of the plan",
        why: "_redirects, _headers or the edge rules in slipway.config.ts have changed",
      };
  }
}

function describeFiles({ changed, missing, added }: FileDifferences): string {
  const list = (name: string, keys: readonly string[]) =>
    keys.length === 0 ? [] : [`${name}: ${some(keys)}`];
  return [...list("changed", changed), ...list("missing", missing), ...list("new", added)].join(
    "; ",
  );
}

/** Files named before the rest is only counted. */
const NAMED = 5;

function some(keys: readonly string[]): string {
  const named = keys.slice(0, NAMED).join(", ");
  return keys.length > NAMED ? `${named} and ${keys.length - NAMED} more` : named;
}
