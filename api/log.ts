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
