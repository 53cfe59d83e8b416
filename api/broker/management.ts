import { BrokerError } from "./broker-error.ts";
import { askManagement, type ManagementAddress, parseManagementUrl } from "./management-request.ts";

/**
 * What only RabbitMQ's management API tells and does: bindings, policies, alarms. AMQP has no words
 * for them. Every method throws a BrokerError where the reason is known.
 */
export interface Management {
  /** The broker's product and version. */
  overview(): Promise<BrokerOverview>;
  /** Undefined when there is no such queue. */
  queue(name: string): Promise<QueueFacts | undefined>;
  /** How queues and exchanges hang on an exchange; empty for one that does not exist. */
  bindingsOf(exchange: string): Promise<readonly Binding[]>;
  /** Undefined when there is no such exchange. */
  exchange(name: string): Promise<ExchangeFacts | undefined>;
  /** Undefined when there is no such policy. */
  policy(name: string): Promise<Policy | undefined>;
  /** Makes it the policy of that name, whatever it was. */
  putPolicy(name: string, policy: Policy): Promise<void>;
  /** Removes it; one that is not there is removed already. */
  deletePolicy(name: string): Promise<void>;
  /** Why publishers are held up, on any node; empty when they are not. */
  alarms(): Promise<readonly Alarm[]>;
}

export type BrokerOverview = { readonly product: string; readonly version: string };

export type QueueFacts = {
  readonly name: string;
  readonly type: "classic" | "quorum" | "stream" | "unknown";
  readonly durable: boolean;
  /** Ready and held; lags some seconds behind. */
  readonly messages: number;
  /** Held by somebody who has not acknowledged them. */
  readonly unacknowledged: number;
  readonly consumers: number;
  /** Bytes of all bodies. */
  readonly bytes: number;
  /** Of the message that is next, if it has one and the broker says so. */
  readonly headTimestamp: Date | undefined;
  /** The operator's policy on it, by name. */
  readonly policy: string | undefined;
  readonly arguments: Readonly<Record<string, unknown>>;
  /** What the policies come to. */
  readonly effectivePolicy: Readonly<Record<string, unknown>>;
};

export type ExchangeFacts = {
  readonly name: string;
  readonly type: string;
  readonly durable: boolean;
  readonly internal: boolean;
  readonly policy: string | undefined;
};

export type Binding = {
  readonly destination: string;
  readonly destinationType: "queue" | "exchange";
  readonly routingKey: string;
  readonly arguments: Readonly<Record<string, unknown>>;
};

export type Policy = {
  /** Regular expression on names. */
  readonly pattern: string;
  readonly applyTo: "exchanges" | "queues";
  readonly priority: number;
  readonly definition: Readonly<Record<string, unknown>>;
};

export type Alarm = { readonly node: string; readonly kind: "memory" | "disk" };

export type ManagementOptions = {
  /** `http://user:password@host:15672`; the broker's own user where it names none. */
  readonly url: string;
  /** As AMQP names it: `/` unless the broker's address says otherwise. */
  readonly vhost: string;
  readonly fallbackCredentials?: { readonly user: string; readonly password: string } | undefined;
  readonly timeoutMs?: number | undefined;
};

/** Throws a BrokerError for an address that cannot be one; asks nothing yet. */
export function createManagement(options: ManagementOptions): Management {
  const address: ManagementAddress = parseManagementUrl(options);
  const vhost = encodeURIComponent(options.vhost);
  const get = (path: string) => askManagement(address, { method: "GET", path });
  const found = async (path: string): Promise<Fields | undefined> => {
    const body = await get(path);
    return body === undefined ? undefined : fieldsOf(body, path);
  };
  const policyPath = (name: string) => `/api/policies/${vhost}/${encodeURIComponent(name)}`;
  return {
    async overview() {
      const fields = (await found("/api/overview")) ?? {};
      return {
        product: textOf(fields.product_name) ?? "RabbitMQ",
        version: textOf(fields.product_version ?? fields.rabbitmq_version) ?? "unknown",
      };
    },
    async queue(name) {
      const fields = await found(`/api/queues/${vhost}/${encodeURIComponent(name)}`);
      return fields === undefined ? undefined : queueOf(name, fields);
    },
    async bindingsOf(exchange) {
      const path = `/api/exchanges/${vhost}/${encodeURIComponent(exchange)}/bindings/source`;
      return listOf(await get(path), path).map(bindingOf);
    },
    async exchange(name) {
      const fields = await found(`/api/exchanges/${vhost}/${encodeURIComponent(name)}`);
      if (fields === undefined) return undefined;
      return {
        name,
        type: textOf(fields.type) ?? "unknown",
        durable: fields.durable === true,
        internal: fields.internal === true,
        policy: textOf(fields.policy),
      };
    },
    async policy(name) {
      const fields = await found(policyPath(name));
      return fields === undefined ? undefined : policyOf(fields);
    },
    async putPolicy(name, policy) {
      const { pattern, applyTo, priority, definition } = policy;
      const body = { pattern, "apply-to": applyTo, priority, definition };
      const done = await askManagement(address, { method: "PUT", path: policyPath(name), body });
      if (done === undefined) throw noVhost(options.vhost);
    },
    async deletePolicy(name) {
      await askManagement(address, { method: "DELETE", path: policyPath(name) });
    },
    async alarms() {
      const path = "/api/nodes?columns=name,mem_alarm,disk_free_alarm";
      return listOf(await get(path), path).flatMap(alarmsOf);
    },
  };
}

type Fields = Readonly<Record<string, unknown>>;

function queueOf(name: string, fields: Fields): QueueFacts {
  const { type } = fields;
  return {
    name,
    type: type === "classic" || type === "quorum" || type === "stream" ? type : "unknown",
    durable: fields.durable === true,
    messages: numberOf(fields.messages),
    unacknowledged: numberOf(fields.messages_unacknowledged),
    consumers: numberOf(fields.consumers),
    bytes: numberOf(fields.message_bytes),
    headTimestamp: timeOf(fields.head_message_timestamp),
    policy: textOf(fields.policy),
    arguments: recordOf(fields.arguments),
    effectivePolicy: recordOf(fields.effective_policy_definition),
  };
}

function bindingOf(fields: Fields): Binding {
  return {
    destination: textOf(fields.destination) ?? "",
    destinationType: fields.destination_type === "exchange" ? "exchange" : "queue",
    routingKey: typeof fields.routing_key === "string" ? fields.routing_key : "",
    arguments: recordOf(fields.arguments),
  };
}

function policyOf(fields: Fields): Policy {
  return {
    pattern: textOf(fields.pattern) ?? "",
    applyTo: fields["apply-to"] === "queues" ? "queues" : "exchanges",
    priority: numberOf(fields.priority),
    definition: recordOf(fields.definition),
  };
}

function alarmsOf(fields: Fields): readonly Alarm[] {
  const node = textOf(fields.name) ?? "unknown";
  return [
    ...(fields.mem_alarm === true ? [{ node, kind: "memory" } as const] : []),
    ...(fields.disk_free_alarm === true ? [{ node, kind: "disk" } as const] : []),
  ];
}

function noVhost(vhost: string): BrokerError {
  return new BrokerError("missing", {
    what: `The broker has no virtual host ${JSON.stringify(vhost)}`,
    why: "its management API answers 404 for it",
    next: "Correct the path of AMQP_URL, or create the virtual host.",
  });
}

function fieldsOf(body: unknown, path: string): Fields {
  if (isRecord(body)) return body;
  throw unexpected(path, "an object");
}

function listOf(body: unknown, path: string): readonly Fields[] {
  if (body === undefined) return [];
  if (Array.isArray(body) && body.every(isRecord)) return body;
  throw unexpected(path, "a list of objects");
}

function unexpected(path: string, wanted: string): BrokerError {
  return new BrokerError("failed", {
    what: "The management API gave an answer that it never gives",
    why: `${path.split("?")[0]} should be ${wanted}`,
    next: "Check that AMQP_ADMIN_URL leads to RabbitMQ's management API.",
  });
}

function isRecord(value: unknown): value is Fields {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The broker writes an empty object as an empty list in some places. */
function recordOf(value: unknown): Fields {
  return isRecord(value) ? value : {};
}

function textOf(value: unknown): string | undefined {
  return typeof value === "string" && value !== "" ? value : undefined;
}

function numberOf(value: unknown): number {
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
}

/** Seconds since 1970; a message without a timestamp has an empty text here. */
function timeOf(value: unknown): Date | undefined {
  if (typeof value !== "number" || value <= 0) return undefined;
  const time = new Date(value * 1000);
  return Number.isNaN(time.getTime()) ? undefined : time;
}
