import { readFile } from "node:fs/promises";
import path from "node:path";
import { SlipwayError } from "../core/errors.ts";
import type { EdgeConfigInput } from "../edge/config-rules.ts";
import { decide } from "../edge/decide.ts";
import { compileProgram } from "../edge/program.ts";
import { formatProgram } from "../edge/program-document.ts";
import type { RuleProblem } from "../edge/rule-problem.ts";
import type { EdgeRules, Hosts } from "../edge/rules.ts";
import { makeRules } from "../edge/site-rules.ts";
import type { StoredHeaders } from "../edge/stored-headers.ts";
import type { SiteEdge } from "../ports.ts";
import { digestText } from "./digest.ts";

/** What the config says of the edge, besides the site's own two files. */
export type EdgeSettings = {
  readonly config: EdgeConfigInput;
  /** The names of the environment; undefined where any name will do. */
  readonly hosts: Hosts | undefined;
};

export type CompiledEdge = {
  readonly edge: SiteEdge;
  /** What the rules have stored with the objects. */
  readonly storedHeaders: StoredHeaders;
};

/**
 * Reads `_redirects` and `_headers` of the built site in `base` and makes the edge program from them and
 * the config. Throws a SlipwayError that names every rule that cannot be kept.
 */
export async function compileEdge(
  base: string,
  keys: readonly string[],
  { config, hosts }: EdgeSettings,
): Promise<CompiledEdge> {
  const [redirectsText, headersText] = await Promise.all(
    ["_redirects", "_headers"].map((name) => readIfPresent(base, name)),
  );
  const made = makeRules({ redirectsText, headersText, config, hosts, keys });
  if (made.kind === "problems") throw wrongRules(made.problems.map(lineOf));
  const compiled = compileProgram(made.rules, made.headers.policy, { storeAllowed: true });
  if (compiled.kind === "problems") throw wrongRules(compiled.problems);
  const text = formatProgram(compiled.program);
  return {
    edge: {
      program: { digest: digestText(text), text },
      redirects: (address) => isAnswered(address, made.rules),
      notices: made.notices.map(lineOf),
    },
    storedHeaders: made.headers.stored,
  };
}

/** Whether a rule, and no file, says what becomes of a path; a rule that says "missing" does not. */
function isAnswered(address: string, rules: EdgeRules): boolean {
  const uri = address.replace(/(^|\/)index\.html$/, "$1");
  const decision = decide({ host: undefined, uri, query: "" }, rules);
  switch (decision.kind) {
    case "redirect":
      return true;
    case "gone":
      return decision.status === 410;
    case "serve":
      return decision.status === 410 || (decision.status === 200 && decision.uri !== plainUri(uri));
    case "hidden":
    case "refuse":
      return false;
  }
}

function plainUri(uri: string): string {
  return uri.endsWith("/") ? `${uri}index.html` : uri;
}

function lineOf({ file, line, text, reason }: RuleProblem): string {
  const place = line === undefined ? file : `${file}:${line}`;
  return withoutControls(`${place}: ${text}: ${reason}`);
}

/** Whatever a file has in it, a problem is one line, and a terminal obeys none of it. */
function withoutControls(text: string): string {
  return text.replace(/(?!\t)\p{Cc}/gu, (control) => {
    return `\\x${control.charCodeAt(0).toString(16).padStart(2, "0")}`;
  });
}

/** A file with a mistake in every line would hide the first ones. */
const SHOWN = 20;

function wrongRules(problems: readonly string[]): SlipwayError {
  const more = problems.length - SHOWN;
  const shown = more > 0 ? [...problems.slice(0, SHOWN), `and ${more} more`] : problems;
  const count = problems.length === 1 ? "A rule" : `${problems.length} rules`;
  return new SlipwayError("config", {
    what: `${count} for the edge cannot be kept`,
    why: shown.join("\n"),
    next: "Mend them and build again; docs/edge-rules.md has the syntax and the limits.",
  });
}

async function readIfPresent(base: string, name: string): Promise<string | undefined> {
  try {
    return await readFile(path.join(base, name), "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw new SlipwayError(
      "config",
      {
        what: `${name} of the site cannot be read`,
        why: error instanceof Error ? error.message : String(error),
        next: `Make ${name} in ${base} a plain file that you may read, or delete it, and build again.`,
      },
      { cause: error },
    );
  }
}
