import { parsePattern, type RulePattern, TEMPLATE_NAME } from "./pattern.ts";
import { parseConditions } from "./query-condition.ts";
import { parseTarget } from "./rule-target.ts";
import type {
  GoneStatus,
  QueryCondition,
  RedirectRule,
  RedirectStatus,
  RuleAnswer,
  RuleSource,
  RuleTarget,
} from "./rules.ts";

/** A rule as it was written, taken apart but not yet understood. */
export type WrittenRedirect = {
  readonly from: string;
  /** Name and value, as written. */
  readonly query: readonly (readonly [name: string, value: string])[];
  readonly to: string | undefined;
  readonly status: number;
  readonly force: boolean;
  readonly source: RuleSource;
};

export type ReadRedirect =
  | { readonly kind: "rule"; readonly rule: RedirectRule }
  | { readonly kind: "problem"; readonly reason: string };

/** Makes a rule of what `_redirects` or the config says; the first thing that is wrong with it is told. */
export function readRedirect(written: WrittenRedirect): ReadRedirect {
  const from = parsePattern(written.from);
  if (from.kind === "problem") return from;
  const names = patternNames(from.pattern);
  const query = parseConditions(written.query, names);
  if (query.kind === "problem") return query;
  const answer = readAnswer(written, new Set([...names, ...boundBy(query.conditions)]));
  if (answer.kind === "problem") return answer;
  const { force, source } = written;
  const rule = { from: from.pattern, query: query.conditions, answer, force, source };
  return { kind: "rule", rule };
}

type Problem = { readonly kind: "problem"; readonly reason: string };

function readAnswer(
  { to, status }: WrittenRedirect,
  bound: ReadonlySet<string>,
): RuleAnswer | Problem {
  if (!isKnownStatus(status)) {
    return problem(
      `status ${status} is none that a rule can have: 301, 302, 303, 307 and 308 redirect, 200 shows another page of the site, 404 and 410 say that there is none`,
    );
  }
  if (isGone(status) && to === undefined) return { kind: "gone", page: undefined, status };
  if (to === undefined) {
    return problem(
      "it has no target: write where it leads behind the path, or 410 if the page is gone for good",
    );
  }
  const parsed = parseTarget(to, bound);
  if (parsed.kind === "problem") return parsed;
  const { target } = parsed;
  if (isRedirect(status)) return { kind: "redirect", to: target, status };
  const reason = findPageProblem(target, status);
  if (reason !== undefined) return problem(reason);
  if (status === 200) return { kind: "rewrite", to: target };
  return usesNames(to, bound)
    ? problem(`a rule with ${status} shows one page: its target takes no placeholders`)
    : { kind: "gone", page: target.path, status };
}

type KnownStatus = RedirectStatus | GoneStatus | 200;

function isKnownStatus(status: number): status is KnownStatus {
  return status === 200 || isGone(status) || isRedirect(status);
}

function isGone(status: number): status is GoneStatus {
  return status === 404 || status === 410;
}

function isRedirect(status: number): status is RedirectStatus {
  return [301, 302, 303, 307, 308].includes(status);
}

function findPageProblem(target: RuleTarget, status: 200 | GoneStatus): string | undefined {
  if (target.origin !== "") {
    return `${status} shows a page of this site, and the target is on another host: redirect to it (301, 302), or route the path there with a behaviour of the distribution`;
  }
  return target.query !== undefined || target.fragment !== ""
    ? `${status} shows a page of this site, which no query or fragment changes: leave out what follows its path`
    : undefined;
}

function patternNames(pattern: RulePattern): ReadonlySet<string> {
  const names = pattern.segments.flatMap((segment) =>
    segment.kind === "placeholder" ? [segment.name] : [],
  );
  return new Set(pattern.splat ? [...names, "splat"] : names);
}

function boundBy(conditions: readonly QueryCondition[]): readonly string[] {
  return conditions.flatMap((one) => (one.kind === "bind" ? [one.placeholder] : []));
}

/** The names that a rule's path and query give values to. */
export function boundNames({ from, query }: RedirectRule): ReadonlySet<string> {
  return new Set([...patternNames(from), ...boundBy(query)]);
}

/** Whether a template has a place for one of these names. */
export function usesNames(template: string, bound: ReadonlySet<string>): boolean {
  return [...template.matchAll(TEMPLATE_NAME)].some(([, name = ""]) => bound.has(name));
}

function problem(reason: string): Problem {
  return { kind: "problem", reason };
}
