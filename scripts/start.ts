import { createWriteStream, mkdirSync } from "node:fs";
import { join } from "node:path";
import { type ReadConfig, readConfig } from "../api/config.ts";
import { type Service, startService } from "../api/service.ts";
import { main as slipway } from "../deploy/main.ts";

/**
 * `npm start`: the whole picture on one machine. Starts the API with its store in a file, then the local
 * edge in front of it, with the site of this checkout. `npm start -- --port 9000` moves all of it: the
 * AWS-compatible API takes the next port, the registrations the one after. Ctrl-C ends first what
 * visitors see, then what they have asked for.
 */
const DEFAULT_PORT = "8788";
const FOLDER = join(".slipway", "api");

async function main(args: readonly string[], env: NodeJS.ProcessEnv): Promise<number> {
  const read = readConfig(onThisMachine(args, env));
  if (read.kind === "problems") {
    console.error(["The environment is not what the API needs:", ...read.problems].join("\n- "));
    return 2;
  }
  const { config } = read;
  let service: Service;
  try {
    mkdirSync(FOLDER, { recursive: true, mode: 0o700 });
    const logStream = createWriteStream(join(FOLDER, "log.jsonl"), { flags: "a", mode: 0o600 });
    service = await startService({ config, logStream });
  } catch (error) {
    console.error(`The API did not start: ${whyNot(error, config.port)}`);
    return 1;
  }
  try {
    console.log(`The API for registrations is at ${service.url}; its log is ${FOLDER}/log.jsonl`);
    console.log(`Mails ${mailsOf(config)}; events ${eventsOf(config)}`);
    return await slipway(["edge", "--publish", "--api", service.url, ...args]);
  } finally {
    await service.close();
  }
}

type Config = Extract<ReadConfig, { readonly kind: "config" }>["config"];

const mailsOf = ({ mail }: Config) =>
  mail.kind === "smtp" ? "go out by SMTP" : `are in ${mail.folder}`;

const eventsOf = ({ amqpUrl }: Config) =>
  amqpUrl === undefined ? "wait in the outbox: there is no AMQP_URL" : "go to the broker";

/** The edge is in front of the API, and its address is the site's. */
function onThisMachine(args: readonly string[], env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const port = portIn(args) ?? (env.SLIPWAY_PORT || DEFAULT_PORT);
  return {
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    PORT: String(Number(port) + 2),
    PROXY_HOPS: "1",
    DATA_DIR: FOLDER,
    ...withoutEmpty(env),
  };
}

/** Of `--port 9000` and `--port=9000`; what is no port is told by the edge itself. */
function portIn(args: readonly string[]): string | undefined {
  const at = args.findIndex((arg) => arg === "--port" || arg.startsWith("--port="));
  const value = args[at]?.split("=")[1] ?? args[at + 1];
  return at >= 0 && /^\d{1,5}$/.test(value ?? "") ? value : undefined;
}

function withoutEmpty(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(env).filter(([, value]) => value !== ""));
}

function whyNot(error: unknown, port: number): string {
  if (!(error instanceof Error)) return String(error);
  return "code" in error && error.code === "EADDRINUSE"
    ? `port ${port} is taken by another program. End that one, or choose others: npm start -- --port 9000.`
    : error.message;
}

process.exitCode = await main(process.argv.slice(2), process.env);
