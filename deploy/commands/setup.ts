import { SlipwayError } from "../core/errors.ts";
import { accountBlockers } from "../core/setup/blockers.ts";
import type { Blueprint } from "../core/setup/blueprint.ts";
import type { Estate } from "../core/setup/estate.ts";
import { planSetup } from "../core/setup/plan-setup.ts";
import type { SetupPlace, SetupResult, SetupStop } from "../core/setup/setup-result.ts";
import type { SetupPlan, SetupStep, StepId } from "../core/setup/steps.ts";
import type { Clock, Interruption, Reporter } from "../ports.ts";
import { carryOut, refresh } from "./carry-out-step.ts";
import { type EstatePorts, readEstate } from "./read-estate.ts";

export type SetupOptions = {
  readonly blueprint: Blueprint;
  /** Wait at the end until CloudFront has everything everywhere. */
  readonly wait: boolean;
};

export type SetupPorts = EstatePorts & {
  readonly clock: Clock;
  readonly reporter: Reporter;
  readonly interruption: Interruption;
  /** Asked once, with all that will be done. */
  confirm(plan: SetupPlan): Promise<boolean>;
};

/** How often what was written is looked for before setup ends without having seen it. */
const LOOKS = 10;
const LOOK_MS = 3000;
const POLL_MS = 10_000;
const MOST_MOVES = 5;
const DEPLOY_PATIENCE_MS = 40 * 60_000;

/**
 * Brings an environment's infrastructure to what its config wants, step by step. What was done is read
 * back and planned anew after every step, so nothing depends on what an earlier run remembered, and a
 * run that ended anywhere is continued by the next.
 */
export async function setup(options: SetupOptions, ports: SetupPorts): Promise<SetupResult> {
  const { blueprint } = options;
  const account = await ports.account.identity();
  // The keys of a stranger may not look at anything: that would be told instead of whose they are.
  const blockers = accountBlockers(blueprint, account);
  if (blockers.length > 0) {
    return { kind: "blocked", plan: { account: account.id, blockers, steps: [], notes: [] } };
  }
  const estate = await readEstate(blueprint, ports);
  const plan = planSetup(blueprint, estate);
  if (plan.blockers.length > 0) return { kind: "blocked", plan };
  if (plan.steps.length > 0 && !(await ports.confirm(plan))) return { kind: "declined", plan };
  const run: Run = { blueprint, plan, ports, done: [], estate, moved: 0 };
  const stop = await work(run);
  const stopped = stop ?? (options.wait ? await waitForDeployment(run) : undefined);
  const { done } = run;
  if (stopped !== undefined) {
    const left = planSetup(blueprint, run.estate).steps;
    return { kind: "partial", plan, done, left, stop: stopped };
  }
  const place = placeOf(run.estate);
  return done.length === 0
    ? { kind: "nothing-to-do", plan, place }
    : { kind: "done", plan, done, place };
}

type Run = {
  readonly blueprint: Blueprint;
  readonly plan: SetupPlan;
  readonly ports: SetupPorts;
  readonly done: SetupStep[];
  estate: Estate;
  /** How often a step found that somebody else had been there. */
  moved: number;
};

/** Does what is left, one step after the other. Undefined when nothing is. */
async function work(run: Run): Promise<SetupStop | undefined> {
  const { blueprint, done, ports } = run;
  let looks = 0;
  for (;;) {
    const { steps, blockers } = planSetup(blueprint, run.estate);
    const [blocker] = blockers;
    if (blocker !== undefined) throw new SlipwayError("refused", blocker);
    if (steps.length === 0) return undefined;
    if (ports.interruption.requested) return { kind: "interrupted" };
    const next = steps.find(({ id }) => !isDone(id, done));
    if (next?.action === undefined) {
      // S3's and CloudFront's answers may be older than the last write.
      looks += 1;
      if (looks > LOOKS) return { kind: "unsettled" };
      await ports.clock.sleep(LOOK_MS);
      run.estate = await readEstate(blueprint, ports);
      continue;
    }
    const stop = await tryStep(next, run);
    if (stop !== undefined) return stop;
  }
}

function isDone(id: StepId, done: readonly SetupStep[]): boolean {
  return done.some((step) => step.id === id);
}

async function tryStep(next: SetupStep, run: Run): Promise<SetupStop | undefined> {
  try {
    return await doStep(next, run);
  } catch (error) {
    if (!(error instanceof SlipwayError) || run.done.length === 0) throw error;
    return { kind: "failed", title: next.title, failure: error.kind, text: error.text };
  }
}

async function doStep(next: SetupStep, run: Run): Promise<SetupStop | undefined> {
  const { blueprint, ports } = run;
  const { reporter, clock } = ports;
  const { id, title, usualSeconds, action } = next;
  if (action === undefined) return undefined;
  const started = clock.now().getTime();
  reporter.report({ kind: "setup-step-started", step: id, title, usualSeconds });
  if (action.kind === "wait") {
    const stop = await waitOut(next, action.patience * 1000, run);
    if (stop !== undefined) return stop;
  } else {
    const outcome = await carryOut(action, blueprint.tags, ports);
    run.estate = await refresh(run.estate, { action, outcome }, { blueprint, ports });
    // Somebody else changed it in between: the next plan is made from what is there now.
    if (outcome.kind === "moved") return noteMove(run);
  }
  run.done.push(next);
  const seconds = (clock.now().getTime() - started) / 1000;
  reporter.report({ kind: "setup-step-finished", step: id, title, seconds });
  return undefined;
}

function noteMove(run: Run): undefined {
  run.moved += 1;
  if (run.moved <= MOST_MOVES) return undefined;
  throw new SlipwayError("cloud", {
    what: "The distribution cannot be changed",
    why: `somebody else changes it too: it was another one each of ${run.moved} times`,
    next: "See who does (CloudTrail), then run slipway setup again; it continues where this run stopped.",
  });
}

/** Looks again until the plan has this step no more. */
async function waitOut(
  step: SetupStep,
  patience: number,
  run: Run,
): Promise<SetupStop | undefined> {
  const { blueprint, ports } = run;
  const { clock, interruption } = ports;
  const started = clock.now().getTime();
  while (planSetup(blueprint, run.estate).steps.some(({ id }) => id === step.id)) {
    if (interruption.requested) return { kind: "interrupted" };
    if (clock.now().getTime() - started > patience) {
      return { kind: "waited-out", title: step.title };
    }
    await clock.sleep(POLL_MS);
    run.estate = await readEstate(blueprint, ports);
  }
  return undefined;
}

async function waitForDeployment(run: Run): Promise<SetupStop | undefined> {
  const { blueprint, ports } = run;
  const { clock, interruption, reporter } = ports;
  if (placeOf(run.estate).isDeployed) return undefined;
  const started = clock.now().getTime();
  const title = "Wait until CloudFront has everything everywhere";
  reporter.report({ kind: "setup-step-started", step: "deployment", title, usualSeconds: 5 * 60 });
  while (!placeOf(run.estate).isDeployed) {
    if (interruption.requested) return { kind: "interrupted" };
    if (clock.now().getTime() - started > DEPLOY_PATIENCE_MS) return { kind: "waited-out", title };
    await clock.sleep(POLL_MS);
    run.estate = await readEstate(blueprint, ports);
  }
  const seconds = (clock.now().getTime() - started) / 1000;
  reporter.report({ kind: "setup-step-finished", step: "deployment", title, seconds });
  return undefined;
}

/** An estate without steps has its distribution. */
function placeOf({ place }: Estate): SetupPlace {
  if (place.kind !== "one") throw new Error("the estate is complete, and has no distribution");
  const { id, domainName, status } = place.distribution;
  return { id, domainName, isDeployed: status === "deployed" };
}
