/**
 * Why something cannot be had of the broker: `config` an address that cannot be one, `unreachable`
 * nobody answers, `denied` credentials or a right, `missing` an exchange, queue or virtual host,
 * `refused` we do not do it because of what is there, `failed` an answer that we did not expect.
 */
export type BrokerFailure = "config" | "unreachable" | "denied" | "missing" | "refused" | "failed";

/** What a person reads. Never holds credentials. */
export type BrokerFailureText = {
  readonly what: string;
  readonly why: string;
  readonly next: string;
};

/** A failure of the broker that we understand well enough to explain. */
export class BrokerError extends Error {
  readonly kind: BrokerFailure;
  readonly text: BrokerFailureText;

  constructor(
    kind: BrokerFailure,
    text: BrokerFailureText,
    options?: { readonly cause?: unknown },
  ) {
    super(`${text.what}: ${text.why}`, options);
    this.name = "BrokerError";
    this.kind = kind;
    this.text = text;
  }
}
