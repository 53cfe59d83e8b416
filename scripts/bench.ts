import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { type Contestant, contestants, type Ground } from "./bench/contestants.ts";
import type { EdgeCount, EdgeHello } from "./bench/edge.ts";
import { runMeasured } from "./bench/measured-run.ts";
import { type Result, renderResults } from "./bench/results-table.ts";
import { changePages, makeSite } from "./bench/site.ts";

/**
 * Measures whole deploys against the local edge, beside the rivals that are installed, on the same
 * site and the same server: `npm run bench -- --files 10000 --latency 0 --latency 30`. Prints one
 * Markdown table. Needs GNU time; loopback only, in a temp folder of its own.
 */
const CHANGED_PAGES = 10;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      files: { type: "string", default: "10000" },
      latency: { type: "string", multiple: true, default: ["0", "30"] },
      only: { type: "string" },
    },
  });
  const chosen = contestants().filter(
    ({ name }) => values.only === undefined || name.startsWith(values.only),
  );
  const scratch = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  try {
    const results: Result[] = [];
    for (const latency of values.latency.map(Number)) {
      for (const contestant of chosen) {
        results.push(
          ...(await measure(contestant, { scratch, latency, files: Number(values.files) })),
        );
      }
    }
    console.log(renderResults(results));
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

type Setting = { readonly scratch: string; readonly latency: number; readonly files: number };

/** One contestant on a fresh server: first deploy, no change, ten changed pages, other headers. */
async function measure(contestant: Contestant, setting: Setting): Promise<readonly Result[]> {
  const { scratch, latency, files } = setting;
  const folder = join(scratch, `${contestant.name.replaceAll(" ", "-")}-${latency}`);
  const project = join(folder, "project");
  await mkdir(join(project, "_site"), { recursive: true });
  const made = await makeSite(join(project, "_site"), files);
  const server = await startServer(join(folder, "edge"), latency);
  const ground = { project, bucket: "bench-site", endpoint: server.endpoint, edge: server.edge };
  await createBucket(ground);
  const results: Result[] = [];
  const step = async (scenario: string, maxAge: number) => {
    await server.count();
    const run = await runMeasured(await contestant.command(ground, maxAge), scratch);
    const count = await server.count();
    const { seconds, peakMegabytes } = run;
    const result = { contestant: contestant.name, latency, scenario, seconds, peakMegabytes };
    results.push({ ...result, files: made.files, ...count });
    console.error(`${contestant.name}, ${latency} ms, ${scenario}: ${seconds} s`);
  };
  try {
    await step("first deploy", 60);
    await step("nothing changed", 60);
    await changePages(join(project, "_site"), CHANGED_PAGES, `changed for ${contestant.name}`);
    await step(`${CHANGED_PAGES} pages changed`, 60);
    if (contestant.seesHeaders) await step("headers of a tenth changed", 120);
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
  return results;
}

type Server = {
  readonly edge: EdgeHello;
  readonly endpoint: string;
  /** What was asked since the last call. */
  count(): Promise<EdgeCount>;
  stop(): Promise<void>;
};

async function startServer(directory: string, latency: number): Promise<Server> {
  await mkdir(directory, { recursive: true });
  const edgeProcess = start(new URL("./bench/edge.ts", import.meta.url), [directory]);
  const edge = await messageOf<EdgeHello>(edgeProcess);
  const proxyUrl = new URL("./bench/latency-proxy.ts", import.meta.url);
  const apiPort = new URL(edge.apiUrl).port;
  const proxy = latency === 0 ? undefined : start(proxyUrl, [apiPort, String(latency)]);
  const port = proxy === undefined ? apiPort : await messageOf<number>(proxy);
  return {
    edge,
    endpoint: `http://127.0.0.1:${port}`,
    async count() {
      const answer = messageOf<EdgeCount>(edgeProcess);
      edgeProcess.send("count");
      return await answer;
    },
    async stop() {
      await Promise.all(
        [edgeProcess, proxy].map((child) => (child === undefined ? undefined : end(child))),
      );
    },
  };
}

function start(program: URL, args: readonly string[]): ChildProcess {
  const execArgv = ["--import", "tsx"];
  return fork(program, args, { execArgv, stdio: ["ignore", "inherit", "inherit", "ipc"] });
}

async function messageOf<Message>(child: ChildProcess): Promise<Message> {
  const stop = new AbortController();
  const ended = once(child, "exit", stop).then(([code]) => {
    throw new Error(`a server of the benchmark ended with ${code}`);
  });
  const [message] = await Promise.race([once(child, "message", stop), ended]);
  ended.catch(() => {
    // Nobody waits for its end any more.
  });
  stop.abort();
  return message;
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, "exit");
  child.disconnect();
  await ended;
}

async function createBucket({ bucket, edge }: Ground): Promise<void> {
  const { apiUrl: endpoint, region, ...credentials } = edge;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

await main();
