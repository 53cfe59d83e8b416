import { createFunctionThread } from "../../../deploy/local/edge/functions/function-thread.ts";
import { viewerRequest } from "./function-fixture.ts";

/** Runs a function in a thread that nobody closes; something else keeps the process until it has answered. */
const kept = setTimeout(() => {}, 60_000);
const { outcome } = await createFunctionThread({})
  .prepare({
    name: "f",
    code: "function handler(event) { return event.request; }",
    eventType: "viewer-request",
    store: undefined,
    now: Date.now,
  })
  .run(viewerRequest());
console.log(outcome.kind);
clearTimeout(kept);
