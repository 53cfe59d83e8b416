import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CreateBucketCommand, S3Client } from "@aws-sdk/client-s3";
import { endChild, messageOf, startChild } from "./bench/child.ts";
import { type Contestant, contestants, type Ground } from "./bench/contestants.ts";
import type { EdgeCount, EdgeHello } from "./bench/edge.ts";
import { measureThroughput } from "./bench/edge-throughput.ts";
import { measureEvents, renderEvents } from "./bench/events.ts";
import { runMeasured } from "./bench/measured-run.ts";
import { type Result, renderResults } from "./bench/results-table.ts";
import { changePages, makeSite } from "./bench/site.ts";
import { renderThroughput } from "./bench/throughput-table.ts";

const HELP = `npm run bench -- [options]

Measures on loopback, in a temp folder of its own, and prints Markdown tables. Needs GNU time.

--deploys   whole deploys against the local edge, beside the rivals that are installed
--edge      a cached page from the local edge, beside nginx if it is installed
--events    from a commit to the delivery of its event, and how fast a backlog drains, with a
            RabbitMQ of its own, for each database that is installed
            (without any of these options: deploys and edge)

of --deploys:
--files N          files of the site (10000)
--latency MS       added round trip, repeatable (0 and 30)
--only NAME        one contestant: slipway, aws, rclone

of --edge:
--rounds N         how often each server has its turn (5)
--seconds N        how long a turn is counted (3)
--connections N    kept alive, one request under way on each (50)

of --events:
--backlog N        events that wait when the relay starts (20000)
--singles N        registrations one by one (500)
`;

const CHANGED_PAGES = 10;

const OPTIONS = {
  help: { type: "boolean", default: false },
  deploys: { type: "boolean", default: false },
  edge: { type: "boolean", default: false },
  events: { type: "boolean", default: false },
  backlog: { type: "string", default: "20000" },
  singles: { type: "string", default: "500" },
  files: { type: "string", default: "10000" },
  latency: { type: "string", multiple: true, default: ["0", "30"] as string[] },
  only: { type: "string" },
  rounds: { type: "string", default: "5" },
  seconds: { type: "string", default: "3" },
  connections: { type: "string", default: "50" },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return console.log(HELP);
  const scratch = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  const both = values.events ? false : values.deploys === values.edge;
  try {
    if (values.deploys || both) {
      console.log(renderResults(await measureDeploys({ ...values, scratch })));
    }
    if (values.edge || both) {
      const throughput = await measureThroughput({
        scratch,
        rounds: Number(values.rounds),
        seconds: Number(values.seconds),
        connections: Number(values.connections),
      });
      console.log(renderThroughput(throughput));
    }
    if (values.events) {
      const order = { backlog: Number(values.backlog), singles: Number(values.singles) };
      console.log(renderEvents(await measureEvents({ scratch, ...order })));
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

async function measureDeploys(order: {
  readonly scratch: string;
  readonly files: string;
  readonly latency: readonly string[];
  readonly only?: string | undefined;
}): Promise<readonly Result[]> {
  const { scratch, files, only = "" } = order;
  const chosen = contestants().filter(({ name }) => name.startsWith(only));
  const results: Result[] = [];
  for (const latency of order.latency.map(Number)) {
    for (const contestant of chosen) {
      results.push(...(await measure(contestant, { scratch, latency, files: Number(files) })));
    }
  }
  return results;
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
  const edgeProcess = startChild(new URL("./bench/edge.ts", import.meta.url), [directory]);
  const edge = await messageOf<EdgeHello>(edgeProcess);
  const proxyUrl = new URL("./bench/latency-proxy.ts", import.meta.url);
  const apiPort = new URL(edge.apiUrl).port;
  const proxy = latency === 0 ? undefined : startChild(proxyUrl, [apiPort, String(latency)]);
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
        [edgeProcess, proxy].map((child) => (child === undefined ? undefined : endChild(child))),
      );
    },
  };
}

async function createBucket({ bucket, edge }: Ground): Promise<void> {
  const { apiUrl: endpoint, region, ...credentials } = edge;
  const client = new S3Client({ endpoint, region, credentials, forcePathStyle: true });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  client.destroy();
}

await main();
