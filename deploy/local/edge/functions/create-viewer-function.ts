import { types } from "node:util";
import { rewriteImports } from "./imports.ts";
import { judgeResult } from "./outcome.ts";
import { createSandbox, type Sandbox } from "./sandbox.ts";
import type { FunctionEvent, FunctionRun, ViewerFunction } from "./viewer-function.ts";

export type ViewerFunctionSource = {
  readonly name: string;
  /** Of runtime cloudfront-js-2.0 or 1.0. */
  readonly code: string;
  readonly eventType: FunctionEvent["context"]["eventType"];
  /** The entries of the associated KeyValueStore; undefined if there is none. */
  readonly store: ReadonlyMap<string, string> | undefined;
  /** Milliseconds since 1970; asked once a run. */
  readonly now?: () => number;
  /** How long a run may take. Without it nothing ends code that never does; with it a run costs ten times more. */
  readonly timeLimitMs?: number;
};

/** A function that blocks its thread while it runs. */
export interface BlockingFunction extends ViewerFunction {
  run(event: FunctionEvent): FunctionRun;
}

/**
 * Makes a published function ready to run. Code that does not even parse is no error here: CloudFront
 * takes it too, and every run of it ends as an execution error.
 */
export function createViewerFunction(source: ViewerFunctionSource): BlockingFunction {
  const { name, eventType, now = Date.now } = source;
  const sandbox = openSandbox(source);
  return {
    name,
    run(event): FunctionRun {
      if (typeof sandbox === "string") {
        return { outcome: { kind: "execution-error", message: sandbox }, logs: [] };
      }
      const { end, logs } = sandbox.run(JSON.stringify(event), now());
      switch (end.kind) {
        case "returned":
          return { outcome: judgeResult(JSON.parse(end.json), event, eventType), logs };
        case "no-object":
          return {
            outcome: {
              kind: "validation-error",
              message: `the handler returned ${end.type}, not a request or a response`,
            },
            logs,
          };
        case "failed":
          return { outcome: { kind: "execution-error", message: end.message }, logs };
      }
    },
  };
}

/** The sandbox, or why there is none. */
function openSandbox(source: ViewerFunctionSource): Sandbox | string {
  const { code, store, timeLimitMs } = source;
  const rewritten = rewriteImports(code);
  if (rewritten.kind === "refused") return rewritten.message;
  try {
    return createSandbox({ body: rewritten.code, store, timeLimitMs });
  } catch (error) {
    return types.isNativeError(error)
      ? `${error.name}: ${error.message}`
      : "the code does not parse";
  }
}
