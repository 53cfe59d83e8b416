import type { EventPublisher } from "../ports.ts";
import { explained, variable } from "./bus.ts";
import type { Surroundings } from "./wiring.ts";

const APP_ID = "slipway";
/** What was done is done; nobody waits longer for others to hear of it. */
const TIMEOUT_MS = 3_000;

/**
 * Tells the exchange `events` what happens to a site; undefined without AMQP_URL. The broker's client
 * is loaded with the first event.
 */
export function createSitePublisher(
  { env }: Pick<Surroundings, "env">,
  site: string,
): EventPublisher | undefined {
  const amqpUrl = variable(env, "AMQP_URL");
  if (amqpUrl === undefined) return undefined;
  return {
    async publish({ kind, subject, data }, time) {
      const { makeEvent } = await import("../../api/events/envelope.ts");
      const { publishOnce } = await import("../../api/ops/publish-once.ts");
      return await explained(async () => {
        const source = `/sites/${encodeURIComponent(site)}`;
        const event = makeEvent(kind, { source, subject, time, data });
        return await publishOnce(event, { amqpUrl, appId: APP_ID, timeoutMs: TIMEOUT_MS });
      });
    },
  };
}
