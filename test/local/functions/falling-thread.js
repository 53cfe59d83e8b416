import { parentPort } from "node:worker_threads";

/** A thread with a bug: it runs nothing. */
parentPort.on("message", (message) => {
  if (message.kind === "run") throw new Error("a bug");
});
parentPort.postMessage({ kind: "ready" });
