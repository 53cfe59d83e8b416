import { findBlockers } from "./blockers.ts";
import type { Blueprint } from "./blueprint.ts";
import { bucketSteps, policySteps, privacySteps } from "./bucket-steps.ts";
import { distributionSteps } from "./distribution-steps.ts";
import { edgeSteps } from "./edge-steps.ts";
import type { Estate } from "./estate.ts";
import { publicReadersOf } from "./public-readers.ts";
import { recordSteps } from "./record-steps.ts";
import { rulesSteps } from "./rules-steps.ts";
import { notesOf } from "./setup-notes.ts";
import type { SetupPlan, SetupStep } from "./steps.ts";

/**
 * What is wanted × what was found → what is left to do, in order. The same answer every time; nothing
 * is ever deleted. When all steps are done, the next plan has none.
 */
export function planSetup(blueprint: Blueprint, estate: Estate): SetupPlan {
  const blockers = findBlockers(blueprint, estate);
  const account = estate.account.id;
  if (blockers.length > 0) return { account, blockers, steps: [], notes: [] };
  return {
    account,
    blockers,
    steps: stepsOf(blueprint, estate),
    notes: notesOf(blueprint, estate),
  };
}

function stepsOf(blueprint: Blueprint, estate: Estate): SetupStep[] {
  const { bucket, place } = estate;
  const settings = bucket.kind === "found" ? bucket.settings : undefined;
  const distribution = distributionSteps(blueprint, estate);
  const policy = policySteps(blueprint, estate);
  const isMoving =
    distribution.length > 0 ||
    (place.kind === "one" && place.distribution.status === "in-progress");
  // A distribution that is there must be allowed to read before it asks in its own name.
  const served = place.kind === "one" ? [policy, distribution] : [distribution, policy];
  const before = [...bucketSteps(blueprint, settings), ...edgeSteps(blueprint, estate)];
  const isReadByAnybody = publicReadersOf(blueprint.bucket, estate).length > 0;
  const closing = isReadByAnybody
    ? []
    : privacySteps(settings, isMoving ? "distribution changes" : "nothing");
  const left = [...before, ...served.flat(), ...closing];
  return [...left, ...rulesSteps(estate), ...recordSteps(blueprint, estate)];
}
