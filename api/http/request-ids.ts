import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";

const GIVEN = /^[\w-]{8,64}$/;

/** The id that a proxy or client gave a request, if it can do no harm in a log; else a new one. */
export function requestId({ headers }: Pick<IncomingMessage, "headers">): string {
  const given = headers["x-request-id"];
  return typeof given === "string" && GIVEN.test(given) ? given : randomUUID();
}
