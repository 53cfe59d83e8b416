/**
 * The kinds of failure a command can end with. `cli/exit-codes.ts` gives each one its exit code;
 * nothing else decides how the process ends.
 */
export type FailureKind =
  | "usage"
  | "config"
  | "refused"
  | "partial"
  | "cloud"
  | "locked"
  | "internal";

/** What a person reads: what happened, why, and what to do next. */
export type FailureText = {
  readonly what: string;
  readonly why: string;
  readonly next: string;
};

/**
 * A failure we understand well enough to explain. Adapters throw it where they can name the reason;
 * whatever is not a SlipwayError is a fault of ours and ends with exit code 1.
 */
export class SlipwayError extends Error {
  readonly kind: FailureKind;
  readonly text: FailureText;

  constructor(kind: FailureKind, text: FailureText, options?: { readonly cause?: unknown }) {
    super(`${text.what}: ${text.why}`, options);
    this.name = "SlipwayError";
    this.kind = kind;
    this.text = text;
  }
}
