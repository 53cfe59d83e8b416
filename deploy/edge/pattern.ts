import { decodePath } from "./uri.ts";

/**
 * The left side of a rule: `/blog/:year/*`. Segments are decoded; a placeholder stands for exactly one
 * segment, a splat, at the end only, for whatever is left, nothing included. Compared without regard
 * to a slash at the end, because a page has one address and `decide` knows which. Case counts.
 */
export type RulePattern = {
  readonly segments: readonly PatternSegment[];
  readonly splat: boolean;
};

export type PatternSegment =
  | { readonly kind: "literal"; readonly text: string }
  | { readonly kind: "placeholder"; readonly name: string };

/** What the placeholders of a pattern stand for, decoded; `splat` for the star. Ask by own names only. */
export type Bindings = Readonly<Record<string, string>>;

export type ParsedPattern =
  | { readonly kind: "pattern"; readonly pattern: RulePattern }
  /** What is wrong and what to write instead, in a sentence or two without a full stop at the end. */
  | { readonly kind: "problem"; readonly reason: string };

/**
 * Reads a pattern as it is written in `_redirects` and `_headers`, raw or percent-encoded; `%2A` and
 * `%3A` are a star and a colon that mean themselves. Empty segments are folded, as in requests. Takes
 * any string; refuses those that no request could match, and those that could be read in two ways.
 */
export function parsePattern(text: string): ParsedPattern {
  const misplaced = findMisplaced(text);
  if (misplaced !== undefined) return problem(misplaced);
  const written = text.split("/").filter((segment) => segment !== "");
  const splat = written.at(-1) === "*";
  const segments: PatternSegment[] = [];
  for (const segment of splat ? written.slice(0, -1) : written) {
    const reason = findSegmentProblem(segment);
    if (reason !== undefined) return problem(reason);
    segments.push(...readSegment(segment));
  }
  const reason = findUnreachable(segments) ?? findRepeatedName(segments);
  return reason === undefined ? { kind: "pattern", pattern: { segments, splat } } : problem(reason);
}

/** What the pattern's names stand for in this path, or undefined where it does not match. */
export function matchPattern(
  pattern: RulePattern,
  segments: readonly string[],
): Bindings | undefined {
  const fixed = pattern.segments.length;
  if (pattern.splat ? segments.length < fixed : segments.length !== fixed) return undefined;
  const bindings: Record<string, string> = {};
  for (const [i, wanted] of pattern.segments.entries()) {
    const found = segments[i] ?? "";
    if (wanted.kind === "placeholder") bindings[wanted.name] = found;
    else if (wanted.text !== found) return undefined;
  }
  if (pattern.splat) bindings.splat = segments.slice(fixed).join("/");
  return bindings;
}

/** Whether a pattern is that of every path, `/*`. */
export function isSiteWide({ segments, splat }: RulePattern): boolean {
  return splat && segments.length === 0;
}

/** A pattern of canonical addresses, in which a page's `index.html` is its folder. */
export function foldIndex({ segments, splat }: RulePattern): RulePattern {
  const last = segments.at(-1);
  const isIndex = !splat && last?.kind === "literal" && last.text === "index.html";
  return { segments: isIndex ? segments.slice(0, -1) : segments, splat };
}

/**
 * Puts values into a target's path or query. A `:name` that is not bound stays as it stands: parsed
 * rules have such only where the colon means itself, as in `/wiki/Special:Search`. `encode` is for
 * templates that are kept encoded; those of paths are decoded and take the identity.
 */
export function fillTemplate(
  template: string,
  bindings: Bindings,
  encode: (value: string) => string,
): string {
  return template.replace(TEMPLATE_NAME, (written: string, name: string) => {
    const value = Object.hasOwn(bindings, name) ? bindings[name] : undefined;
    return value === undefined ? written : encode(value);
  });
}

/** A name in a template, where a target uses what its pattern has bound. */
export const TEMPLATE_NAME: RegExp = /:([A-Za-z][A-Za-z0-9_]*)/g;

const PLACEHOLDER = /^:([A-Za-z][A-Za-z0-9_]*)$/;

function findMisplaced(text: string): string | undefined {
  if (/^[a-z][a-z0-9+.-]*:\/\//i.test(text)) {
    return "it names a host, but rules are for the paths of this site: begin with a slash; other names of the site belong into `domain` in slipway.config.ts";
  }
  if (text.startsWith("//")) {
    return "it begins with two slashes, as another host would: begin with one";
  }
  if (!text.startsWith("/")) return "a path begins with a slash";
  if (text.includes("?")) {
    return "a path has no question mark: write the query's conditions as words behind the path (`/shop id=:id`), or %3F for one in a file's name";
  }
  if (text.includes("#")) {
    return "browsers keep what follows a # to themselves, so no request has it: leave it out, or write %23 for one in a file's name";
  }
  return undefined;
}

function findSegmentProblem(segment: string): string | undefined {
  const decoded = decodePath(segment);
  if (decoded === undefined) {
    return `"${segment}" is not percent-encoded UTF-8: write %25 for a percent sign`;
  }
  if (/\p{Cc}/u.test(decoded) || decoded.includes("\\")) {
    return "requests with control characters or backslashes are refused, so no rule can answer them";
  }
  if (segment.includes("*")) {
    return "a star stands for the rest of the path, so it is a segment of its own and the last (`/blog/*`); write %2A for one in a name";
  }
  if (segment === ":splat")
    return "`splat` is the name of the star: call the placeholder otherwise";
  if (/^:|:[A-Za-z]/.test(segment) && !PLACEHOLDER.test(segment)) {
    return `"${segment}": a placeholder is a whole segment (\`/blog/:year/\`), with letters, digits and _ in its name; write %3A for a colon in a name`;
  }
  return undefined;
}

function readSegment(written: string): readonly PatternSegment[] {
  const name = PLACEHOLDER.exec(written)?.[1];
  if (name !== undefined) return [{ kind: "placeholder", name }];
  // An escaped slash parts segments too, because it does in requests and in keys.
  return (decodePath(written) ?? "")
    .split("/")
    .filter((text) => text !== "")
    .map((text) => ({ kind: "literal", text }));
}

function findUnreachable(segments: readonly PatternSegment[]): string | undefined {
  const [first] = segments;
  if (first?.kind === "literal" && /^\.slipway/i.test(first.text)) {
    return "names that begin with .slipway are Slipway's own and are answered as missing, whatever rules say";
  }
  return segments.some(isDotSegment)
    ? "browsers fold dot segments away, so no request has them: write the path that is meant"
    : undefined;
}

function isDotSegment(segment: PatternSegment): boolean {
  return segment.kind === "literal" && (segment.text === "." || segment.text === "..");
}

function findRepeatedName(segments: readonly PatternSegment[]): string | undefined {
  const names = segments.flatMap((segment) =>
    segment.kind === "placeholder" ? [segment.name] : [],
  );
  const repeated = names.find((name, i) => names.indexOf(name) !== i);
  return repeated === undefined
    ? undefined
    : `:${repeated} stands there twice: each placeholder has a name of its own`;
}

function problem(reason: string): ParsedPattern {
  return { kind: "problem", reason };
}
