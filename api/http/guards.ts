import type { FastifyInstance } from "fastify";
import { createSecretCheck, SECRET_HEADER } from "./origin-secret.ts";
import { Problem } from "./problems.ts";
import { isSameOrigin } from "./same-origin.ts";

/** What every request must pass, and what every answer carries. */
export function guard(
  app: FastifyInstance,
  {
    siteUrl,
    originSecrets,
  }: { readonly siteUrl: string; readonly originSecrets: readonly string[] },
): void {
  const cameThroughCdn = createSecretCheck(originSecrets);
  app.addHook("onRequest", async (request, reply) => {
    reply.headers({ "x-request-id": request.id, "cache-control": "no-store" });
    const { withoutCdn = false } = request.routeOptions.config ?? {};
    if (!withoutCdn && !cameThroughCdn(request.headers[SECRET_HEADER])) {
      throw new Problem("not-through-cdn", "Ask the website's own address.");
    }
    if (request.method === "POST" && !isSameOrigin(request.headers, siteUrl)) {
      throw new Problem("cross-site", "Send it from our own pages.");
    }
  });
}

/**
 * While the server closes, each answer ends its connection. A connection that is kept alive would
 * hold the end up until it times out, and closing it by force cuts off what is under way.
 */
export function closeConnectionsAtTheEnd(app: FastifyInstance): void {
  let isClosing = false;
  app.addHook("preClose", async () => {
    isClosing = true;
  });
  app.addHook("onSend", async (_request, reply) => {
    if (isClosing) reply.header("connection", "close");
  });
}
