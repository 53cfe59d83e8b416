import type { Problem } from "./problem.ts";

/** An address that a page had before. `path` is as the author wrote it; `line` counts from 1. */
export type Alias = { readonly file: string; readonly line: number; readonly path: string };

export type ReadAliases = {
  readonly aliases: readonly Alias[];
  readonly problems: readonly Problem[];
};

/**
 * The `aliases` in the front matter of a content file: none where it has none, and a problem for each
 * one that no rule could be made of. `value` is what YAML made of them, `source` the file's text.
 */
export function readAliases(file: string, source: string, value: unknown): ReadAliases {
  if (value === undefined) return { aliases: [], problems: [] };
  const field = "aliases";
  if (!Array.isArray(value)) {
    const line = lineOf("aliases:", source);
    const fix = "Write addresses such as [/old-name/].";
    return { aliases: [], problems: [{ file, line, field, message: "must be a list", fix }] };
  }
  const aliases: Alias[] = [];
  const problems: Problem[] = [];
  for (const path of value) {
    const line = lineOf(String(path), source);
    const wrong = whatIsWrong(path);
    if (wrong) problems.push({ file, line, field, ...wrong });
    else aliases.push({ file, line, path });
  }
  return { aliases, problems };
}

/** An address to compare by: decoded, without a slash at its end, and the same for a folder's index page. */
export function comparable(path: string): string {
  return decoded(path)
    .replace(/\/index\.html$/, "/")
    .replace(/\/+/g, "/")
    .replace(/(.)\/$/, "$1");
}

type Wrong = Pick<Problem, "message" | "fix">;

const MEANINGFUL: Readonly<Record<string, string>> = {
  "*": "%2A",
  ":": "%3A",
  "?": "%3F",
  "#": "%23",
  "\\": "/",
};

function whatIsWrong(path: unknown): Wrong | undefined {
  if (typeof path !== "string" || path === "") {
    return { message: "has one that is no text", fix: "Write addresses such as /old-name/." };
  }
  const says = `has "${path}", which`;
  if (!path.startsWith("/") || path.startsWith("//")) {
    return { message: `${says} does not begin with one slash`, fix: "Write /old-name/." };
  }
  if (/[\s\p{Cc}]/u.test(path)) {
    return { message: `${says} has a space in it`, fix: "Write %20 for a space." };
  }
  const [found = ""] = /[*:?#\\]/.exec(path) ?? [];
  if (found !== "") {
    const fix = `Write ${MEANINGFUL[found]}, or a rule in site/rules/_redirects.`;
    return { message: `${says} has a ${found} in it`, fix };
  }
  if (decoded(path) === path && path.includes("%")) {
    return {
      message: `${says} is not percent-encoded UTF-8`,
      fix: "Write %25 for a percent sign.",
    };
  }
  return path.split("/").some((segment) => segment === "." || segment === "..")
    ? { message: `${says} has dot segments`, fix: "Write the address that is meant." }
    : undefined;
}

function lineOf(text: string, source: string): number {
  return (
    Math.max(
      0,
      source.split("\n").findIndex((line) => line.includes(text)),
    ) + 1
  );
}

/** A stray percent sign is left as it is. */
function decoded(path: string): string {
  try {
    return decodeURIComponent(path);
  } catch {
    return path;
  }
}
