import type { ChangeCauses } from "./causes.ts";
import type { FailureKind, FailureText } from "./errors.ts";
import type { Invalidation } from "./invalidation.ts";
import type { InvalidationCost } from "./invalidation-cost.ts";
import type { ObjectKey } from "./keys.ts";
import type { Lock } from "./lock.ts";
import type { Plan } from "./plan.ts";
import type { Release } from "./release.ts";
import type { Traffic } from "./traffic.ts";

/**
 * What each command gives back. The human output, the JSON document and the exit code are all made
 * from these values and from nothing else.
 */
export type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "failed"; readonly failure: FailureKind; readonly error: FailureText }
  | { readonly kind: "not-reached" };

export type ChangeOutcome = { readonly key: ObjectKey; readonly outcome: Outcome };

export type InvalidationState = "in-progress" | "completed";

/** One invalidation that was asked for: the CDN's id, and how far it was when we last looked. */
export type InvalidationReceipt = {
  readonly id: string;
  readonly state: InvalidationState;
  readonly invalidation: Invalidation;
};

/** What is true of a whole run, whatever it came to. */
export type RunFacts = {
  readonly environment: string;
  readonly seconds: number;
  readonly traffic: Traffic;
};

export type PlanResult = {
  readonly plan: Plan;
  /** Why so many pages change, if they do and a sample of them could be compared. */
  readonly causes?: ChangeCauses | undefined;
  /** Whoever deploys right now; the plan may be out of date before it is read. */
  readonly deploying?: Lock | undefined;
  /** Where people find the site. */
  readonly url?: string | undefined;
};

export type DeployResult =
  | { readonly kind: "nothing-to-do"; readonly plan: Plan }
  | { readonly kind: "refused"; readonly plan: Plan }
  | { readonly kind: "declined"; readonly plan: Plan }
  | {
      readonly kind: "released";
      readonly plan: Plan;
      readonly release: ReleaseSummary;
      readonly outcomes: readonly ChangeOutcome[];
      readonly invalidations: readonly InvalidationReceipt[];
      readonly seconds: number;
    }
  | {
      readonly kind: "partial";
      readonly plan: Plan;
      readonly outcomes: readonly ChangeOutcome[];
      readonly invalidations: readonly InvalidationReceipt[];
      readonly seconds: number;
    };

/** A release without the list of its files. */
export type ReleaseSummary = Omit<Release, "manifest">;

/** Whether somebody deploys right now, or broke off and left something to finish. */
export type Activity =
  | { readonly kind: "idle" }
  | {
      readonly kind: "deploying" | "unfinished";
      readonly owner: string;
      readonly since: string;
      readonly release: string;
    };

export type StatusResult =
  | { readonly kind: "never-released"; readonly activity: Activity }
  | {
      readonly kind: "live";
      readonly release: ReleaseSummary;
      readonly files: number;
      readonly bytes: number;
      /** Objects that the site no longer names, and that stay for a while. */
      readonly obsolete: number;
      readonly activity: Activity;
    };

export type ReleasesResult = {
  /** Newest first. */
  readonly releases: readonly (ReleaseSummary & {
    readonly files: number;
    readonly live: boolean;
  })[];
  /** How many there are in all. */
  readonly total: number;
};

/** `moved`: its holder ended or renewed it in the same moment. */
export type UnlockResult =
  | { readonly kind: "not-locked" }
  | { readonly kind: "broken" | "left-behind" | "declined" | "moved"; readonly lock: Lock };

/** What was to be forgotten, what it is billed as, and the CDN's receipts if it was asked. */
export type InvalidateResult = {
  readonly invalidation: Invalidation;
  readonly cost: InvalidationCost;
} & (
  | { readonly kind: "nothing-to-do" }
  | { readonly kind: "dry-run" }
  | {
      readonly kind: "requested";
      readonly invalidations: readonly InvalidationReceipt[];
      readonly seconds: number;
    }
);

export type BuildResult = {
  readonly output: string;
  readonly pages: number;
  readonly files: number;
  readonly seconds: number;
};
