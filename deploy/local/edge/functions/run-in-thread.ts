import { parentPort } from "node:worker_threads";
import { type BlockingFunction, createViewerFunction } from "./create-viewer-function.ts";
import type { FromThread, ToThread } from "./thread-messages.ts";

/**
 * The inside of the thread that `function-thread.ts` starts. Functions run here without a time limit
 * of their own: the thread is ended when one takes too long.
 */
const port = parentPort;
if (port === null) throw new Error("run-in-thread.ts runs only as a worker");

const functions = new Map<number, BlockingFunction>();
let time = 0;

port.on("message", (message: ToThread) => {
  switch (message.kind) {
    case "load":
      functions.set(message.fn, createViewerFunction({ ...message.source, now: () => time }));
      return;
    case "drop":
      functions.delete(message.fn);
      return;
    case "run":
      tell(run(message));
      return;
  }
});
tell({ kind: "ready" });

function run({ id, fn, event, now }: Extract<ToThread, { readonly kind: "run" }>): FromThread {
  const loaded = functions.get(fn);
  if (loaded === undefined) throw new Error(`the function ${fn} was never loaded`);
  time = now;
  return { kind: "ran", id, run: JSON.stringify(loaded.run(JSON.parse(event))) };
}

function tell(message: FromThread): void {
  port?.postMessage(message);
}
