import rateLimit from "@fastify/rate-limit";
import Fastify, { type FastifyRequest } from "fastify";
import { expect, it } from "vitest";
import { limitRate } from "../../../api/http/rate-limits.ts";

const NOTHING = { routeOptions: {} };

it("a visitor is not forgotten because ten thousand others come", async () => {
  const app = Fastify();
  await app.register(rateLimit, { global: false });
  const limit = limitRate(app, [{ max: 1, windowMs: 3_600_000 }]);
  const visit = (ip: string) => limit.call(app, { ...NOTHING, ip } as FastifyRequest, {} as never);
  await visit("192.0.2.1");
  for (let at = 0; at < 10_000; at++) await visit(`10.0.${at >> 8}.${at & 255}`);
  await expect(visit("192.0.2.1")).rejects.toMatchObject({ kind: "rate-limited" });
});
