import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, utimes, writeFile } from "node:fs/promises";
import { type AddressInfo, createServer, type Server } from "node:net";
import { join } from "node:path";
import { askForPage, headerOf, type PageAnswer } from "./page-answer.ts";

export type Nginx = {
  readonly pid: number;
  /** One for each answer it was given, in that order. */
  readonly ports: readonly number[];
  stop(): Promise<void>;
};

/** nginx says these itself, or says who it is. */
const OWN_HEADERS = new Set(
  "accept-ranges connection content-length content-type date keep-alive last-modified server".split(
    " ",
  ),
);

/**
 * Starts nginx, one process, with all it needs below `prefix`, on free ports of loopback. Each port
 * gives the same body from a file with the same headers as one of the answers; throws if it does not.
 */
export async function startNginx(
  program: string,
  prefix: string,
  answers: readonly PageAnswer[],
): Promise<Nginx> {
  const ports = await freePorts(answers.length);
  const servers: string[] = [];
  for (const [index, answer] of answers.entries()) {
    const root = join(prefix, `page-${index}`);
    await writePage(root, answer);
    servers.push(serverBlock(ports[index] ?? 0, root, answer));
  }
  await writeFile(join(prefix, "nginx.conf"), configuration(prefix, servers));
  const child = spawn(program, ["-p", prefix, "-c", "nginx.conf", "-e", "stderr"], {
    stdio: ["ignore", "ignore", "inherit"],
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${program} cannot be started`);
  const stop = () => end(child);
  try {
    for (const [index, answer] of answers.entries()) await expectTwin(ports[index] ?? 0, answer);
  } catch (error) {
    await stop();
    throw error;
  }
  return { pid, ports, stop };
}

async function writePage(root: string, answer: PageAnswer): Promise<void> {
  await mkdir(root, { recursive: true });
  const file = join(root, "index.html");
  await writeFile(file, answer.body);
  const modified = new Date(headerOf(answer, "last-modified") ?? 0);
  await utimes(file, modified, modified);
}

/** As nginx is set up for files that hardly change; one process, because the edge is one. */
function configuration(prefix: string, servers: readonly string[]): string {
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"];
  return `daemon off;
master_process off;
pid ${prefix}/nginx.pid;
events { worker_connections 1024; }
http {
  access_log off;
  sendfile on;
  tcp_nopush on;
  tcp_nodelay on;
  keepalive_timeout 65s 5s;
  keepalive_requests 1000000000;
  open_file_cache max=100 inactive=1h;
  open_file_cache_valid 1h;
  etag off;
  types {}
${temporary.map((name) => `  ${name}_temp_path ${prefix}/${name};`).join("\n")}
${servers.join("\n")}
}
`;
}

function serverBlock(port: number, root: string, answer: PageAnswer): string {
  const added = answer.headers.filter(([name]) => !OWN_HEADERS.has(name));
  return `  server {
    listen 127.0.0.1:${port};
    root ${root};
    index index.html;
    default_type ${quoted(headerOf(answer, "content-type") ?? "")};
${added.map(([name, value]) => `    add_header ${name} ${quoted(value)};`).join("\n")}
  }`;
}

function quoted(value: string): string {
  if (value.includes("$")) throw new Error(`nginx cannot be told a header with a dollar: ${value}`);
  return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'")}'`;
}

/** Who gives fewer headers or bytes is not comparable. */
async function expectTwin(port: number, answer: PageAnswer): Promise<void> {
  const twin = await eventuallyAsk(`http://127.0.0.1:${port}/`);
  const told = ({ headers }: PageAnswer) =>
    headers
      .filter(([name]) => name !== "date" && name !== "server")
      .map((pair) => pair.join(": "))
      .sort()
      .join("\n");
  if (told(twin) === told(answer) && twin.body.equals(answer.body)) return;
  throw new Error(`nginx answers otherwise:\n${told(twin)}\n\ninstead of:\n${told(answer)}`);
}

const ATTEMPTS = 100;
const PAUSE_MS = 20;

async function eventuallyAsk(url: string): Promise<PageAnswer> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await askForPage(url, {});
    } catch (error) {
      if (attempt === ATTEMPTS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}

/** Held all at once, so that they differ. */
async function freePorts(count: number): Promise<readonly number[]> {
  const servers = await Promise.all(Array.from({ length: count }, listenAnywhere));
  const ports = servers.map((server) => (server.address() as AddressInfo).port);
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  return ports;
}

async function listenAnywhere(): Promise<Server> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return server;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}
