import { readBlock, type WrittenHeader } from "./header-block.ts";
import { readRedirect } from "./redirect-rule.ts";
import { findLineProblem, type RuleProblem, shorten } from "./rule-problem.ts";
import type { PathHeaders, RedirectRule, RuleSource } from "./rules.ts";

/** The field `edge` of slipway.config.ts: the same rules as in the two files, as values. */
export type EdgeConfigInput = {
  readonly redirects: readonly ConfigRedirect[];
  readonly headers: readonly ConfigHeaders[];
};

type ConfigRedirect = {
  readonly from: string;
  readonly to?: string | undefined;
  /** 301 if it is left out. */
  readonly status?: number | undefined;
  readonly force?: boolean | undefined;
  /** As in `_redirects`: a value, or `:name` to bind one. */
  readonly query?: Readonly<Record<string, string>> | undefined;
};

type ConfigHeaders = {
  readonly for: string;
  readonly set: Readonly<Record<string, string>>;
  readonly remove: readonly string[];
};

export type ConfigRules = {
  readonly rules: readonly RedirectRule[];
  readonly blocks: readonly PathHeaders[];
  readonly problems: readonly RuleProblem[];
};

const FILE = "slipway.config.ts";

/** Reads the rules of the config in the syntax of the files; problems have the index instead of a line. */
export function readConfigRules({ redirects, headers }: EdgeConfigInput): ConfigRules {
  const rules: RedirectRule[] = [];
  const blocks: PathHeaders[] = [];
  const problems: RuleProblem[] = [];
  for (const [i, redirect] of redirects.entries()) {
    const source = sourceOf(`edge.redirects[${i}]: ${redirectText(redirect)}`);
    const read = readOne(redirect, source);
    if (read.kind === "rule") rules.push(read.rule);
    else problems.push({ ...source, reason: read.reason });
  }
  for (const [i, one] of headers.entries()) {
    const source = sourceOf(`edge.headers[${i}]: ${one.for}`);
    const { block, reasons } = readHeaders(one, source);
    if (block !== undefined) blocks.push(block);
    problems.push(...reasons.map((reason) => ({ ...source, reason })));
  }
  return { rules, blocks, problems };
}

function sourceOf(text: string): RuleSource {
  return { file: FILE, text: shorten(text) };
}

/** As a line of `_redirects` would say it. */
function redirectText({ from, to, status, force, query }: ConfigRedirect): string {
  const asked = Object.entries(query ?? {}).map(([name, value]) => `${name}=${value}`);
  const told = `${status ?? 301}${force === true ? "!" : ""}`;
  return [from, ...asked, ...(to === undefined ? [] : [to]), told].join(" ");
}

function readOne(redirect: ConfigRedirect, source: RuleSource) {
  const { from, to, status = 301, force = false } = redirect;
  const reason = findLineProblem(redirectText(redirect));
  if (reason !== undefined) return { kind: "problem", reason } as const;
  const query = Object.entries(redirect.query ?? {});
  return readRedirect({ from, query, to, status, force, source });
}

function readHeaders(one: ConfigHeaders, source: RuleSource) {
  const lines: readonly WrittenHeader[] = [
    ...one.remove.map((name) => ({ kind: "remove", name }) as const),
    ...Object.entries(one.set).map(([name, value]) => {
      return { kind: "set", name, value: value.trim() } as const;
    }),
  ];
  const reason = lines.length === 0 ? NOTHING : findLineProblem(one.for);
  if (reason !== undefined) return { block: undefined, reasons: [reason] };
  const { block, problems } = readBlock(one.for, lines, source);
  return { block, reasons: problems.map((problem) => problem.reason) };
}

const NOTHING = "it neither sets nor removes a header: fill in `set` or `remove`, or delete it";
