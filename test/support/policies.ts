import { askAdmin, type Rabbit, type Vhost } from "./rabbitmq.ts";

export type Policy = {
  readonly pattern: string;
  readonly "apply-to": "exchanges" | "queues";
  readonly definition: Readonly<Record<string, string | number>>;
  readonly priority?: number;
};

/** As an operator does it over the management API; in force when it resolves. */
export async function putPolicy(at: Rabbit & Vhost, name: string, policy: Policy): Promise<void> {
  await askAdmin(at, "PUT", `policies/${encodeURIComponent(at.name)}/${name}`, policy);
}

export async function deletePolicy(at: Rabbit & Vhost, name: string): Promise<void> {
  await askAdmin(at, "DELETE", `policies/${encodeURIComponent(at.name)}/${name}`);
}

/** Unroutable messages go to this exchange. */
export function keepIn(exchange: string): Policy {
  return {
    ...{ pattern: "^events$", "apply-to": "exchanges", priority: 10 },
    definition: { "alternate-exchange": exchange },
  };
}

/** The error queue takes this many and refuses the rest. */
export function boundedTo(messages: number, overflow = "reject-publish"): Policy {
  return {
    ...{ pattern: "^events\\.(errors|failed)$", "apply-to": "queues" },
    definition: { "max-length": messages, overflow },
  };
}
