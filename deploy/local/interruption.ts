import type { Interruption } from "../ports.ts";

/** An interruption that listens until it is told not to. */
export type InterruptionListener = Interruption & { stop(): void };

/**
 * Ctrl-C, or the TERM signal of a pipeline, as a request: what is under way ends in order. Asking a
 * second time ends the process at once.
 */
export function listenForInterruption(onRequest: () => void): InterruptionListener {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const request = () => {
    stop();
    listener.requested = true;
    onRequest();
  };
  const stop = () => {
    for (const signal of signals) process.off(signal, request);
  };
  const listener = { requested: false, stop };
  for (const signal of signals) process.on(signal, request);
  return listener;
}
