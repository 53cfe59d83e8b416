import type { Certificate } from "./certificate.ts";
import type { DomainPlan } from "./plan.ts";
import type { EnteredRecord } from "./zone-change.ts";

/** What a run waits for, and how long that usually takes. */
export const WAITS = {
  "validation-records": {
    what: "ACM to name the validation records",
    usually: "some seconds",
  },
  certificate: { what: "ACM to issue the certificate", usually: "2 to 10 minutes" },
  distribution: { what: "CloudFront to bring it to all its edges", usually: "3 to 10 minutes" },
  records: { what: "Route 53 to bring the records to all its servers", usually: "under a minute" },
  visit: { what: "the names to answer", usually: "some minutes" },
  absence: { what: "the names to lead elsewhere", usually: "as long as their records are kept" },
} as const;

export type DomainWait = keyof typeof WAITS;

/** What a run tells while it works. */
export type DomainEvent =
  /** At each look; `seconds` since it began. */
  | { readonly kind: "domain-wait"; readonly for: DomainWait; readonly seconds: number }
  | { readonly kind: "domain-done"; readonly deed: DomainDeed }
  /** Somebody has to enter these records at another DNS host. */
  | { readonly kind: "domain-enter"; readonly records: readonly EnteredRecord[] }
  /** Somebody has to remove these records there. */
  | { readonly kind: "domain-leave"; readonly records: readonly EnteredRecord[] };

export type DomainDeed =
  | "certificate-requested"
  | "validation-written"
  | "certificate-issued"
  | "names-attached"
  | "addresses-written"
  | "addresses-removed"
  | "names-detached";

/** Why a run ends before its end; a rerun goes on from there. */
export type DomainPause = {
  readonly kind: "waiting";
  readonly for: DomainWait;
  readonly because: "time-out" | "interrupted";
};

/** What a real request to one of the names came to. */
export type DomainProof = {
  readonly url: string;
  /** `other-server`: an answer, and not by CloudFront; that and no answer may still change by itself. */
  readonly kind: "as-wanted" | "other-answer" | "other-server" | "no-answer";
  readonly got: string;
  readonly wanted: string;
  readonly next: string;
};

export type DomainResult = { readonly plan: DomainPlan; readonly seconds: number } & (
  | { readonly kind: "refused" | "declined" }
  /** Every name answers as it should. */
  | { readonly kind: "live"; readonly proofs: readonly DomainProof[] }
  /** All is arranged, and a visit says otherwise. */
  | { readonly kind: "unproven"; readonly proofs: readonly DomainProof[] }
  | (DomainPause & {
      readonly enter: readonly EnteredRecord[];
      readonly proofs: readonly DomainProof[];
    })
);

export type DomainStatus = {
  readonly plan: DomainPlan;
  readonly certificate: Certificate | undefined;
  readonly daysLeft: number | undefined;
  /** What will keep ACM from renewing the certificate. */
  readonly warnings: readonly string[];
  readonly enter: readonly EnteredRecord[];
  readonly proofs: readonly DomainProof[];
};

export type DomainRemoval = {
  readonly names: readonly string[];
  readonly distribution: string;
  readonly seconds: number;
  /** Records that a person takes away at another DNS host. */
  readonly leave: readonly EnteredRecord[];
} & ({ readonly kind: "nothing-to-do" | "declined" | "removed" } | DomainPause);
