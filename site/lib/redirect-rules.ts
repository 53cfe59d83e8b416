import type { Alias } from "./aliases.ts";

/** One part of a rule's path: its own decoded text, or a name that stands for any text. */
type Part =
  | { readonly kind: "text"; readonly text: string }
  | { readonly kind: "name"; readonly name: string };

/** A rule of the edge, as far as the site asks about it: a deploy reads every word. */
export type RedirectRule = {
  readonly kind: "alias" | "written";
  /** Where it was written; `line` counts from 1. */
  readonly file: string;
  readonly line: number;
  /** Its path as the author wrote it. */
  readonly from: string;
  readonly parts: readonly Part[];
  /** A star at its end: the path and everything below it. */
  readonly splat: boolean;
  /** What the query must have: a value that begins with a colon is a name for any value. */
  readonly query: readonly (readonly [name: string, value: string])[];
  /** As written; undefined where a rule only says that something is gone. */
  readonly to: string | undefined;
  readonly status: number;
  /** Answers even where the site has a page. */
  readonly force: boolean;
};

/** The rules in a text of the syntax of `_redirects`. A line that is none is left to the deploy. */
export function readRedirectRules(file: string, text: string): readonly RedirectRule[] {
  return text.split(/\r?\n/).flatMap((line, i) => {
    const words = line
      .replace(/(^|\s)#.*$/, "")
      .split(/\s+/)
      .filter((word) => word !== "");
    const [from = "", ...rest] = words;
    if (!from.startsWith("/")) return [];
    const rule = toRule({ kind: "written", file, line: i + 1, from, rest });
    return rule.to !== undefined || isGone(rule) ? [rule] : [];
  });
}

/** The rule that an old address of a page makes. */
export function aliasRule({ file, line, path }: Alias, target: string): RedirectRule {
  return toRule({ kind: "alias", file, line, from: path, rest: [encodeURI(target), "301"] });
}

/** True for one that sends a browser on, and not one that shows a page in place. */
export function isRedirect({ status, to }: RedirectRule): boolean {
  return status >= 300 && status < 400 && to !== undefined;
}

/** True for one that says that its page is missing, or gone for good. */
export function isGone({ status }: RedirectRule): boolean {
  return status === 404 || status === 410;
}

/** The name of the star, in targets too. */
export const SPLAT = "splat";

type Written = Pick<RedirectRule, "kind" | "file" | "line" | "from"> & {
  readonly rest: readonly string[];
};

function toRule({ kind, file, line, from, rest }: Written): RedirectRule {
  const conditions = rest.filter((word) => /^[^/:=]*=/.test(word));
  const to = rest.find((word) => word.startsWith("/") || /^https?:/i.test(word));
  const status = rest.find((word) => /^\d+!?$/.test(word)) ?? "301";
  const words = from.split("/").filter((word) => word !== "");
  const splat = words.at(-1) === "*";
  return {
    kind,
    file,
    line,
    from,
    parts: foldIndex(splat ? words.slice(0, -1) : words).map(toPart),
    splat,
    query: conditions.map((word) => {
      const at = word.indexOf("=");
      return [decoded(word.slice(0, at)), decoded(word.slice(at + 1))];
    }),
    to,
    status: Number.parseInt(status, 10),
    force: status.endsWith("!"),
  };
}

function foldIndex(words: readonly string[]): readonly string[] {
  return words.at(-1) === "index.html" ? words.slice(0, -1) : words;
}

function toPart(word: string): Part {
  const name = /^:([A-Za-z]\w*)$/.exec(word)?.[1];
  return name === undefined ? { kind: "text", text: decoded(word) } : { kind: "name", name };
}

/** A stray percent sign is left as it is. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
