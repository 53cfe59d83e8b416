import { comparable } from "./aliases.ts";
import { isRedirect, type RedirectRule, SPLAT } from "./redirect-rules.ts";

/** A request within the site. `path` has its names, such as `:splat`, where any text may stand. */
export type Spot = { readonly path: string; readonly query: ReadonlyMap<string, string> };

/** The rule that answers a request, and what its names stand for there. */
export type Answer = {
  readonly rule: RedirectRule;
  readonly values: ReadonlyMap<string, string>;
  /** Only some of the requests that the spot stands for: one part was taken for a whole rest. */
  readonly isPartial: boolean;
};

/** Where a redirect leads when it is followed to its end. */
export type Way = {
  readonly hops: readonly Answer[];
  /** The addresses along it, as a person would write them: the first is the rule's own. */
  readonly stops: readonly string[];
  /** The hops that come again and again; none where it ends. */
  readonly circle: readonly Answer[];
};

/** The rules of a site in their order, beside its pages. */
export type Crossroads = {
  /** The first rule that answers there; without force none does where the site has a page. */
  answerAt(spot: Spot): Answer | undefined;
  /** Undefined where another rule answers the rule's own path. */
  wayFrom(rule: RedirectRule, rest: string): Way | undefined;
};

/** Follows redirects through more than this only to tell a long way from one without an end. */
const FAR = 32;

/** `pages` are addresses to compare by (see `comparable`). */
export function crossroads(rules: readonly RedirectRule[], pages: ReadonlySet<string>): Crossroads {
  const fixed = new Map<string, number[]>();
  const open: number[] = [];
  for (const [i, rule] of rules.entries()) {
    const path = fixedPath(rule);
    if (path === undefined) open.push(i);
    else fixed.set(path, [...(fixed.get(path) ?? []), i]);
  }
  const answerAt = (spot: Spot): Answer | undefined => {
    const path = comparable(spot.path);
    const isPage = pages.has(path);
    const parts = path.split("/").filter((part) => part !== "");
    const firstOf = (indexes: readonly number[]) => {
      for (const index of indexes) {
        const rule = rules[index];
        const answer = rule && (!isPage || rule.force) && match(rule, parts, spot.query);
        if (answer) return { index, answer };
      }
      return undefined;
    };
    const exact = firstOf(fixed.get(path) ?? []);
    const wide = firstOf(open);
    return exact && (!wide || exact.index < wide.index) ? exact.answer : wide?.answer;
  };
  return { answerAt, wayFrom: (rule, rest) => follow(rule, rest, answerAt) };
}

/** The one address that a rule without names and star answers, to compare by. */
export function fixedPath({ parts, splat }: RedirectRule): string | undefined {
  const texts = parts.flatMap((part) => (part.kind === "text" ? [part.text] : []));
  return splat || texts.length < parts.length ? undefined : comparable(`/${texts.join("/")}`);
}

function follow(
  rule: RedirectRule,
  rest: string,
  answerAt: Crossroads["answerAt"],
): Way | undefined {
  let spot: Spot | undefined = ownSpot(rule, rest);
  if (answerAt(spot)?.rule !== rule) return undefined;
  const hops: Answer[] = [];
  const stops = [addressText(rule.from.replace(/\*$/, rest), spot.query)];
  const seen: string[] = [];
  while (spot !== undefined && hops.length < FAR) {
    const answer = answerAt(spot);
    if (!answer || !isRedirect(answer.rule)) return { hops, stops, circle: [] };
    const key = `${comparable(spot.path)}?${[...spot.query].join("&")}`;
    if (seen.includes(key)) return { hops, stops, circle: hops.slice(seen.indexOf(key)) };
    seen.push(key);
    hops.push(answer);
    const target = fill(answer.rule.to ?? "", answer.values);
    stops.push(target);
    spot =
      target.startsWith("/") && !target.startsWith("//")
        ? nextSpot(target, spot, answer)
        : undefined;
  }
  // An address that grows with each round never comes again, but its rules do.
  const isRepeated = (hop: Answer) => hops.filter(({ rule }) => rule === hop.rule).length > 1;
  return { hops, stops, circle: hops.length === FAR ? hops.filter(isRepeated) : [] };
}

/**
 * A request that a rule is for: its names stand for themselves, and `rest` is what its star stands for. A
 * star of its own name stands for any rest.
 */
export function ownSpot({ parts, splat, query }: RedirectRule, rest = `:${SPLAT}`): Spot {
  const texts = parts.map((part) => (part.kind === "text" ? part.text : `:${part.name}`));
  const all = splat && rest !== "" ? [...texts, rest] : texts;
  return { path: `/${all.join("/")}`, query: new Map(query) };
}

function nextSpot(target: string, { query }: Spot, { rule }: Answer): Spot {
  const { path = "", asked } = /^(?<path>[^?#]*)(?:\?(?<asked>[^#]*))?/.exec(target)?.groups ?? {};
  const used = new Set(rule.query.flatMap(([name, value]) => (isName(value) ? [name] : [])));
  const kept = [...query].filter(([name]) => !used.has(name));
  return { path, query: new Map(asked === undefined ? kept : new URLSearchParams(asked)) };
}

function match(
  rule: RedirectRule,
  path: readonly string[],
  query: Spot["query"],
): Answer | undefined {
  const values = new Map<string, string>();
  if (!matchPath(rule, path, values) || !matchQuery(rule, query, values)) return undefined;
  const names = rule.parts.flatMap((part) => (part.kind === "name" ? [part.name] : []));
  return { rule, values, isPartial: names.some((name) => values.get(name) === `:${SPLAT}`) };
}

function matchPath(
  { parts, splat }: RedirectRule,
  path: readonly string[],
  values: Map<string, string>,
): boolean {
  if (splat ? path.length < parts.length : path.length !== parts.length) return false;
  for (const [i, part] of parts.entries()) {
    const found = path[i] ?? "";
    if (part.kind === "name") values.set(part.name, found);
    else if (part.text !== found) return false;
  }
  if (splat) values.set(SPLAT, path.slice(parts.length).join("/"));
  return true;
}

function matchQuery(
  { query: conditions }: RedirectRule,
  query: Spot["query"],
  values: Map<string, string>,
): boolean {
  return conditions.every(([name, wanted]) => {
    const found = query.get(name) ?? "";
    if (!isName(wanted)) return found === wanted;
    values.set(wanted.slice(1), found);
    return found !== "";
  });
}

function isName(value: string): boolean {
  return value.startsWith(":");
}

function fill(target: string, values: Answer["values"]): string {
  return target.replace(/:([A-Za-z]\w*)/g, (written, name) => values.get(name) ?? written);
}

function addressText(path: string, query: Spot["query"]): string {
  const asked = [...query].map(([name, value]) => `${name}=${value}`).join("&");
  return asked === "" ? path : `${path}?${asked}`;
}
