import { readFileSync } from "node:fs";
import { BrokerConnection } from "./broker/connection.ts";
import { EventConsumer } from "./broker/event-consumer.ts";
import { createEventPublisher } from "./broker/event-message.ts";
import { ConfirmPublisher } from "./broker/publisher.ts";
import { declareTopology, publishing } from "./broker/topology.ts";
import { WELCOME_MAIL, welcomeMail } from "./consumers/welcome-mail.ts";
import type { BrokerHealth } from "./http/health.ts";
import type { Log } from "./log.ts";
import { Relay } from "./outbox/relay.ts";
import type { Store } from "./store/store.ts";

/** What connects the store to the message bus, while the service runs. */
export type Bus = {
  health(): BrokerHealth;
  /** Waits for what is under way, and lets go of the broker. */
  close(): Promise<void>;
};

export type BusDeps = {
  /** Without one, events wait in the outbox. */
  readonly amqpUrl: string | undefined;
  readonly store: Pick<Store, "users" | "outbox" | "signals">;
  /** Called when a mail may have been asked for. */
  readonly mailAsked: () => void;
  readonly log: Log;
  readonly now: () => Date;
};

/** Returns before the broker has answered, and goes on trying. */
export async function startBus({ amqpUrl, store, mailAsked, log, now }: BusDeps): Promise<Bus> {
  if (amqpUrl === undefined) {
    log.warn({}, "no AMQP_URL: events wait in the outbox until there is one");
    return { health: () => "not-configured", close: async () => {} };
  }
  const name = `slipway-api/${ownVersion()}`;
  const connection = await BrokerConnection.open({ url: amqpUrl, name, log });
  const publisher = new ConfirmPublisher({
    connection,
    log,
    prepare: (model) => declareTopology(model, publishing),
  });
  const relay = Relay.start({
    outbox: store.outbox,
    signals: store.signals,
    publisher: createEventPublisher(publisher, `api/${ownVersion()}`),
    log,
    now,
  });
  const welcome = welcomeMail(store.users, now);
  const consumer = EventConsumer.start({
    connection,
    log,
    settings: WELCOME_MAIL,
    async handle(envelope) {
      const handled = await welcome(envelope);
      mailAsked();
      return handled;
    },
  });
  return {
    health: () => (publisher.obstacle() === undefined ? "connected" : "unreachable"),
    async close() {
      connection.cutAfter();
      await consumer.stop();
      await relay.stop();
      await publisher.close();
      await connection.close();
    },
  };
}

function ownVersion(): string {
  const file = new URL("../package.json", import.meta.url);
  const { version }: { version: string } = JSON.parse(readFileSync(file, "utf8"));
  return version;
}
