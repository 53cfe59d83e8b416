import type { FoundDistribution } from "./estate.ts";
import type { EstateRecord } from "./estate-record.ts";

/** One thing to do to the bucket. */
export type BucketAction =
  | { readonly kind: "create" }
  | { readonly kind: "block-public-access" }
  | { readonly kind: "enforce-owner" }
  | { readonly kind: "enable-versioning" }
  | { readonly kind: "encrypt" }
  | { readonly kind: "tag"; readonly tags: Readonly<Record<string, string>> }
  | { readonly kind: "lifecycle"; readonly document: string }
  | { readonly kind: "policy"; readonly document: string };

export type ViewerEvent = "viewer-request" | "viewer-response";

/** One of CloudFront's parts beside the distribution, to make or to mend; its other settings stay. */
export type EdgeAction =
  | { readonly kind: "access"; readonly name: string }
  | { readonly kind: "store"; readonly name: string }
  | { readonly kind: "headers-policy"; readonly name: string }
  /** There, published, and allowed to read the store, if one is named. New ones pass everything on. */
  | {
      readonly kind: "function";
      readonly event: ViewerEvent;
      readonly name: string;
      readonly store: string | undefined;
    };

export type SetupAction =
  | { readonly kind: "bucket"; readonly action: BucketAction }
  | { readonly kind: "edge"; readonly action: EdgeAction }
  | { readonly kind: "create-distribution"; readonly config: string }
  | {
      readonly kind: "change-distribution";
      readonly found: FoundDistribution;
      readonly config: string;
    }
  /** Nothing to do but to look again, at most for so many seconds. */
  | { readonly kind: "wait"; readonly patience: number }
  | { readonly kind: "forget-rules" }
  | { readonly kind: "record"; readonly record: EstateRecord };

export type StepId =
  | `bucket-${BucketAction["kind"]}`
  | `edge-${Exclude<EdgeAction["kind"], "function">}`
  | `edge-${ViewerEvent}`
  | "wait-store"
  | "distribution"
  | "wait-distribution"
  | "rules"
  | "record";

export type SetupStep = {
  readonly id: StepId;
  readonly kind: "create" | "change" | "adopt" | "wait";
  /** What a person reads: "Create the bucket example-site in eu-west-1". */
  readonly title: string;
  /** Single settings that change, where there are several. */
  readonly details: readonly string[];
  /** How long it usually takes. */
  readonly usualSeconds: number;
  /** What it costs a month, where it costs anything. */
  readonly monthly: string | undefined;
  /** Undefined while an earlier step has to give an id first. */
  readonly action: SetupAction | undefined;
};

/** Why nothing can be done before a person does something. */
export type Blocker = { readonly what: string; readonly why: string; readonly next: string };

export type SetupPlan = {
  readonly account: string;
  readonly blockers: readonly Blocker[];
  /** In their order; what is right already is not among them. */
  readonly steps: readonly SetupStep[];
  /** What a person should know; nothing is refused for it. */
  readonly notes: readonly string[];
};

const QUICK_SECONDS = 2;

/** A step with the usual defaults. */
export function step(
  given: Pick<SetupStep, "id" | "kind" | "title" | "action"> & Partial<SetupStep>,
): SetupStep {
  return { details: [], usualSeconds: QUICK_SECONDS, monthly: undefined, ...given };
}
