import { Type } from "@fastify/type-provider-typebox";
import { messageOf } from "../log.ts";
import type { Outbox } from "../outbox/outbox.ts";
import type { Store } from "../store/store.ts";
import { StoreUnavailable } from "../store/store.ts";

/** How the broker is reached; without one, events wait in the outbox. */
export type BrokerHealth = "connected" | "unreachable" | "not-configured";

export type Health = {
  /** `degraded`: registrations work, and events wait for the broker. */
  readonly status: "ok" | "degraded";
  readonly broker: BrokerHealth;
  readonly outbox: {
    readonly pending: number;
    readonly failing: number;
    readonly unroutable: number;
    readonly oldestSeconds: number;
  };
};

export const healthSchema = Type.Object(
  {
    status: Type.Union([Type.Literal("ok"), Type.Literal("degraded")]),
    broker: Type.Union([
      Type.Literal("connected"),
      Type.Literal("unreachable"),
      Type.Literal("not-configured"),
    ]),
    outbox: Type.Object({
      pending: Type.Integer({ minimum: 0 }),
      failing: Type.Integer({ minimum: 0 }),
      unroutable: Type.Integer({ minimum: 0 }),
      oldestSeconds: Type.Integer({ minimum: 0 }),
    }),
  },
  { description: "Whether registrations can be taken, and what waits for the broker." },
);

type HealthDeps = {
  readonly store: Pick<Store, "check"> & { readonly outbox: Pick<Outbox, "status"> };
  readonly broker: () => BrokerHealth;
  readonly now: () => Date;
};

/** However often it is asked, the database is asked once in this time. */
const FRESH_MS = 1000;

/** Asks the store and the broker. Rejects with StoreUnavailable when nothing can be stored. */
export function createHealthCheck({ store, broker, now }: HealthDeps): () => Promise<Health> {
  let last: Promise<Health["outbox"]> | undefined;
  let askedAt = Number.NEGATIVE_INFINITY;

  async function look(): Promise<Health["outbox"]> {
    try {
      await store.check();
    } catch (error) {
      if (error instanceof StoreUnavailable) throw error;
      throw new StoreUnavailable(messageOf(error), { cause: error });
    }
    const time = now();
    const { pending, failing, unroutable, oldestPending } = await store.outbox.status(time);
    const age = oldestPending === undefined ? 0 : time.getTime() - oldestPending.getTime();
    return { pending, failing, unroutable, oldestSeconds: Math.max(0, Math.round(age / 1000)) };
  }

  return async () => {
    if (last === undefined || now().getTime() - askedAt >= FRESH_MS) {
      askedAt = now().getTime();
      last = look();
    }
    const outbox = await last;
    const state = broker();
    return { status: state === "connected" ? "ok" : "degraded", broker: state, outbox };
  };
}
