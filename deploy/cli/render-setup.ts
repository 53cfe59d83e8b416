import type { SetupResult, SetupStop } from "../core/setup/setup-result.ts";
import type { Blocker, SetupPlan, SetupStep } from "../core/setup/steps.ts";
import type { Paint } from "./paint.ts";
import { count, seconds } from "./words.ts";

/** What setup would do, with what it costs and how long it takes; before anybody is asked. */
export function renderSetupPlan(plan: SetupPlan, paint: Paint): readonly string[] {
  const { account, steps, notes } = plan;
  const total = steps.reduce((sum, { usualSeconds }) => sum + usualSeconds, 0);
  const time = total < FELT_SECONDS ? "" : `, usually ${seconds(total)} in all`;
  return [
    `Account ${account}: ${count(steps.length, "step")}${time}`,
    "",
    ...steps.flatMap((step) => stepLines(step, paint)),
    ...notes.flatMap((note) => ["", `${paint.warn("note")} ${note}`]),
    "",
    paint.faint("Nothing is deleted. Prices are AWS's list prices in us-east-1, without tax."),
  ];
}

function stepLines(step: SetupStep, paint: Paint): readonly string[] {
  const { kind, title, details, usualSeconds, monthly } = step;
  const time =
    usualSeconds < FELT_SECONDS ? "" : paint.faint(` (usually ${seconds(usualSeconds)})`);
  return [
    `  ${sign(kind, paint)} ${title}${time}`,
    ...details.map((detail) => `      ${detail}`),
    ...(monthly === undefined ? [] : [paint.faint(`      a month: ${monthly}`)]),
  ];
}

/** Shorter than this needs no saying. */
const FELT_SECONDS = 10;

function sign(kind: SetupStep["kind"], paint: Paint): string {
  switch (kind) {
    case "create":
      return paint.good("+");
    case "change":
      return paint.warn("~");
    case "adopt":
      return paint.warn("=");
    case "wait":
      return paint.faint("…");
  }
}

/** What setup came to. */
export function renderSetup(result: SetupResult, paint: Paint): readonly string[] {
  switch (result.kind) {
    case "blocked":
      return result.plan.blockers.flatMap((blocker) => blockerLines(blocker, paint));
    case "declined":
      return ["Nothing was done."];
    case "nothing-to-do":
      return [
        `${paint.good("Nothing to do")}: everything is as slipway.config.ts wants it`,
        placeLine(result),
        ...result.plan.notes.map((note) => `${paint.warn("note")} ${note}`),
      ];
    case "done":
      return [
        `${paint.good("Set up")}: ${count(result.done.length, "step")} done`,
        placeLine(result),
      ];
    case "partial":
      return [
        `${paint.warn("Not finished")}: ${count(result.done.length, "step")} done, ${result.left.length} left`,
        ...result.left.map(({ title }) => `  ${title}`),
        ...stopLines(result.stop, paint),
        "Run slipway setup again: it does what is left.",
      ];
  }
}

function placeLine({ place }: Extract<SetupResult, { kind: "done" | "nothing-to-do" }>): string {
  const { id, domainName, isDeployed } = place;
  const where = `The distribution ${id} answers at https://${domainName}/`;
  return isDeployed ? where : `${where} in about 5 minutes, when CloudFront has it everywhere`;
}

function stopLines(stop: SetupStop, paint: Paint): readonly string[] {
  switch (stop.kind) {
    case "interrupted":
      return ["You stopped it; what was under way is finished."];
    case "waited-out":
      return [`${stop.title}: AWS needs longer than usual. Nothing is wrong yet.`];
    case "unsettled":
      return ["All of it was written, and AWS does not show it yet."];
    case "failed": {
      const { what, why, next } = stop.text;
      return blockerLines({ what: `${stop.title}: ${what}`, why, next }, paint);
    }
  }
}

function blockerLines({ what, why, next }: Blocker, paint: Paint): readonly string[] {
  return [`${paint.bad("stop")} ${what}`, `  why:  ${why}`, `  next: ${next}`];
}
