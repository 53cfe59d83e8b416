import type { Channel, ConfirmChannel } from "amqplib";
import { onTestFinished } from "vitest";
import { createManagement, type Management } from "../../api/broker/management.ts";
import { BrokerSession } from "../../api/broker/session.ts";
import { EVENTS } from "../../api/broker/topology.ts";
import { drain, openChannel } from "./amqp.ts";
import type { Vhost } from "./rabbitmq.ts";

/** An operator's visit to a vhost, for the running test. */
export type Visit = {
  readonly session: BrokerSession;
  readonly management: Management;
  readonly channel: ConfirmChannel;
  /** Publishes to `events`, each when the one before is confirmed, with the ids 1, 2, 3 … */
  publish(...kinds: readonly string[]): Promise<void>;
};

export async function visit(at: Vhost): Promise<Visit> {
  const session = await BrokerSession.open({ url: at.amqpUrl, name: "test" });
  onTestFinished(() => session.close());
  const { channel } = await openChannel(at.amqpUrl);
  const management = managementOf(at);
  let published = 0;
  return {
    session,
    management,
    channel,
    async publish(...kinds) {
      for (const kind of kinds) {
        published += 1;
        const properties = {
          messageId: String(published),
          timestamp: 1_700_000_000 + published,
          headers: { number: published },
          persistent: true,
        };
        channel.publish(EVENTS, kind, Buffer.from(`{"n":${published}}`), properties);
        await channel.waitForConfirms();
      }
    },
  };
}

export function managementOf({ adminUrl, name }: Vhost): Management {
  return createManagement({ url: adminUrl, vhost: name });
}

/** The ids in a queue, in its order; takes them out. */
export async function idsIn(channel: Channel, queue: string): Promise<readonly string[]> {
  return (await drain(channel, queue)).map(({ properties }) => String(properties.messageId));
}
