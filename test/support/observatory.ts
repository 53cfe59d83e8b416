import { scoreContentPolicy } from "./observatory/content-policy.ts";
import { scoreCookies } from "./observatory/cookies.ts";
import {
  scoreContentTypeOptions,
  scoreEmbedderPolicy,
  scoreFrameOptions,
  scoreOpenerPolicy,
  scoreReferrerPolicy,
  scoreResourcePolicy,
  scoreSharing,
  scoreTransportSecurity,
} from "./observatory/headers.ts";
import { scoreIntegrity } from "./observatory/integrity.ts";
import type { Finding, Redirection, ScannedAnswer } from "./observatory/scan.ts";

/**
 * Mozilla's HTTP Observatory, by its published rules (github.com/mdn/mdn-http-observatory, algorithm 6,
 * as of August 2026: twelve tests, each with a modifier). Two things it does are left out: it asks the
 * preload list of HSTS, which needs a real host, and it reads policies in `<meta>`, which we don't write.
 */
export type Verdict = {
  readonly grade: string;
  readonly score: number;
  /** One for each test, by its name. */
  readonly findings: Readonly<Record<TestName, Finding>>;
};

export type TestName =
  | "content-security-policy"
  | "cookies"
  | "cross-origin-embedder-policy"
  | "cross-origin-opener-policy"
  | "cross-origin-resource-sharing"
  | "redirection"
  | "referrer-policy"
  | "strict-transport-security"
  | "subresource-integrity"
  | "x-content-type-options"
  | "x-frame-options"
  | "cross-origin-resource-policy";

/** Scores an answer that was had over https. Bonuses count only where penalties leave 90 or more. */
export function observe(answer: ScannedAnswer): Verdict {
  const findings: Verdict["findings"] = {
    "content-security-policy": scoreContentPolicy(answer),
    cookies: scoreCookies(answer),
    "cross-origin-embedder-policy": scoreEmbedderPolicy(answer),
    "cross-origin-opener-policy": scoreOpenerPolicy(answer),
    "cross-origin-resource-sharing": scoreSharing(answer),
    redirection: scoreRedirection(answer.redirection),
    "referrer-policy": scoreReferrerPolicy(answer),
    "strict-transport-security": scoreTransportSecurity(answer),
    "subresource-integrity": scoreIntegrity(answer),
    "x-content-type-options": scoreContentTypeOptions(answer),
    "x-frame-options": scoreFrameOptions(answer),
    "cross-origin-resource-policy": scoreResourcePolicy(answer),
  };
  const modifiers = Object.values(findings).map(({ modifier }) => modifier);
  const penalized = 100 + sum(modifiers.filter((modifier) => modifier < 0));
  const score = Math.max(0, penalized >= EXTRA_CREDIT_FROM ? 100 + sum(modifiers) : penalized);
  return { score, grade: gradeOf(score), findings };
}

const EXTRA_CREDIT_FROM = 90;

/** The least score of each grade. */
const GRADES = [
  [100, "A+"],
  [90, "A"],
  [85, "A-"],
  [80, "B+"],
  [70, "B"],
  [65, "B-"],
  [60, "C+"],
  [50, "C"],
  [45, "C-"],
  [40, "D+"],
  [30, "D"],
  [25, "D-"],
] as const;

/** The grade of a score of 0 or more. */
export function gradeOf(score: number): string {
  return GRADES.find(([least]) => score >= least)?.[1] ?? "F";
}

function scoreRedirection(redirection: Redirection): Finding {
  return { result: redirection, modifier: REDIRECTIONS[redirection] };
}

const REDIRECTIONS: Readonly<Record<Redirection, number>> = {
  "redirection-to-https": 0,
  "redirection-not-needed-no-http": 0,
  "redirection-off-host-from-http": -5,
  "redirection-not-to-https-on-initial-redirection": -10,
  "redirection-not-to-https": -20,
  "redirection-missing": -20,
};

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
