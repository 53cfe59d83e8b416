import { TEMPLATE_NAME } from "./pattern.ts";
import type { RuleTarget } from "./rules.ts";
import { decodePath } from "./uri.ts";

export type ParsedTarget =
  | { readonly kind: "target"; readonly target: RuleTarget }
  | { readonly kind: "problem"; readonly reason: string };

/**
 * Reads where a rule leads: a path of this site, or an address of http or https. `bound` are the names
 * that the rule's pattern and query give values to. Takes any string without white space.
 */
export function parseTarget(text: string, bound: ReadonlySet<string>): ParsedTarget {
  const [, origin = "", path = "", query, fragment = ""] = TARGET.exec(text) ?? [];
  const host = readOrigin(origin);
  if (host === undefined) return problem(`"${origin}" is not the address of a host`);
  const reason =
    findSchemeProblem(text, origin) ??
    findNameProblem(`${path}?${query ?? ""}`, bound) ??
    findFragmentProblem(fragment, bound) ??
    findPathProblem(path, { bound, elsewhere: origin !== "" });
  if (reason !== undefined) return problem(reason);
  const target = { origin: host, path: readPath(path), query, fragment };
  return { kind: "target", target };
}

/** Origin, path, query, fragment. */
const TARGET = /^((?:https?:\/\/[^/?#]*)?)([^?#]*)(?:\?([^#]*))?(#.*)?$/isu;

function readOrigin(text: string): string | undefined {
  if (text === "") return "";
  try {
    const { protocol, host, username, password, pathname } = new URL(text);
    // A backslash would end the host for browsers, and what follows would be lost.
    const plain = username === "" && password === "" && pathname === "/";
    return plain ? `${protocol}//${host}` : undefined;
  } catch {
    return undefined;
  }
}

function findSchemeProblem(text: string, origin: string): string | undefined {
  if (origin !== "") return undefined;
  if (text.startsWith("//")) {
    return "a target with two slashes in front leads to another host: write https:// before it, or one slash for this site";
  }
  if (/^[a-z][a-z0-9+.-]*:/i.test(text)) {
    return "a target is a path of this site or an address that begins with https:// or http://";
  }
  return text.startsWith("/")
    ? undefined
    : "a target begins with a slash, or with https:// where it is on another host";
}

/**
 * A colon and a word stand for a value; if there is none of that name, a colon behind a letter or a
 * digit means itself (`/wiki/Special:Search`), and any other is a mistake.
 */
function findNameProblem(text: string, bound: ReadonlySet<string>): string | undefined {
  for (const found of text.matchAll(TEMPLATE_NAME)) {
    const [written, name = ""] = found;
    const before = text[found.index - 1] ?? "";
    if (bound.has(name) || /[A-Za-z0-9]/.test(before)) continue;
    return name === "splat"
      ? "the target uses :splat, but the path has no star at its end"
      : `the target uses ${written}, which neither the path nor the query gives a value`;
  }
  return undefined;
}

function findFragmentProblem(fragment: string, bound: ReadonlySet<string>): string | undefined {
  return countNames(fragment, bound) === 0
    ? undefined
    : "the part behind # is sent as it is written: values can stand in the path and the query only";
}

type PathContext = { readonly bound: ReadonlySet<string>; readonly elsewhere: boolean };

function findPathProblem(path: string, { bound, elsewhere }: PathContext): string | undefined {
  const decoded = decodePath(path);
  if (decoded === undefined) {
    return "the target is not percent-encoded UTF-8: write %25 for a percent sign";
  }
  if (countNames(decoded, bound) !== countNames(path, bound)) {
    return "an escaped colon before the name of a placeholder cannot be told from it: call the placeholder otherwise";
  }
  if (/\p{Cc}/u.test(decoded) || decoded.includes("\\")) {
    return "the target has a control character or a backslash, which requests must not have";
  }
  if (elsewhere) {
    return /%2f/i.test(path)
      ? "an escaped slash (%2F) would reach the other host as a plain one: lead to another of its addresses"
      : undefined;
  }
  return findLocalProblem(decoded.split("/").filter((segment) => segment !== ""));
}

function findLocalProblem(segments: readonly string[]): string | undefined {
  if (segments.some((segment) => segment === "." || segment === "..")) {
    return "the target has dot segments, which requests must not have: write the path that is meant";
  }
  if (/^\.slipway/i.test(segments[0] ?? "")) {
    return "names that begin with .slipway are Slipway's own and are answered as missing";
  }
  return segments.some((segment) => segment.includes("*"))
    ? "a star means something in the path only: the target takes what it stands for as :splat"
    : undefined;
}

function countNames(text: string, bound: ReadonlySet<string>): number {
  return [...text.matchAll(TEMPLATE_NAME)].filter(([, name = ""]) => bound.has(name)).length;
}

function readPath(path: string): string {
  return path === "" ? "/" : (decodePath(path) ?? path);
}

function problem(reason: string): ParsedTarget {
  return { kind: "problem", reason };
}
