import { readDecoded } from "../address.ts";
import type { EdgeRules, RedirectRule } from "../rules.ts";
import { encodePath } from "../uri.ts";
import { type RuleRow, spellPattern, spellRule, writeData } from "./spelling.ts";

/** CF-DG "Quotas on CloudFront KeyValueStores", bytes of UTF-8; everything here is ASCII. */
export const MAX_ENTRY = { key: 512, value: 1_024 } as const;
export const MAX_STORE_BYTES = 5 * 1024 * 1024;

/** The rules, divided between the function's code and its store. */
export type Division = {
  /** In order. */
  readonly rows: readonly RuleRow[];
  /**
   * `r/old` is the rule for the path `/old`, with or without a slash at its end: how many of the rows
   * come before it, its target, its status. `k/old/` is an address that rules without force leave
   * alone. Paths are encoded as in the cache's keys, values are JSON.
   */
  readonly entries: ReadonlyMap<string, string>;
};

/** Whether a key of a store can be an entry of ours. */
export function isTableKey(key: string): boolean {
  return key.startsWith("r/") || key.startsWith("k/");
}

/**
 * Moves into the store what one look-up can find: the kept addresses, and rules for one path that ask
 * nothing of the query. The first of the rules for a path is the one that counts.
 */
export function divideRules(rules: EdgeRules, isOwn: (origin: string) => boolean): Division {
  const rows: RuleRow[] = [];
  const entries = new Map<string, string>();
  for (const rule of rules.redirects) {
    const key = `r${spellPattern(rule.from)}`;
    const row = spellRule(rule, isOwn);
    const value = writeData([rows.length, row[1], row[2]]);
    switch (placeOf(rule, rules.kept)) {
      case "code":
        rows.push(row);
        break;
      case "nowhere":
        break;
      case "store":
        if (entries.has(key)) break;
        if (fits(key, value)) entries.set(key, value);
        else rows.push(row);
    }
  }
  for (const address of rules.kept) entries.set(`k${encodePath(address)}`, "1");
  return { rows, entries };
}

function placeOf(rule: RedirectRule, kept: ReadonlySet<string>): "code" | "store" | "nowhere" {
  const { segments, splat } = rule.from;
  const isExact = !splat && segments.every(({ kind }) => kind === "literal");
  if (!isExact || rule.query.length > 0 || rule.pagesOnly === true) return "code";
  if (rule.force) return "store";
  const keptForms = formsOf(rule).filter((form) => form !== undefined && kept.has(form)).length;
  if (keptForms === 0) return "store";
  return keptForms === 2 ? "nowhere" : "code";
}

/** The addresses that a rule for one path may stand for: with and without a slash at the end. */
function formsOf({ from }: RedirectRule): readonly (string | undefined)[] {
  const path = `/${from.segments.map((one) => (one.kind === "literal" ? one.text : "")).join("/")}`;
  return [path, `${path}/`].map((form) => {
    const read = readDecoded(form);
    return read.kind === "address" ? read.address.canonical : undefined;
  });
}

function fits(key: string, value: string): boolean {
  return key.length <= MAX_ENTRY.key && value.length <= MAX_ENTRY.value;
}
