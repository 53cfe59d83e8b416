import { readFileSync } from "node:fs";
import { type Context, compileFunction, constants, createContext, Script } from "node:vm";
import { ignoreRejectionsInside } from "./rejections.ts";

/**
 * CF-DG "Quotas on CloudFront Functions". node:vm does not tell what memory a context takes, so only
 * the size of what is returned is held against it: code that is short of memory on CloudFront runs here.
 */
const MEMORY_BYTES = 2 * 1024 * 1024;

/** CF-DG "Restrictions on CloudFront Functions": logs are cut at 10 KB. */
const LOG_CHARACTERS = 10 * 1024;

const LONGEST_MESSAGE = 1_000;

/** The name under which the context keeps its entry; it does nothing when the code calls it. */
const RUN = "slipway run";

/**
 * What of the language's globals is left: those of CF-DG "JavaScript runtime 2.0 features". Neither Map
 * nor Set is among them. Methods that CloudFront's objects lack are there all the same.
 */
const GLOBALS: readonly string[] =
  `Object Function Array Number Boolean String Symbol Date Promise RegExp Math JSON ArrayBuffer DataView
  Int8Array Uint8Array Uint8ClampedArray Int16Array Uint16Array Int32Array Uint32Array Float32Array
  Float64Array Error AggregateError EvalError RangeError ReferenceError SyntaxError TypeError URIError
  parseFloat parseInt Infinity NaN undefined globalThis decodeURI decodeURIComponent encodeURI
  encodeURIComponent isFinite isNaN`.split(/\s+/);

/** How one run ended, with nothing in it but text. */
export type SandboxEnd =
  /** `json` is what the handler returned. */
  | { readonly kind: "returned"; readonly json: string }
  /** It returned something else than an object; `type` says what. */
  | { readonly kind: "no-object"; readonly type: string }
  /** It threw, rejected, took too long, never settled, or there is no handler. */
  | { readonly kind: "failed"; readonly message: string };

export type SandboxRun = { readonly end: SandboxEnd; readonly logs: readonly string[] };

export type SandboxSource = {
  /** The code of a function without import statements. */
  readonly body: string;
  readonly store: ReadonlyMap<string, string> | undefined;
  /** By the clock on the wall, not by the processor's; undefined leaves endless code to the caller. */
  readonly timeLimitMs: number | undefined;
};

export type Sandbox = {
  /** Never throws. `now` is the time the code sees, in milliseconds since 1970. */
  run(eventJson: string, now: number): SandboxRun;
};

/** The functions that `bootstrap.js` answers with. They belong to the context. */
type Inside = {
  accept(eventJson: string, now: number): void;
  take(what: "kind" | "result" | "logs"): string;
  load(compiled: object): void;
  isClean(): boolean;
};

type Opened = { readonly context: Context; readonly inside: Inside };

const bootstrap = script("bootstrap");
const cloudfront = script("cloudfront");
const crypto = script("crypto");
const querystring = script("querystring");
const enter = new Script(`globalThis[${JSON.stringify(RUN)}]()`);

/**
 * A context of node:vm with nothing of Node inside. It keeps honest code to what CloudFront has, and
 * its mistakes from the edge; node:vm is not a wall against code that is out to break it.
 *
 * The body is compiled once for a context and run anew for each event, so that its variables start
 * afresh. The context itself is made anew after a run that was cut off, or that added to globalThis or
 * to a prototype; a method of the language that the code has replaced stays replaced. Whether such
 * things last from run to run on CloudFront is not documented. Throws SyntaxError if the body is none.
 */
export function createSandbox({ body, store, timeLimitMs }: SandboxSource): Sandbox {
  const storeJson = store === undefined ? undefined : JSON.stringify([...store]);
  ignoreRejectionsInside();
  const limit = timeLimitMs === undefined ? {} : { timeout: timeLimitMs };
  const openAgain = () => open(body, storeJson);
  let held: Opened | undefined = openAgain();
  return {
    run(eventJson, now) {
      held ??= openAgain();
      const { context, inside } = held;
      inside.accept(eventJson, now);
      if (!enterTimed(context, limit)) {
        held = undefined;
        return { end: tookTooLong(timeLimitMs), logs: logsOf(inside) };
      }
      if (!inside.isClean()) held = undefined;
      return { end: endOf(inside), logs: logsOf(inside) };
    },
  };
}

/** False if the run was cut off: the context may then be in any state and is not used again. */
function enterTimed(context: Context, limit: { readonly timeout?: number }): boolean {
  try {
    enter.runInContext(context, limit);
    return true;
  } catch {
    // The value is of the context, or says that time is up; to look at it could run the code's own.
    return false;
  }
}

function open(body: string, storeJson: string | undefined): Opened {
  const context = createContext(constants.DONT_CONTEXTIFY, {
    codeGeneration: { strings: false, wasm: false },
    microtaskMode: "afterEvaluate",
  });
  const limits = {
    globals: GLOBALS,
    logs: LOG_CHARACTERS,
    memory: MEMORY_BYTES,
    message: LONGEST_MESSAGE,
    runName: RUN,
  };
  // Objects for the context are made in the context: one of Node's would lead back to Node.
  const inner = (text: string) => new Script(text).runInContext(context);
  const modules = inner("Object.create(null)");
  modules.cloudfront = cloudfront.runInContext(context)(storeJson);
  modules.crypto = crypto.runInContext(context)();
  modules.querystring = querystring.runInContext(context)();
  const makeInside = bootstrap.runInContext(context);
  const inside: Inside = makeInside(modules, inner(`(${JSON.stringify(limits)})`));
  const compiled = compileFunction(
    `"use strict";${body}\n;return typeof handler === "function" ? handler : undefined;`,
    ["require"],
    { parsingContext: context, filename: "function.js" },
  );
  inside.load(compiled);
  return { context, inside };
}

function endOf(inside: Inside): SandboxEnd {
  const result = inside.take("result");
  switch (inside.take("kind")) {
    case "returned":
      return { kind: "returned", json: result };
    case "no-object":
      return { kind: "no-object", type: result };
    case "no-handler":
      return { kind: "failed", message: "the code has no function named handler" };
    case "unsettled":
      return { kind: "failed", message: "the handler's promise was never settled" };
    case "too-large":
      return {
        kind: "failed",
        message: `the result of ${result} characters exceeds 2 MB of memory`,
      };
  }
  return { kind: "failed", message: result };
}

function tookTooLong(limit: number | undefined): SandboxEnd {
  return { kind: "failed", message: `the run was ended after ${limit} ms` };
}

function logsOf(inside: Inside): readonly string[] {
  return JSON.parse(`[${inside.take("logs")}]`);
}

function script(name: "bootstrap" | "cloudfront" | "crypto" | "querystring"): Script {
  const url = new URL(`./sandbox/${name}.js`, import.meta.url);
  // The linter takes every file for a module and its code for strict; a script has to say so.
  return new Script(`"use strict";${readFileSync(url, "utf8")}`, { filename: `${name}.js` });
}
