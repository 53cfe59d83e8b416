import { BrokerError } from "./broker-error.ts";

/** Where the management API is, and as whom it is asked. */
export type ManagementAddress = {
  /** Without credentials, and without a slash at its end. */
  readonly base: string;
  readonly host: string;
  /** The value of the Authorization header. */
  readonly authorization: string;
  readonly user: string;
  readonly timeoutMs: number;
};

export type ManagementRequest = {
  readonly method: "GET" | "PUT" | "DELETE";
  readonly path: string;
  readonly body?: object;
};

const TIMEOUT_MS = 5_000;

/** Throws a BrokerError, which shows nothing of the text: it may hold a password. */
export function parseManagementUrl(options: {
  readonly url: string;
  readonly fallbackCredentials?: { readonly user: string; readonly password: string } | undefined;
  readonly timeoutMs?: number | undefined;
}): ManagementAddress {
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined;
  if (url === undefined || (url.protocol !== "http:" && url.protocol !== "https:")) {
    throw noAddress("it is no http or https address");
  }
  const named = url.username === "" ? options.fallbackCredentials : credentialsOf(url);
  if (named === undefined) throw noAddress("it names no user, and neither does AMQP_URL");
  const { user, password } = named;
  return {
    base: `${url.origin}${url.pathname.replace(/\/+$/, "")}`,
    host: url.host,
    authorization: `Basic ${Buffer.from(`${user}:${password}`).toString("base64")}`,
    user,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
  };
}

/**
 * One request; gives the JSON of the answer, null for an answer without a body, and undefined for
 * 404. Throws a BrokerError for everything else. Follows no redirect: it would carry the credentials.
 */
export async function askManagement(
  address: ManagementAddress,
  { method, path, body }: ManagementRequest,
): Promise<unknown> {
  const { base, authorization, timeoutMs } = address;
  const response = await fetch(`${base}${path}`, {
    method,
    redirect: "manual",
    signal: AbortSignal.timeout(timeoutMs),
    headers: { authorization, accept: "application/json", "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  }).catch((error: unknown) => {
    throw unreachable(address, error);
  });
  const text = await response.text().catch((error: unknown) => {
    throw unreachable(address, error);
  });
  if (response.status === 404) return undefined;
  if (!response.ok) throw refusal(address, { method, path, status: response.status, text });
  if (text === "") return null;
  try {
    return JSON.parse(text);
  } catch (error) {
    throw noManagement(address, "what it answers is no JSON", error);
  }
}

type Answer = Pick<ManagementRequest, "method" | "path"> & {
  readonly status: number;
  readonly text: string;
};

function refusal(address: ManagementAddress, answer: Answer): BrokerError {
  const { method, path, status, text } = answer;
  const place = path.split("?")[0];
  const reason = reasonOf(text);
  // RabbitMQ answers 401 to a stranger, and also to a user who may not do that; only its words differ.
  if (status === 401 && (reason === "" || /login failed|not management/i.test(reason))) {
    return new BrokerError("denied", {
      what: `The management API at ${address.host} does not let ${address.user} in`,
      why: `it answers 401${reason === "" ? "" : `: ${reason}`}`,
      next: "Correct the user and the password in AMQP_ADMIN_URL, or give the user the tag management.",
    });
  }
  const why = `${method} ${place} is answered with ${status}${reason === "" ? "" : `: ${reason}`}`;
  if (status === 401 || status === 403) {
    return new BrokerError("denied", {
      what: `${address.user} may not do that at ${address.host}`,
      why,
      next: "Give the user the tag policymaker, or put another user into AMQP_ADMIN_URL.",
    });
  }
  if (status >= 300 && status < 400) {
    return noManagement(address, `it answers ${status}, which leads elsewhere`, undefined);
  }
  return new BrokerError("failed", {
    what: `The management API at ${address.host} refused a request`,
    why,
    next: "Look into the broker's log; it says more.",
  });
}

const SHOWN_REASON = 200;

/** The broker's own words, as far as they are words. */
function reasonOf(text: string): string {
  try {
    const { reason }: { reason?: unknown } = JSON.parse(text);
    return typeof reason === "string" ? reason.slice(0, SHOWN_REASON) : "";
  } catch {
    return "";
  }
}

function unreachable(address: ManagementAddress, error: unknown): BrokerError {
  return new BrokerError(
    "unreachable",
    {
      what: `The management API at ${address.host} does not answer`,
      why: reasonWhy(error, address.timeoutMs),
      next: "Check AMQP_ADMIN_URL, and that the broker's plugin rabbitmq_management is on.",
    },
    { cause: error },
  );
}

/** Node hides the reason of a failed fetch in its cause. */
function reasonWhy(error: unknown, timeoutMs: number): string {
  if (error instanceof Error && error.name === "TimeoutError") {
    return `nothing came within ${timeoutMs / 1000} s`;
  }
  const cause = error instanceof Error ? (error.cause ?? error) : error;
  if (cause instanceof Error && "code" in cause && typeof cause.code === "string") {
    return cause.code;
  }
  return cause instanceof Error ? cause.message : String(cause);
}

function noManagement(address: ManagementAddress, why: string, cause: unknown): BrokerError {
  const text = {
    what: `${address.host} is not RabbitMQ's management API`,
    why,
    next: "Correct AMQP_ADMIN_URL; the management API is usually at port 15672.",
  };
  return new BrokerError("failed", text, { cause });
}

function noAddress(why: string): BrokerError {
  return new BrokerError("config", {
    what: "AMQP_ADMIN_URL is not the address of a management API",
    why,
    next: "Write it as http://USER:PASSWORD@HOST:15672, with odd characters percent-encoded.",
  });
}

function credentialsOf(url: URL): { user: string; password: string } {
  try {
    return {
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
    };
  } catch {
    throw noAddress("its user or password is not percent-encoded as it should be");
  }
}
