import { comparable } from "../aliases.ts";
import type { Problem } from "../problem.ts";
import { isGone, isRedirect, type RedirectRule, SPLAT } from "../redirect-rules.ts";
import { type Crossroads, crossroads, fixedPath, ownSpot, type Way } from "../redirect-ways.ts";

/** Rules in the order in which the edge asks them, beside the site that they are for. */
export type RoutedSite = {
  /** Those that pages make of their old addresses, and behind them those kept by hand. */
  readonly rules: readonly RedirectRule[];
  /** The address of every file of the site. */
  readonly addresses: readonly string[];
  /** Pages that are missing for a reason: what is said of a rule that leads to one, null for nothing. */
  readonly missing: ReadonlyMap<string, string | null>;
};

/**
 * What is wrong with the rules of a site taken together: redirects that lead back to themselves, take more
 * than one step, or lead to nothing; rules that never answer; and rules that hide a page for good. What
 * stands for any text in a rule is followed as a name, so rules that meet for certain texts only are not
 * found here: the edge itself ends those.
 */
export function checkRedirects({ rules, addresses, missing }: RoutedSite): readonly Problem[] {
  const known = new Set([...addresses, ...[...missing.keys()].filter((at) => !missing.get(at))]);
  const pages = new Set([...known].map(comparable));
  const roads = crossroads(rules, pages);
  return [
    ...rules.flatMap((rule) => [
      ...checkUse(rule, roads),
      ...checkHidden(rule, pages),
      ...checkTarget(rule, { known, missing, roads }),
    ]),
    ...checkWays(rules, roads),
  ];
}

/** Rules that never answer. */
function checkUse(rule: RedirectRule, roads: Crossroads): readonly Problem[] {
  const answer = roads.answerAt(ownSpot(rule));
  if (answer === undefined) {
    const message = "is the address of a page of this site, which comes first";
    return [wrong(rule, message, "Remove one of the two, or write ! behind the status.")];
  }
  const first = answer.rule;
  if (first === rule || answer.isPartial) return [];
  // Without force the first one leaves pages to this one.
  if (rule.force && !first.force && fixedPath(rule) === undefined) return [];
  const message = `never answers, as "${first.from}" in ${first.file}:${first.line} comes first`;
  return [wrong(rule, message, "Remove one of the two, or put this one above it.")];
}

/** A redirect for good, with force, where the site has a page: nobody sees the page any more. */
function checkHidden(rule: RedirectRule, pages: ReadonlySet<string>): readonly Problem[] {
  const isForGood = rule.status === 301 || rule.status === 308;
  if (!rule.force || !isForGood || rule.query.length > 0) return [];
  if (!pages.has(fixedPath(rule) ?? "")) return [];
  const fix = "Remove the page, or the rule; a redirect for some days has the status 302!.";
  return [wrong(rule, "hides a page of this site for good", fix)];
}

type Targets = Pick<RoutedSite, "missing"> & {
  readonly known: ReadonlySet<string>;
  readonly roads: Crossroads;
};

/** Rules that lead to one address of this site, where nothing is. */
function checkTarget(rule: RedirectRule, { known, missing, roads }: Targets): readonly Problem[] {
  const { to, kind, file, line } = rule;
  if (kind === "alias" || to === undefined || !/^\/(?!\/)[^:]*$/.test(to)) return [];
  const [path = ""] = to.split(/[?#]/);
  if (known.has(path)) return [];
  const place = { file, line, field: `"${to}"` };
  if (known.has(`${path}/`)) {
    return [{ ...place, message: "has no slash at its end", fix: `Write ${path}/.` }];
  }
  const reason = missing.get(path);
  if (reason) return [{ ...place, message: reason, fix: "Publish it first, or remove the rule." }];
  const next = roads.answerAt({
    path,
    query: new Map(new URLSearchParams(/\?([^#]*)/.exec(to)?.[1] ?? "")),
  });
  if (next === undefined || !isRedirect(rule)) {
    const fix = "Correct it, or add what it names.";
    return [{ ...place, message: "leads to nothing in the site", fix }];
  }
  if (!isGone(next.rule)) return [];
  const message = `leads to what is gone, as line ${next.rule.line} says`;
  return [{ ...place, message, fix: `Write ${next.rule.status} in place of the address.` }];
}

/** Circles, each told once, at the first of its rules; and redirects that take more than one step. */
function checkWays(rules: readonly RedirectRule[], roads: Crossroads): readonly Problem[] {
  const told = new Set<RedirectRule>();
  return rules.filter(isRedirect).flatMap((rule) => {
    const ways = waysOf(rule, roads);
    const endless = ways.find((way) => way.circle.length > 0);
    const [usual] = ways;
    if (!endless) return usual && isLong(usual) ? [chain(rule, usual)] : [];
    const round = endless.circle.map((hop) => hop.rule);
    if (!round.includes(rule) || round.some((other) => told.has(other))) return [];
    for (const other of round) told.add(other);
    return [circle(rule, endless)];
  });
}

/** First the way of most requests; where there is a star also that of the request without a rest. */
function waysOf(rule: RedirectRule, roads: Crossroads): readonly Way[] {
  const rests = rule.splat ? [`:${SPLAT}`, ""] : [""];
  return rests.map((rest) => roads.wayFrom(rule, rest)).filter((way) => way !== undefined);
}

function isLong({ hops }: Way): boolean {
  return hops.length > 1 && !hops.slice(1).some((hop) => hop.isPartial);
}

function circle(rule: RedirectRule, { stops }: Way): Problem {
  const more = stops.length > SHOWN ? " → …" : "";
  const message = `leads on without end: ${stops.slice(0, SHOWN).join(" → ")}${more}`;
  return wrong(rule, message, "Let it lead to a page, or remove it.");
}

const SHOWN = 4;

function chain(rule: RedirectRule, { hops, stops }: Way): Problem {
  const end = stops.at(-1) ?? "";
  const isKept = rule.status === 301 || rule.status === 308;
  const temporary = hops.find((hop) => hop.rule.status !== 301 && hop.rule.status !== 308);
  const status = isKept && temporary ? `, with ${temporary.rule.status}` : "";
  const message = `takes ${hops.length} redirects: ${stops.join(" → ")}`;
  return wrong(rule, message, `Lead it to ${end} at once${status}.`);
}

function wrong(rule: RedirectRule, message: string, fix: string): Problem {
  const { kind, file, line, from } = rule;
  return kind === "alias"
    ? { file, line, field: "aliases", message: `has "${from}", which ${message}`, fix }
    : { file, line, field: `"${from}"`, message, fix };
}
