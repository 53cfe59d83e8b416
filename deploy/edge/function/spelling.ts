import { type RulePattern, TEMPLATE_NAME } from "../pattern.ts";
import { encodeQuery } from "../query.ts";
import type { QueryCondition, RedirectRule, RuleTarget } from "../rules.ts";
import { encodePath } from "../uri.ts";

/**
 * How rules are written inside a function. Paths stand there as they are encoded in the cache's keys,
 * so that they are compared without decoding; names stand in braces, which no encoded path has:
 * `/blog/{year}/{splat}`.
 */
export type RuleRow = readonly [
  from: string,
  /** Origin, path, query and fragment in one, or "" for a page that is gone without another in its place. */
  to: string,
  status: number,
  force: 0 | 1,
  pagesOnly: 0 | 1,
  conditions: readonly ConditionRow[],
];

/** Name and value with the escapes of encodeURIComponent; `{name}` binds. */
type ConditionRow = readonly [name: string, value: string];

/** The row of a rule; `isOwn` says which origins are this site. */
export function spellRule(rule: RedirectRule, isOwn: (origin: string) => boolean): RuleRow {
  return [
    spellPattern(rule.from),
    spellAnswer(rule, isOwn),
    rule.answer.kind === "rewrite" ? 200 : rule.answer.status,
    rule.force ? 1 : 0,
    rule.pagesOnly === true ? 1 : 0,
    rule.query.map(spellCondition),
  ];
}

export function spellPattern({ segments, splat }: RulePattern): string {
  const spelled = segments.map((segment) =>
    segment.kind === "literal" ? encodePath(segment.text) : `{${segment.name}}`,
  );
  return `/${[...spelled, ...(splat ? ["{splat}"] : [])].join("/")}`;
}

/** A row as text: what its end leaves out is 0 or empty. */
export function writeRow(row: RuleRow): string {
  let length: number = row.length;
  while (row[length - 1] === 0 || (length === row.length && row[5].length === 0)) length -= 1;
  return writeData(row.slice(0, length));
}

/** JSON in plain ASCII. The local edge runs no code in which something looks like a dynamic import. */
export function writeData(value: unknown): string {
  return JSON.stringify(value)
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .replace(/import(?=[\s(./<-])/g, "\\u0069mport");
}

function spellAnswer(rule: RedirectRule, isOwn: (origin: string) => boolean): string {
  const { answer } = rule;
  const bound = boundNames(rule);
  switch (answer.kind) {
    case "redirect":
      return spellTarget(answer.to, bound, isOwn);
    case "rewrite":
      return spellTemplate(answer.to.path, bound, encodePath);
    case "gone":
      return answer.page === undefined ? "" : encodePath(answer.page);
  }
}

function spellTarget(
  { origin, path, query, fragment }: RuleTarget,
  bound: ReadonlySet<string>,
  isOwn: (origin: string) => boolean,
): string {
  const asked = query === undefined ? "" : `?${spellTemplate(query, bound, encodeQuery)}`;
  const shown = fragment === "" ? "" : `#${encodeQuery(fragment.slice(1))}`;
  return (isOwn(origin) ? "" : origin) + spellTemplate(path, bound, encodePath) + asked + shown;
}

/** The template with `{name}` for each `:name` that has a value, and the rest encoded. */
function spellTemplate(
  template: string,
  bound: ReadonlySet<string>,
  encode: (text: string) => string,
): string {
  let spelled = "";
  let end = 0;
  for (const found of template.matchAll(TEMPLATE_NAME)) {
    const [written, name = ""] = found;
    if (!bound.has(name)) continue;
    spelled += `${encode(template.slice(end, found.index))}{${name}}`;
    end = found.index + written.length;
  }
  return spelled + encode(template.slice(end));
}

function spellCondition(condition: QueryCondition): ConditionRow {
  const value =
    condition.kind === "bind" ? `{${condition.placeholder}}` : encodeURIComponent(condition.value);
  return [encodeURIComponent(condition.name), value];
}

function boundNames({ from, query }: RedirectRule): ReadonlySet<string> {
  return new Set([
    ...from.segments.flatMap((one) => (one.kind === "placeholder" ? [one.name] : [])),
    ...(from.splat ? ["splat"] : []),
    ...query.flatMap((one) => (one.kind === "bind" ? [one.placeholder] : [])),
  ]);
}
