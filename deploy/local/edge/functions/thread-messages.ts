import type { ViewerFunctionSource } from "./create-viewer-function.ts";

/** What the edge tells the thread in which functions run; it does one thing after the other. */
export type ToThread =
  | { readonly kind: "load"; readonly fn: number; readonly source: LoadedSource }
  | { readonly kind: "drop"; readonly fn: number }
  /** `event` is the JSON text of a FunctionEvent, `now` the time that the code sees. */
  | {
      readonly kind: "run";
      readonly id: number;
      readonly fn: number;
      readonly event: string;
      readonly now: number;
    };

export type LoadedSource = Pick<ViewerFunctionSource, "name" | "code" | "eventType" | "store">;

/** `run` is the JSON text of a FunctionRun. */
export type FromThread =
  | { readonly kind: "ready" }
  | { readonly kind: "ran"; readonly id: number; readonly run: string };
