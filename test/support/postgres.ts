import { execFile } from "node:child_process";
import { randomUUID } from "node:crypto";
import { existsSync, readdirSync } from "node:fs";
import { chmod, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import { Client } from "pg";
import { findFreePorts } from "./free-ports.ts";
import { type GuardedProcess, startGuarded } from "./guarded-process.ts";

/** A database server of one's own, on a free loopback port, in a temp folder. */
export type Postgres = {
  /** An empty database on it; gives its address, as DATABASE_URL has it. */
  freshDatabase(): Promise<string>;
  /** Kills the server and all its sessions, as `kill -9` does. */
  kill(): Promise<void>;
  /** After a kill: starts it again with its port and data. */
  restart(): Promise<void>;
  /** Kills it and removes its folder. */
  remove(): Promise<void>;
};

const VERSIONS = "/usr/lib/postgresql";
const START_SECONDS = 30;

/** Whether a server can be started here. Says so in the test's output when it cannot. */
export function hasPostgres(): boolean {
  if (programs() !== undefined) return true;
  console.log("skipped: no PostgreSQL server is installed (postgresql of Debian brings it)");
  return false;
}

/** Returns when the server answers. It ends with this process, however that ends. */
export async function startPostgres(): Promise<Postgres> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-postgres-"));
  const port = await findFreePorts(1);
  const data = join(folder, "data");
  if (isRoot()) {
    // The server refuses to run as root, so the folder is the one user's that Debian made for it.
    await promisify(execFile)("chown", ["postgres", folder]);
  }
  await chmod(folder, 0o700);
  const [initdb = "", ...how] = asServer("initdb");
  await promisify(execFile)(
    initdb,
    [...how, "-D", data, "-U", "postgres", "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C"],
    { cwd: "/" },
  );
  let server = await boot(data, port);
  return {
    async freshDatabase() {
      const name = `test_${randomUUID().replaceAll("-", "")}`;
      const client = new Client({ connectionString: address(port, "postgres") });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return address(port, name);
    },
    kill: () => server.kill(),
    async restart() {
      server = await boot(data, port);
    },
    async remove() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function boot(data: string, port: number): Promise<GuardedProcess> {
  // As fast as it gets: what is tested is the death of processes, not of the machine.
  const settings = ["fsync=off", "unix_socket_directories=", "listen_addresses=127.0.0.1"];
  const options = [...settings, `port=${port}`].flatMap((setting) => ["-c", setting]);
  const command = [...asServer("postgres"), "-D", data, ...options];
  const deadline = performance.now() + START_SECONDS * 1000;
  let server = startGuarded(command, { LC_ALL: "C" });
  while (!(await answers(port))) {
    if (performance.now() > deadline) {
      await server.kill();
      throw new Error(`PostgreSQL did not start: ${server.said()}`);
    }
    await sleep(30);
    // Sessions of a killed server hold its memory a moment longer, and the new one ends at once.
    if (server.hasEnded()) server = startGuarded(command, { LC_ALL: "C" });
  }
  return server;
}

async function answers(port: number): Promise<boolean> {
  const client = new Client({ connectionString: address(port, "postgres") });
  client.on("error", () => {});
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => {});
  }
}

const address = (port: number, name: string) => `postgres://postgres@127.0.0.1:${port}/${name}`;

function asServer(program: string): readonly string[] {
  const path = join(programs() ?? "", program);
  return isRoot() ? ["runuser", "-u", "postgres", "--", path] : [path];
}

const isRoot = () => process.getuid?.() === 0;

/** The folder of the newest server's programs; Debian puts none of them in the PATH. */
function programs(): string | undefined {
  if (!existsSync(VERSIONS)) return undefined;
  const newest = readdirSync(VERSIONS).sort((a, b) => Number(b) - Number(a));
  return newest
    .map((version) => join(VERSIONS, version, "bin"))
    .find((folder) => existsSync(join(folder, "postgres")) && existsSync(join(folder, "initdb")));
}
