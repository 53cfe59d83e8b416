import { Type } from "@fastify/type-provider-typebox";
import { type Health, healthSchema } from "./health.ts";
import { answers, type TypedApp } from "./typed-app.ts";

const alive = Type.Object({ status: Type.Literal("ok") }, { description: "The process answers." });

/** Whether the process lives, whether it can do its work, and what it can be asked for. */
export function addHealthRoutes(app: TypedApp, health: () => Promise<Health>): void {
  app.get(
    "/api/livez",
    {
      config: { withoutCdn: true },
      schema: { summary: "Whether the process lives", response: { 200: alive } },
    },
    async () => ({ status: "ok" as const }),
  );

  app.get(
    "/api/readyz",
    {
      schema: {
        summary: "Whether registrations are taken",
        description: "Degraded, with 200, while the broker is away: events wait in the outbox.",
        response: answers({ 200: healthSchema }, []),
      },
    },
    () => health(),
  );

  app.get("/api/openapi.json", { schema: { hide: true } }, async () => app.swagger());
}
