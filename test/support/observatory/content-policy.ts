import { type Finding, headerValues, type ScannedAnswer } from "./scan.ts";

export type ReadPolicy =
  | { readonly kind: "none" }
  | { readonly kind: "invalid" }
  | { readonly kind: "policy"; readonly directives: ReadonlyMap<string, ReadonlySet<string>> };

const BROAD = new Set("ftp: http: https: * http://* http://*.* https://* https://*.*".split(" "));
const INLINE = new Set(["'unsafe-inline'", "data:"]);
const EVERYTHING: ReadonlySet<string> = new Set(["*"]);
const REPEATABLE = new Set(["report-uri", "report-to"]);
const SHORTEST_POLICY = "img-src".length - 1;

export function scoreContentPolicy(answer: ScannedAnswer): Finding {
  const read = readContentPolicy(answer);
  switch (read.kind) {
    case "none":
      return headerValues(answer, "content-security-policy-report-only").length > 0
        ? { result: "csp-not-implemented-but-reporting-enabled", modifier: -25 }
        : { result: "csp-not-implemented", modifier: -25 };
    case "invalid":
      return { result: "csp-header-invalid", modifier: -25 };
    case "policy":
      return judge(read.directives);
  }
}

/**
 * The policy of an answer, in lower case. Of several, which a comma parts too, a directive allows what
 * all that have it allow. A directive that one policy has twice makes it invalid.
 */
export function readContentPolicy(answer: ScannedAnswer): ReadPolicy {
  const policies = headerValues(answer, "content-security-policy").flatMap((value) =>
    value.split(",").map((policy) => policy.trim()),
  );
  if (policies.length === 0) return { kind: "none" };
  const directives = new Map<string, ReadonlySet<string>>();
  for (const policy of policies) {
    const read = policy.length < SHORTEST_POLICY ? undefined : readDirectives(policy);
    if (read === undefined) return { kind: "invalid" };
    for (const [name, sources] of read) {
      const before = directives.get(name);
      directives.set(name, before === undefined ? sources : intersection(before, sources));
    }
  }
  return { kind: "policy", directives };
}

function readDirectives(policy: string): ReadonlyMap<string, ReadonlySet<string>> | undefined {
  const directives = new Map<string, ReadonlySet<string>>();
  for (const text of policy.toLowerCase().split(";")) {
    const [name = "", ...sources] = text.trim().split(/\s+/);
    if (name === "") continue;
    if (directives.has(name)) {
      if (REPEATABLE.has(name)) continue;
      return undefined;
    }
    directives.set(name, new Set(sources.length > 0 ? sources : ["'none'"]));
  }
  return directives;
}

function intersection(a: ReadonlySet<string>, b: ReadonlySet<string>): ReadonlySet<string> {
  const common = [...a].filter((source) => b.has(source));
  return new Set(common.length > 0 ? common : ["'none'"]);
}

type Directives = ReadonlyMap<string, ReadonlySet<string>>;

/** The first thing that is wrong counts, the worst being asked for first. */
function judge(written: Directives): Finding {
  const directives = heed("style-src", heed("script-src", written));
  const byDefault = directives.get("default-src");
  const sourcesFor = (name: string) => directives.get(name) ?? byDefault ?? EVERYTHING;
  const [script, style] = [sourcesFor("script-src"), sourcesFor("style-src")];
  const prefix = "csp-implemented-with-";
  if (script.has("'strict-dynamic'") && ![...script].some(isNonceOrHash)) {
    return { result: "csp-header-invalid", modifier: -25 };
  }
  if (hasAny(script, BROAD) || hasAny(script, INLINE) || hasAny(sourcesFor("object-src"), BROAD)) {
    return { result: `${prefix}unsafe-inline`, modifier: -20 };
  }
  if ([...activeSources(directives, script)].some(isInsecure)) {
    return { result: `${prefix}insecure-scheme`, modifier: -20 };
  }
  if (script.has("'unsafe-eval'") || style.has("'unsafe-eval'")) {
    return { result: `${prefix}unsafe-eval`, modifier: -10 };
  }
  const passive = ["img-src", "media-src"].map((name) => directives.get(name) ?? byDefault ?? []);
  if (passive.some((sources) => [...sources].some(isInsecure))) {
    return { result: `${prefix}insecure-scheme-in-passive-content-only`, modifier: -10 };
  }
  if (hasAny(style, BROAD) || hasAny(style, INLINE)) {
    return { result: `${prefix}unsafe-inline-in-style-src-only`, modifier: 0 };
  }
  return byDefault?.size === 1 && byDefault.has("'none'")
    ? { result: `${prefix}no-unsafe-default-src-none`, modifier: 10 }
    : { result: `${prefix}no-unsafe`, modifier: 5 };
}

/**
 * Leaves out of a directive, or of the default that stands for it, what browsers do not heed there: a
 * nonce or a hash switches 'unsafe-inline' off, and with 'strict-dynamic' the hosts of scripts too.
 */
function heed(name: "script-src" | "style-src", directives: Directives): Directives {
  const governing = directives.has(name) ? name : "default-src";
  const sources = [...(directives.get(governing) ?? [])];
  if (!sources.some(isNonceOrHash)) return directives;
  const isDynamic = name === "script-src" && sources.includes("'strict-dynamic'");
  const heeded = sources.filter((source) => {
    if (source === "'unsafe-inline'") return false;
    const isHost = source === "'self'" || [...BROAD].some((broad) => source.startsWith(broad));
    return !(isDynamic && isHost);
  });
  return new Map([...directives, [governing, new Set(heeded)]]);
}

/** Of all but pictures and media. */
function activeSources(directives: Directives, script: ReadonlySet<string>): ReadonlySet<string> {
  const others = [...directives].filter(
    ([name]) => !["img-src", "media-src", "script-src"].includes(name),
  );
  return new Set([...others.flatMap(([, sources]) => [...sources]), ...script]);
}

function isNonceOrHash(source: string): boolean {
  return /^'(?:sha256|sha384|sha512|nonce)-/.test(source);
}

function isInsecure(source: string): boolean {
  return source.startsWith("http:") || source.startsWith("ftp:");
}

function hasAny(sources: ReadonlySet<string>, wanted: ReadonlySet<string>): boolean {
  return [...sources].some((source) => wanted.has(source));
}
