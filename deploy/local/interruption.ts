/** Listens until it is told not to. */
export type InterruptionListener = { readonly signal: AbortSignal; stop(): void };

/**
 * Ctrl-C, or the TERM signal of a pipeline, as a request: what is under way ends in order. Asking a
 * second time ends the process at once.
 */
export function listenForInterruption(onRequest: () => void): InterruptionListener {
  const signals = ["SIGINT", "SIGTERM"] as const;
  const controller = new AbortController();
  const request = () => {
    stop();
    controller.abort();
    onRequest();
  };
  const stop = () => {
    for (const signal of signals) process.off(signal, request);
  };
  for (const signal of signals) process.on(signal, request);
  return { signal: controller.signal, stop };
}
