import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";
import { connect } from "amqplib";
import { eventually } from "./eventually.ts";
import { findFreePorts } from "./free-ports.ts";
import { type GuardedProcess, startGuarded } from "./guarded-process.ts";

/** A corner of the broker where nobody else is. */
export type Vhost = {
  readonly name: string;
  /** What the API is given as AMQP_URL. */
  readonly amqpUrl: string;
  /** What the operator is given as AMQP_ADMIN_URL; the vhost is that of AMQP_URL. */
  readonly adminUrl: string;
};

export type Rabbit = {
  readonly amqpPort: number;
  readonly adminPort: number;
};

/** A broker of one's own, to be killed and starved. */
export type OwnRabbit = Rabbit & {
  /** Kills it as `kill -9` does. What it had confirmed is on its disk. */
  kill(): Promise<void>;
  /** After a kill: starts it again with its ports and data. Returns when it answers. */
  restart(): Promise<void>;
  /** Runs `rabbitmqctl` on it; gives what it prints. Takes most of a second. */
  control(...args: readonly string[]): Promise<string>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
};

const USER = "guest";
const PASSWORD = "guest";
/** A boot takes 4 to 6 s on an idle machine. */
const BOOT_SECONDS = 90;

/** The folder of the real scripts: the wrapper in the PATH changes to a user of its own. */
const SCRIPTS = "/usr/lib/rabbitmq/bin";

/** Whether a broker can be started here. Says so in the test's output when it cannot. */
export function hasRabbit(): boolean {
  const missing = ["rabbitmq-server", "epmd"].filter((name) => find(name) === undefined);
  if (missing.length === 0) return true;
  console.log(
    `skipped: ${missing.join(" and ")} not installed (rabbitmq-server of Debian brings it)`,
  );
  return false;
}

/**
 * Starts a broker on free loopback ports in a temp folder, with the management API, and returns when
 * both answer. It ends with this process, however that ends; `remove` ends it properly.
 */
export async function startRabbit(): Promise<OwnRabbit> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-rabbit-"));
  const port = await findFreePorts(4);
  const rabbit = { amqpPort: port, adminPort: port + 3 };
  const env = environment(folder, port);
  for (const name of ["home", "mnesia", "log"]) await mkdir(join(folder, name));
  await writeFile(join(folder, "env.conf"), "");
  await writeFile(join(folder, "plugins"), "[rabbitmq_management].\n");
  await writeFile(join(folder, "rabbitmq.conf"), configuration(rabbit));

  // The node would start one of its own that outlives it and keeps the port.
  const names = startGuarded([path("epmd"), "-port", String(port + 2)], env);
  let server = await boot(rabbit, env);
  return {
    ...rabbit,
    kill: () => server.kill(),
    async restart() {
      server = await boot(rabbit, env);
    },
    async control(...args) {
      const { stdout } = await promisify(execFile)(path("rabbitmqctl"), args, { env });
      return stdout;
    },
    async remove() {
      await server.kill();
      await names.kill();
      await rm(folder, { recursive: true, force: true, maxRetries: 3 });
    },
  };
}

/** Makes an empty vhost, which lives as long as the broker. */
export async function makeVhost(rabbit: Rabbit, name: string): Promise<Vhost> {
  await askAdmin(rabbit, "PUT", `vhosts/${encodeURIComponent(name)}`);
  return {
    name,
    amqpUrl: `amqp://${USER}:${PASSWORD}@127.0.0.1:${rabbit.amqpPort}/${encodeURIComponent(name)}`,
    adminUrl: `http://${USER}:${PASSWORD}@127.0.0.1:${rabbit.adminPort}`,
  };
}

/** Asks the management API, `path` relative to /api/; gives the answer's value, undefined without one. */
export async function askAdmin(
  { adminPort }: Pick<Rabbit, "adminPort">,
  method: "GET" | "PUT" | "POST" | "DELETE",
  path: string,
  body?: unknown,
): Promise<unknown> {
  const response = await fetch(`http://127.0.0.1:${adminPort}/api/${path}`, {
    method,
    headers: {
      authorization: `Basic ${Buffer.from(`${USER}:${PASSWORD}`).toString("base64")}`,
      "content-type": "application/json",
    },
    body: body === undefined ? null : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
  return text === "" ? undefined : JSON.parse(text);
}

async function boot(
  rabbit: Rabbit,
  env: Readonly<Record<string, string>>,
): Promise<GuardedProcess> {
  const server = startGuarded([path("rabbitmq-server")], env);
  try {
    await eventually(() => isUp(rabbit, server), {
      seconds: BOOT_SECONDS,
      describe: () => `rabbitmq-server says: ${server.said()}`,
    });
  } catch (error) {
    await server.kill();
    throw error;
  }
  return server;
}

/** The port alone proves nothing: it may be somebody else's. */
async function isUp(
  { amqpPort, adminPort }: Rabbit,
  server: GuardedProcess,
): Promise<true | undefined> {
  if (server.hasEnded()) throw new Error(`rabbitmq-server ended: ${server.said()}`);
  const url = `amqp://${USER}:${PASSWORD}@127.0.0.1:${amqpPort}`;
  const connection = await connect(url, { timeout: 5000 }).catch(() => undefined);
  if (connection === undefined) return undefined;
  connection.on("error", () => undefined);
  await connection.close();
  return await askAdmin({ adminPort }, "GET", "vhosts").then(
    () => true as const,
    () => undefined,
  );
}

function environment(folder: string, port: number): Readonly<Record<string, string>> {
  return {
    PATH: process.env.PATH ?? "",
    HOME: join(folder, "home"),
    RABBITMQ_NODENAME: `t${port}@localhost`,
    RABBITMQ_NODE_IP_ADDRESS: "127.0.0.1",
    RABBITMQ_NODE_PORT: String(port),
    RABBITMQ_DIST_PORT: String(port + 1),
    ERL_EPMD_PORT: String(port + 2),
    ERL_EPMD_ADDRESS: "127.0.0.1",
    RABBITMQ_MNESIA_BASE: join(folder, "mnesia"),
    RABBITMQ_LOG_BASE: join(folder, "log"),
    RABBITMQ_PID_FILE: join(folder, "pid"),
    RABBITMQ_ENABLED_PLUGINS_FILE: join(folder, "plugins"),
    RABBITMQ_CONFIG_FILE: join(folder, "rabbitmq.conf"),
    RABBITMQ_CONF_ENV_FILE: join(folder, "env.conf"),
    // Without it the distribution port listens on every address.
    RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS: "-kernel inet_dist_use_interface {127,0,0,1}",
    ERL_CRASH_DUMP_SECONDS: "0",
  };
}

function configuration({ adminPort }: Rabbit): string {
  return [
    "management.tcp.ip = 127.0.0.1",
    `management.tcp.port = ${adminPort}`,
    // Counts in the management API are this old at most, instead of 5 s.
    "collect_statistics_interval = 500",
    "",
  ].join("\n");
}

function path(program: string): string {
  const found = find(program);
  if (found === undefined) throw new Error(`${program} is not installed`);
  return found;
}

function find(program: string): string | undefined {
  const folders = [SCRIPTS, ...(process.env.PATH ?? "").split(delimiter)];
  return folders.map((folder) => join(folder, program)).find(isExecutable);
}

function isExecutable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
