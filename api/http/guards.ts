import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { createSecretCheck, SECRET_HEADER } from "./origin-secret.ts";
import { Problem } from "./problems.ts";
import { isSameOrigin } from "./same-origin.ts";

/** Gives what the request does not pass, if anything, and puts on the answer what every answer carries. */
export type Guard = (request: FastifyRequest, reply: FastifyReply) => Problem | undefined;

/** What every request must pass. */
export function createGuard({
  siteUrl,
  originSecrets,
}: {
  readonly siteUrl: string;
  readonly originSecrets: readonly string[];
}): Guard {
  const cameThroughCdn = createSecretCheck(originSecrets);
  return (request, reply) => {
    reply.headers({ "x-request-id": request.id, "cache-control": "no-store" });
    const { withoutCdn = false } = request.routeOptions.config ?? {};
    if (!withoutCdn && !cameThroughCdn(request.headers[SECRET_HEADER])) {
      return new Problem("not-through-cdn", "Ask the website's own address.");
    }
    if (request.method === "POST" && !isSameOrigin(request.headers, siteUrl)) {
      return new Problem("cross-site", "Send it from our own pages.");
    }
    return undefined;
  };
}

/** Long enough for what the database takes, and short of the time after which a host kills us. */
const PATIENCE_MS = 10_000;

/**
 * While the server closes, each answer ends its connection. A connection that is kept alive would
 * hold the end up until it times out, and closing it by force cuts off what is under way. Only who has
 * not sent all of a request by the end of our patience is cut off: a server that closes does not look
 * after its slow visitors any more.
 */
export function closeConnectionsAtTheEnd(app: FastifyInstance, patienceMs = PATIENCE_MS): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
    setTimeout(() => app.server.closeAllConnections(), patienceMs).unref();
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
}
