import path from "node:path";
import type { Bus } from "../../api/ops/open-bus.ts";
import type { Outbox } from "../../api/outbox/outbox.ts";
import { printable } from "../cli/words.ts";
import { type FailureKind, SlipwayError } from "../core/errors.ts";
import type { OutboxState } from "../core/messages.ts";
import { systemClock } from "../local/system-clock.ts";
import type { Surroundings } from "./wiring.ts";

/**
 * The message bus and the API's outbox, as the environment names them. `api` is loaded here and only when
 * one of them is asked for.
 */

type Place = Pick<Surroundings, "env" | "root">;

/** Reaches the broker, works, and lets go of it in any case. Throws a SlipwayError. */
export async function withBus<T>({ env }: Place, work: (bus: Bus) => Promise<T>): Promise<T> {
  const amqpUrl = variable(env, "AMQP_URL");
  if (amqpUrl === undefined) throw noBroker();
  const { openBus } = await import("../../api/ops/open-bus.ts");
  return await explained(async () => {
    const adminUrl = variable(env, "AMQP_ADMIN_URL");
    const bus = await openBus({ amqpUrl, adminUrl, name: "slipway events" });
    try {
      return await work(bus);
    } finally {
      await bus.session.close();
    }
  });
}

/** A bus that can do what only the management API can. */
export type ManagedBus = { readonly [Part in keyof Bus]: NonNullable<Bus[Part]> };

/** Throws a SlipwayError for a bus without a management API. */
export function managed({ session, management }: Bus, what: string): ManagedBus {
  if (management !== undefined) return { session, management };
  throw new SlipwayError("config", {
    what: `${what} needs the broker's management API`,
    why: "AMQP_ADMIN_URL is not set, and AMQP has no words for policies and bindings",
    next: "Set AMQP_ADMIN_URL, such as http://USER:PASSWORD@HOST:15672.",
  });
}

/** Opens the API's outbox, works, and closes it; undefined where there is none. */
export async function withOutbox<T>(
  { env, root }: Place,
  work: (outbox: Outbox, store: string) => Promise<T>,
): Promise<T | undefined> {
  const { openStore, hasStore } = await import("../../api/store/open-store.ts");
  const url = variable(env, "DATABASE_URL");
  const folder = path.resolve(root, variable(env, "DATA_DIR") ?? path.join(".slipway", "api"));
  const address =
    url === undefined ? { kind: "embedded" as const, folder } : { kind: "postgres" as const, url };
  if (!hasStore(address)) return undefined;
  return await explained(async () => {
    const store = openStore(address, () => {});
    try {
      return await work(
        store.outbox,
        url === undefined ? path.relative(root, folder) : hostOf(url),
      );
    } finally {
      await store.close();
    }
  });
}

/** How the outbox does. Throws a SlipwayError when it cannot be read. */
export async function readOutbox(place: Place): Promise<OutboxState> {
  const read = await withOutbox(place, async (outbox, store) => ({
    kind: "read" as const,
    store,
    ...(await outbox.status(systemClock.now())),
  }));
  return read ?? { kind: "absent" };
}

/** The same beside other things to tell: a failure is an answer too, for it says nothing of those. */
export async function glanceAtOutbox(place: Place): Promise<OutboxState> {
  try {
    return await readOutbox(place);
  } catch (error) {
    if (!(error instanceof SlipwayError)) throw error;
    return { kind: "failed", why: `${error.text.why}. ${error.text.next}` };
  }
}

/** The API's failures in our words. Whatever a broker or a database said, a terminal obeys none of it. */
export async function explained<T>(work: () => Promise<T>): Promise<T> {
  const { BrokerError } = await import("../../api/broker/broker-error.ts");
  const { SchemaMismatch, StoreUnavailable } = await import("../../api/store/store.ts");
  try {
    return await work();
  } catch (error) {
    if (error instanceof BrokerError) {
      const { what, why, next } = error.text;
      const text = { what: printable(what), why: printable(why), next };
      throw new SlipwayError(failureOf(error.kind), text, { cause: error });
    }
    if (error instanceof SchemaMismatch) {
      const what = "The API's database is not that of this release";
      const text = { what, why: printable(error.why), next: error.next };
      throw new SlipwayError("config", text, { cause: error });
    }
    if (error instanceof StoreUnavailable) {
      const text = {
        what: "The API's database does not answer",
        why: printable(error.message),
        next: "Check DATABASE_URL, and that the database runs.",
      };
      throw new SlipwayError("cloud", text, { cause: error });
    }
    throw error;
  }
}

function failureOf(
  kind: "config" | "unreachable" | "denied" | "missing" | "refused" | "failed",
): FailureKind {
  switch (kind) {
    case "config":
    case "missing":
      return "config";
    case "unreachable":
    case "denied":
    case "failed":
      return "cloud";
    case "refused":
      return "refused";
  }
}

/** An empty variable is how many shells and CI systems say "not set". */
export function variable(env: Place["env"], name: string): string | undefined {
  const value = env[name];
  return value === undefined || value === "" ? undefined : value;
}

function hostOf(url: string): string {
  return URL.canParse(url) ? `PostgreSQL at ${new URL(url).host}` : "PostgreSQL";
}

function noBroker(): SlipwayError {
  return new SlipwayError("config", {
    what: "There is no message bus to look after",
    why: "AMQP_URL is not set",
    next: "Set AMQP_URL, such as amqp://USER:PASSWORD@HOST:5672/VHOST; docs/operating-events.md says more.",
  });
}
