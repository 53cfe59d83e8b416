import { MAX_HOPS } from "./follow.ts";
import type { RuleProblem } from "./rule-problem.ts";
import { type RuleSet, type Walk, walk } from "./rule-walk.ts";
import type { RedirectRule } from "./rules.ts";
import { addressAt } from "./site-pages.ts";

/**
 * Redirects that lead back to themselves, or on without end, or through more than five rules. Rules
 * with placeholders are tried with values that the site has no page for, and that no other rule names.
 * A circle is told once, at its first rule, and a chain at its beginning.
 */
export function findEndless(set: RuleSet): readonly RuleProblem[] {
  const walks = set.rules.flatMap((rule, i) =>
    walksOf(rule, i, set).map((walked) => ({ start: i, walked })),
  );
  const reasons = new Map<number, string>();
  const chains = new Map<number, Ending>();
  for (const { start, walked } of walks) {
    if (walked.kind === "endless") {
      const first = Math.min(...walked.cycle.map(({ rule }) => rule));
      reasons.set(first, reasons.get(first) ?? explainEndless(walked));
    } else if (walked.hops.length > MAX_HOPS) {
      chains.set(start, walked);
    }
  }
  for (const [i, chain] of heads(chains)) reasons.set(i, reasons.get(i) ?? explainLong(chain));
  return set.rules.flatMap((rule, i) => {
    const reason = reasons.get(i);
    return reason === undefined ? [] : [{ ...rule.source, reason }];
  });
}

type Ending = Walk & { readonly kind: "ends" };

/** The chains that are no part of another. */
function heads(chains: ReadonlyMap<number, Ending>): readonly (readonly [number, Ending])[] {
  const passed = new Set<number>();
  for (const { hops } of chains.values()) for (const { rule } of hops.slice(1)) passed.add(rule);
  return [...chains].filter(([i]) => !passed.has(i));
}

function walksOf(rule: RedirectRule, at: number, set: RuleSet): readonly Walk[] {
  if (rule.answer.kind !== "redirect") return [];
  const samples = rule.from.splat ? [set.unknown, ""] : [""];
  return samples.flatMap((splat) => {
    const address = addressAt(samplePath(rule, splat, set));
    if (address === undefined) return [];
    return walk({ address, query: sampleQuery(rule, set) }, at, set) ?? [];
  });
}

function samplePath(rule: RedirectRule, splat: string, set: RuleSet): string {
  const unknown = set.unknown;
  const segments = rule.from.segments.map((one, i) =>
    one.kind === "literal" ? one.text : `${unknown}${i + 1}`,
  );
  return `/${[...segments, ...(splat === "" ? [] : [splat])].join("/")}`;
}

function sampleQuery({ query }: RedirectRule, set: RuleSet): string {
  const unknown = set.unknown;
  return query
    .map((one, i) => {
      const value = one.kind === "equals" ? one.value : `${unknown}${i + 1}`;
      return `${encodeURIComponent(one.name)}=${encodeURIComponent(value)}`;
    })
    .join("&");
}

function explainEndless({ hops, cycle }: Walk & { readonly kind: "endless" }): string {
  const [first] = cycle;
  const isCircle = cycle.length > 1 || hops.length < cycle.length + 2;
  const way = isCircle
    ? [...cycle.map(({ at }) => at), `${first?.at} → …`]
    : [...hops.slice(0, 3).map(({ at }) => at), "…"];
  const why = `it leads back to itself: ${way.join(" → ")}`;
  return cycle.length === 1 && isCircle
    ? `${why}. Rules do not tell \`/a\` from \`/a/\`, and pages get their slash by themselves: delete it, or let it lead elsewhere`
    : `${why}. Let it lead elsewhere, or put a rule above it that answers on the way`;
}

function explainLong({ hops, to }: Ending): string {
  const way = hops.slice(0, 3).map(({ at }) => at);
  return `it takes ${hops.length} redirects (${way.join(" → ")} → …) to get to ${to}, and the edge follows ${MAX_HOPS}: let it lead there at once`;
}
