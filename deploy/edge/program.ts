import { spellRule, writeRow } from "./function/spelling.ts";
import { divideRules, MAX_ENTRY, MAX_STORE_BYTES } from "./function/store-entries.ts";
import { type RequestFunction, writeViewerRequest } from "./function/viewer-request.ts";
import { writeViewerResponse } from "./function/viewer-response.ts";
import type { HeadersPolicy } from "./headers-policy.ts";
import { type EdgeRules, isOwnOrigin } from "./rules.ts";
import { encodePath } from "./uri.ts";

/**
 * What is shipped to CloudFront for a set of rules: two viewer functions, the table that the first one
 * reads, and a response headers policy. A value that is compared by its digest.
 */
export type EdgeProgram = {
  /** Code of runtime cloudfront-js-2.0, at most 10 KB each. */
  readonly viewerRequest: string;
  readonly viewerResponse: string;
  /** What does not fit into the code: the entries of a KeyValueStore. Empty if all fits. */
  readonly store: ReadonlyMap<string, string>;
  readonly headersPolicy: HeadersPolicy;
};

export type CompiledProgram =
  | { readonly kind: "program"; readonly program: EdgeProgram }
  /** What does not fit, each with its numbers and what to do. */
  | { readonly kind: "problems"; readonly problems: readonly string[] };

/** CF-DG "Quotas on CloudFront Functions": 10 KB, which cannot be raised. */
const MAX_CODE_BYTES = 10_240;

/**
 * Makes the functions that answer as `decide` and `headersFor` do. Rules are in the code while they
 * fit; above that those for one path, and the kept addresses, go to a KeyValueStore if one is allowed.
 * Equal rules make equal code.
 */
export function compileProgram(
  rules: EdgeRules,
  headersPolicy: HeadersPolicy,
  options: { readonly storeAllowed: boolean },
): CompiledProgram {
  const request = writeRequest(rules, headersPolicy, options);
  const viewerResponse = writeViewerResponse(rules);
  const problems = [...request.problems, ...findResponseProblems(viewerResponse, rules)];
  if (problems.length > 0) return { kind: "problems", problems };
  const { viewerRequest, store } = request;
  return { kind: "program", program: { viewerRequest, viewerResponse, store, headersPolicy } };
}

type WrittenRequest = {
  readonly viewerRequest: string;
  readonly store: ReadonlyMap<string, string>;
  readonly problems: readonly string[];
};

function writeRequest(
  rules: EdgeRules,
  headersPolicy: HeadersPolicy,
  { storeAllowed }: { readonly storeAllowed: boolean },
): WrittenRequest {
  const hosts = rules.hosts === undefined ? [] : [rules.hosts.canonical, ...rules.hosts.others];
  const isOwn = (origin: string) => isOwnOrigin(origin, rules.hosts);
  const hsts = headersPolicy.set.find(({ name }) => name === "strict-transport-security");
  const inline: RequestFunction = {
    hosts,
    hsts: hsts?.value ?? "",
    rows: rules.redirects.map((rule) => spellRule(rule, isOwn)),
    kept: [...rules.kept].map(encodePath).sort(),
    store: false,
  };
  const whole = writeViewerRequest(inline);
  if (byteLength(whole) <= MAX_CODE_BYTES) {
    return { viewerRequest: whole, store: new Map(), problems: [] };
  }
  if (!storeAllowed) {
    const hint = "Allow a KeyValueStore, or use fewer rules";
    return { viewerRequest: "", store: new Map(), problems: [describeSize(inline, hint)] };
  }
  const { rows, entries } = divideRules(rules, isOwn);
  const rest: RequestFunction = { ...inline, rows, kept: [], store: true };
  const viewerRequest = writeViewerRequest(rest);
  const hint =
    "Rules for one path without conditions go to a KeyValueStore; say others with fewer lines, by placeholders and stars";
  return {
    viewerRequest,
    store: entries,
    problems: [
      ...(byteLength(viewerRequest) > MAX_CODE_BYTES ? [describeSize(rest, hint)] : []),
      ...findStoreProblems(entries),
    ],
  };
}

/** Says by how much the code is too large, and what takes the room. */
function describeSize(request: RequestFunction, hint: string): string {
  const size = byteLength(writeViewerRequest(request));
  const fixed = byteLength(writeViewerRequest({ ...request, rows: [], kept: [] }));
  const withRows = byteLength(writeViewerRequest({ ...request, kept: [] }));
  const longest = request.rows.map(writeRow).sort((a, b) => b.length - a.length)[0] ?? "";
  const parts = [
    `the program itself takes ${count(fixed)}`,
    ...(request.rows.length === 0
      ? []
      : [
          `${count(request.rows.length)} rules ${count(withRows - fixed)}, the longest ${count(longest.length)}`,
        ]),
    ...(request.kept.length === 0
      ? []
      : [
          `${count(request.kept.length)} addresses that rules leave alone ${count(size - withRows)}`,
        ]),
  ];
  return `${oversize("viewer-request", size)}: ${parts.join(", ")}. ${hint}`;
}

function findResponseProblems(code: string, rules: EdgeRules): readonly string[] {
  const size = byteLength(code);
  if (size <= MAX_CODE_BYTES) return [];
  const fixed = byteLength(writeViewerResponse({ ...rules, headers: [] }));
  return [
    `${oversize("viewer-response", size)}: the program itself takes ${count(fixed)}, ${count(rules.headers.length)} blocks of headers ${count(size - fixed)}. Headers that are the same everywhere belong under /*, where they cost nothing here`,
  ];
}

function oversize(name: string, size: number): string {
  return `the ${name} function is ${count(size)} bytes, ${count(size - MAX_CODE_BYTES)} over CloudFront's limit of ${count(MAX_CODE_BYTES)}`;
}

function findStoreProblems(entries: ReadonlyMap<string, string>): readonly string[] {
  let size = 0;
  const problems: string[] = [];
  for (const [key, value] of entries) {
    size += key.length + value.length;
    if (key.length <= MAX_ENTRY.key) continue;
    problems.push(
      `the address ${key.slice(1)} has ${count(key.length - 1)} bytes when it is encoded, and a KeyValueStore takes ${count(MAX_ENTRY.key - 1)}: shorten it, or force the rules that match it (301!)`,
    );
  }
  if (size > MAX_STORE_BYTES) {
    problems.push(
      `the table of rules and addresses is ${count(size)} bytes, ${count(size - MAX_STORE_BYTES)} over the ${count(MAX_STORE_BYTES)} of a KeyValueStore: it has ${count(entries.size)} entries. Say them with fewer rules, by placeholders and stars`,
    );
  }
  return problems;
}

/** Of UTF-8. */
function byteLength(text: string): number {
  return encodeURIComponent(text).replace(/%../g, "x").length;
}

function count(amount: number): string {
  return amount.toLocaleString("en-US");
}
