import { createManagement, type Management } from "../broker/management.ts";
import { BrokerSession } from "../broker/session.ts";

export type BusAddress = {
  /** AMQP_URL. */
  readonly amqpUrl: string;
  /** AMQP_ADMIN_URL; undefined where there is none. */
  readonly adminUrl: string | undefined;
  /** Shown beside the connection in the broker's own tools. */
  readonly name: string;
};

export type Bus = {
  readonly session: BrokerSession;
  readonly management: Management | undefined;
};

/** Reaches the broker, or throws a BrokerError that says why not. The management API is asked later. */
export async function openBus({ amqpUrl, adminUrl, name }: BusAddress): Promise<Bus> {
  const session = await BrokerSession.open({ url: amqpUrl, name });
  if (adminUrl === undefined) return { session, management: undefined };
  try {
    const { vhost, user } = session.place;
    const fallbackCredentials = { user, password: passwordOf(amqpUrl) };
    const management = createManagement({ url: adminUrl, vhost, fallbackCredentials });
    return { session, management };
  } catch (error) {
    await session.close();
    throw error;
  }
}

/** RabbitMQ's own default where the address names no user. */
function passwordOf(amqpUrl: string): string {
  const { username, password } = new URL(amqpUrl);
  return username === "" ? "guest" : decodeURIComponent(password);
}
