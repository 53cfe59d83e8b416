import type { FailureKind, FailureText } from "../errors.ts";
import type { SetupPlan, SetupStep } from "./steps.ts";

/** The distribution that setup ended with. */
export type SetupPlace = {
  readonly id: string;
  readonly domainName: string;
  /** Whether CloudFront has its configuration everywhere. */
  readonly isDeployed: boolean;
};

/** Why setup ended before all steps were done. */
export type SetupStop =
  | { readonly kind: "interrupted" }
  /** CloudFront needs longer than setup waits; nothing is wrong. */
  | { readonly kind: "waited-out"; readonly title: string }
  /** All was written, and reading does not show it yet. */
  | { readonly kind: "unsettled" }
  | {
      readonly kind: "failed";
      readonly title: string;
      readonly failure: FailureKind;
      readonly text: FailureText;
    };

/** `plan` is the one that was shown. `partial`: a rerun does what is left. */
export type SetupResult = { readonly plan: SetupPlan } & (
  | { readonly kind: "blocked" }
  | { readonly kind: "declined" }
  | { readonly kind: "nothing-to-do"; readonly place: SetupPlace }
  | { readonly kind: "done"; readonly done: readonly SetupStep[]; readonly place: SetupPlace }
  | {
      readonly kind: "partial";
      readonly done: readonly SetupStep[];
      readonly left: readonly SetupStep[];
      readonly stop: SetupStop;
    }
);
