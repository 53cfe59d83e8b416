import type { DomainRemoval, DomainResult } from "../core/domain/results.ts";
import type { FailureKind } from "../core/errors.ts";
import type { EventsResult } from "../core/messages.ts";
import type { ChangeOutcome, DeployResult } from "../core/results.ts";
import type { SetupResult } from "../core/setup/setup-result.ts";

/** Every way the process can end. `--help` prints these lines; scripts rely on the numbers. */
export const EXIT_CODES = {
  done: { code: 0, meaning: "done (also: nothing to do)" },
  fault: { code: 1, meaning: "a fault of ours" },
  usage: { code: 2, meaning: "usage or configuration" },
  pending: { code: 3, meaning: "changes pending (plan --exit-code)" },
  refused: { code: 4, meaning: "refused by a guard" },
  partial: { code: 5, meaning: "partly applied; a rerun continues" },
  cloud: { code: 6, meaning: "the cloud said no (credentials, permission, quota)" },
  locked: { code: 7, meaning: "another deploy holds the lock" },
} as const;

export function exitCodeOf(kind: FailureKind): number {
  switch (kind) {
    case "usage":
    case "config":
      return EXIT_CODES.usage.code;
    case "refused":
      return EXIT_CODES.refused.code;
    case "partial":
      return EXIT_CODES.partial.code;
    case "cloud":
      return EXIT_CODES.cloud.code;
    case "locked":
      return EXIT_CODES.locked.code;
    case "internal":
      return EXIT_CODES.fault.code;
  }
}

/** A deploy that wrote nothing at all is not partly applied: it ends with the code of what stopped it. */
export function deployExitCode(result: DeployResult): number {
  switch (result.kind) {
    case "released":
    case "nothing-to-do":
      return EXIT_CODES.done.code;
    case "declined":
      return EXIT_CODES.usage.code;
    case "refused":
      return EXIT_CODES.refused.code;
    case "partial":
      return partialExitCode(result.outcomes);
  }
}

/** What a person must decide first is a refusal; a step that failed leaves the ones before it done. */
export function setupExitCode({ kind }: SetupResult): number {
  switch (kind) {
    case "done":
    case "nothing-to-do":
      return EXIT_CODES.done.code;
    case "declined":
      return EXIT_CODES.usage.code;
    case "blocked":
      return EXIT_CODES.refused.code;
    case "partial":
      return EXIT_CODES.partial.code;
  }
}

/** What waits is partly applied. So is what a visit says otherwise of: a rerun looks again. */
export function domainExitCode({ kind }: DomainResult): number {
  switch (kind) {
    case "live":
      return EXIT_CODES.done.code;
    case "refused":
      return EXIT_CODES.refused.code;
    case "declined":
      return EXIT_CODES.usage.code;
    case "waiting":
    case "unproven":
      return EXIT_CODES.partial.code;
  }
}

export function removalExitCode({ kind }: DomainRemoval): number {
  switch (kind) {
    case "removed":
    case "nothing-to-do":
      return EXIT_CODES.done.code;
    case "declined":
      return EXIT_CODES.usage.code;
    case "waiting":
      return EXIT_CODES.partial.code;
  }
}

/** Messages that could not be published, and a switch that could not be proven, are partly applied. */
export function eventsExitCode({ result }: EventsResult): number {
  if (!("kind" in result)) return EXIT_CODES.done.code;
  switch (result.kind) {
    case "declined":
      return EXIT_CODES.usage.code;
    case "nobody-bound":
      return EXIT_CODES.refused.code;
    case "unproven":
      return EXIT_CODES.partial.code;
    case "replayed": {
      const isWhole = result.failedCount === 0 && result.stopped === undefined;
      return isWhole ? EXIT_CODES.done.code : EXIT_CODES.partial.code;
    }
    case "failed":
      return EXIT_CODES.cloud.code;
    case "absent":
    case "read":
    case "proven":
    case "dropped":
    case "republished":
    case "dry-run":
    case "nothing-matched":
      return EXIT_CODES.done.code;
  }
}

function partialExitCode(outcomes: readonly ChangeOutcome[]): number {
  if (outcomes.some(({ outcome }) => outcome.kind === "done")) return EXIT_CODES.partial.code;
  for (const { outcome } of outcomes) {
    if (outcome.kind === "failed") return exitCodeOf(outcome.failure);
  }
  return EXIT_CODES.partial.code;
}
