/** As pino has it, so that Fastify's logger can be handed over as it is. Details hold no secrets. */
export type Log = {
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
};

/** What a caught value says, for a log or a row; never its stack. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/** What goes on failing until it works again. */
export type Outage = {
  /** Logs the reason, unless it is still the same. */
  fails(error: unknown): void;
  /** Logs that it works again, if it had failed. */
  works(): void;
};

/** For what is tried every few seconds: it would fill the log with one reason. */
export function watchOutage(
  log: Log,
  { lost, back }: { readonly lost: string; readonly back: string },
): Outage {
  let last: string | undefined;
  return {
    fails(error) {
      const reason = messageOf(error);
      if (reason !== last) log.warn({ reason }, lost);
      last = reason;
    },
    works() {
      if (last !== undefined) log.info({}, back);
      last = undefined;
    },
  };
}
