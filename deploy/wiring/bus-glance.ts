import { SlipwayError } from "../core/errors.ts";
import type { BusGlance } from "../core/messages.ts";
import { systemClock } from "../local/system-clock.ts";
import { glanceAtOutbox, variable, withBus } from "./bus.ts";
import type { Surroundings } from "./wiring.ts";

/** How old a look may be before the next question has another one taken. */
const FRESH_MS = 5_000;

/**
 * Looks at bus and outbox for a page that asks every second: gives the last look at once, and takes
 * the next one meanwhile, one at a time. Nothing is looked at while nobody asks.
 */
export function createBusGlance(surroundings: Pick<Surroundings, "env" | "root">): () => BusGlance {
  let glance: BusGlance = { kind: "looking" };
  let lookedAt = Number.NEGATIVE_INFINITY;
  let isLooking = false;
  const look = async () => {
    isLooking = true;
    glance = await takeLook(surroundings);
    lookedAt = systemClock.now().getTime();
    isLooking = false;
  };
  return () => {
    if (!isLooking && systemClock.now().getTime() - lookedAt > FRESH_MS) void look();
    return glance;
  };
}

/** Never rejects: what failed is what there is to see. */
async function takeLook(surroundings: Pick<Surroundings, "env" | "root">): Promise<BusGlance> {
  const outbox = await glanceAtOutbox(surroundings).catch((error: unknown) => ({
    kind: "failed" as const,
    why: whyOf(error),
  }));
  if (variable(surroundings.env, "AMQP_URL") === undefined) return { kind: "absent", outbox };
  try {
    const { readStatus } = await import("../../api/ops/status.ts");
    const broker = await withBus(surroundings, ({ session, management }) =>
      readStatus(session, management, "as-told"),
    );
    return { kind: "seen", broker, outbox };
  } catch (error) {
    return { kind: "failed", why: whyOf(error), outbox };
  }
}

function whyOf(error: unknown): string {
  if (error instanceof SlipwayError) return `${error.text.what}: ${error.text.why}`;
  return error instanceof Error ? error.message : String(error);
}
