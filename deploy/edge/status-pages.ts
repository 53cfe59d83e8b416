import type { AnswerStatus } from "../core/headers.ts";
import { pageKey } from "./missing-targets.ts";
import { type RuleProblem, sourceText } from "./rule-problem.ts";
import type { GoneStatus, RedirectRule, RuleSource } from "./rules.ts";

export type StatusPages = {
  /** The keys of pages that are told as missing or gone, wherever they are seen. */
  readonly statuses: ReadonlyMap<string, AnswerStatus>;
  readonly problems: readonly RuleProblem[];
};

const ROOT_PAGE = "404.html";

/**
 * With which status pages are stored: those that rules show with 404 or 410. A function cannot set a
 * status when it chooses a page, so a page can have but one.
 */
export function statusPages(
  rules: readonly RedirectRule[],
  keys: ReadonlySet<string>,
): StatusPages {
  const wanted = new Map<string, Wanted>();
  const problems: RuleProblem[] = [];
  if (keys.has(ROOT_PAGE)) {
    const source = { file: ROOT_PAGE, text: "the site's 404 page" };
    wanted.set(ROOT_PAGE, { status: 404, source });
  }
  for (const { key, status, source } of shown(rules, "gone")) {
    const before = wanted.get(key);
    if (before !== undefined && before.status !== status) {
      problems.push({ ...source, reason: explain(key, status, before) });
    } else if (before === undefined) {
      wanted.set(key, { status: status === 410 ? 410 : 404, source });
    }
  }
  for (const { key, source } of shown(rules, "rewrite")) {
    const before = wanted.get(key);
    if (before !== undefined) problems.push({ ...source, reason: explain(key, 200, before) });
  }
  // CloudFront tells the root's page with 404 by itself, and viewers would see the metadata then.
  wanted.delete(ROOT_PAGE);
  const statuses = [...wanted].map(([key, { status }]) => [key, answerStatus(status)] as const);
  return { statuses: new Map(statuses), problems };
}

type Wanted = { readonly status: GoneStatus; readonly source: RuleSource };

function shown(rules: readonly RedirectRule[], kind: "gone" | "rewrite") {
  return rules.flatMap((rule) => {
    const key = rule.answer.kind === kind ? pageKey(rule) : undefined;
    const status = rule.answer.kind === "rewrite" ? 200 : rule.answer.status;
    return key === undefined ? [] : [{ key, status, source: rule.source }];
  });
}

function explain(key: string, status: number, { status: other, source }: Wanted): string {
  return `it shows ${key} with ${status}, but ${sourceText(source)} wants it with ${other}, and a page is stored with one status: make a second page`;
}

function answerStatus(status: GoneStatus): AnswerStatus {
  return status === 404 ? "404" : "410";
}
