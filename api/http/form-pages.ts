import type { ProblemKind } from "./problems.ts";

/** Where a browser that sent a form is led: paths of the site, which the site's build knows too. */
export type FormPages = {
  /** All went well. */
  readonly done: string;
  /** The form again, which shows the message whose id stands behind the #. */
  readonly again: string;
};

/**
 * The page on which a visitor without JavaScript reads what went wrong. The message is on the page
 * already, hidden: being the target of the address makes it visible.
 */
export function pageOf(problem: ProblemKind, { again }: FormPages): string {
  return `${again}#${MESSAGES[problem]}`;
}

const MESSAGES: Readonly<Record<ProblemKind, string>> = {
  "address-refused": "not-an-address",
  "invalid-body": "not-understood",
  "cross-site": "not-understood",
  "bad-request": "not-understood",
  "unknown-endpoint": "not-understood",
  "wrong-method": "not-understood",
  "request-timeout": "not-now",
  "token-refused": "code-refused",
  "body-too-large": "not-understood",
  "wrong-media-type": "not-understood",
  "not-through-cdn": "not-understood",
  "rate-limited": "too-often",
  "headers-too-large": "not-understood",
  "internal-error": "not-now",
  unavailable: "not-now",
};
