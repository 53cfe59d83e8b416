import type { ChildProcess } from "node:child_process";
import { readFileSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CloudFrontClient,
  GetDistributionConfigCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { endChild, messageOf, startChild } from "./child.ts";
import { findProgram, SLIPWAY } from "./contestants.ts";
import type { EdgeHello } from "./edge.ts";
import type { LoadCount, LoadOrder } from "./load-generator.ts";
import { runMeasured } from "./measured-run.ts";
import { startNginx } from "./nginx.ts";
import { askForPage, headerOf, type PageAnswer } from "./page-answer.ts";
import type { Throughput } from "./throughput-table.ts";

export type ThroughputOrder = {
  readonly scratch: string;
  readonly rounds: number;
  readonly seconds: number;
  readonly connections: number;
};

/** One server on its port, asked for one page in one coding. */
type Subject = {
  readonly server: string;
  readonly page: string;
  readonly besides: string | undefined;
  readonly pid: number;
  readonly port: number;
  readonly accepts: string;
  readonly answer: PageAnswer;
};

const PAGES = [
  { page: "20 kB as it is", accepts: "identity" },
  { page: "the same in gzip", accepts: "gzip" },
] as const;
const WARM_UP_MS = 1_000;

/**
 * Measures how many requests a second the local edge answers from its cache, without and with the
 * functions that a deploy publishes, and nginx beside each with the same bytes and headers. The
 * servers take turns, so that what else the machine does falls on all of them.
 */
export async function measureThroughput(order: ThroughputOrder): Promise<readonly Throughput[]> {
  const { scratch, rounds } = order;
  const undo: (() => Promise<void>)[] = [];
  try {
    const subjects: Subject[] = [];
    for (const functions of ["off", "on"] as const) {
      const folder = join(scratch, `functions-${functions}`);
      const { child, edge } = await startEdge(join(folder, "edge"));
      undo.push(() => endChild(child));
      await publish(join(folder, "project"), edge);
      if (functions === "off") await detachFunctions(edge);
      subjects.push(...(await cachedPages(edge, functions)));
    }
    const nginx = findProgram("nginx");
    if (nginx === undefined) console.error("skipped: nginx is not installed (apt: nginx-light)");
    else {
      const answers = subjects.map(({ answer }) => answer);
      const twins = await startNginx(nginx, join(scratch, "nginx"), answers);
      undo.push(() => twins.stop());
      const edges = subjects.splice(0);
      for (const [index, edge] of edges.entries()) {
        const server = twinOf(edge.server);
        const port = twins.ports[index] ?? 0;
        const twin = { ...edge, server, besides: undefined, pid: twins.pid, port };
        subjects.push(twin, { ...edge, besides: server });
      }
    }
    const counted = new Map(subjects.map((subject) => [subject, [] as Round[]]));
    for (let round = 1; round <= rounds; round++) {
      for (const [subject, results] of counted) {
        results.push(await measureOnce(subject, order));
        const { requestsPerSecond } = results.at(-1) as Round;
        const name = `${subject.server}, ${subject.page}`;
        console.error(`round ${round}: ${name}: ${requestsPerSecond.toFixed(0)} requests/s`);
      }
    }
    return [...counted].map(([{ server, page, besides }, results]) => ({
      server,
      page,
      besides,
      rounds: results,
    }));
  } finally {
    for (const step of undo.reverse()) await step();
  }
}

type Round = Throughput["rounds"][number];

function twinOf(server: string): string {
  return `nginx, the headers of "${server}"`;
}

async function startEdge(directory: string) {
  await mkdir(directory, { recursive: true });
  const child = startChild(new URL("./edge.ts", import.meta.url), [directory]);
  return { child, edge: await messageOf<EdgeHello>(child) };
}

/** A page, and rules as a site of some age has them; brought by a deploy as any other. */
async function publish(project: string, edge: EdgeHello): Promise<void> {
  const site = join(project, "_site");
  await mkdir(site, { recursive: true });
  const paragraph = `<p>${"The quick brown fox deploys over the lazy edge. ".repeat(8)}</p>\n`;
  await writeFile(
    join(site, "index.html"),
    `<!doctype html><title>Home</title>\n${paragraph.repeat(52)}`,
  );
  const redirects = Array.from(
    { length: 20 },
    (_, index) => `/old/${index}/* /new/${index}/:splat`,
  );
  await writeFile(join(site, "_redirects"), `${redirects.join("\n")}\n`);
  await writeFile(join(site, "_headers"), "/\n  X-Page: home\n/blog/*\n  X-Page: blog\n");
  const { bucket, apiUrl: endpoint } = edge;
  const ground = { project, bucket, endpoint, edge };
  await runMeasured(await SLIPWAY.command(ground, 60), project);
}

/** The distribution as it would be without Slipway's rules: the cache and nothing else. */
async function detachFunctions(edge: EdgeHello): Promise<void> {
  const { apiUrl: endpoint, region, distributionId: Id, ...credentials } = edge;
  const client = new CloudFrontClient({ endpoint, region, credentials });
  const found = await client.send(new GetDistributionConfigCommand({ Id }));
  const { DistributionConfig: config, ETag: IfMatch } = found;
  const behavior = config?.DefaultCacheBehavior;
  if (config === undefined || behavior === undefined) throw new Error("there is no distribution");
  const { ResponseHeadersPolicyId: _, ...rest } = behavior;
  const DefaultCacheBehavior = { ...rest, FunctionAssociations: { Quantity: 0 } };
  const DistributionConfig = { ...config, DefaultCacheBehavior };
  await client.send(new UpdateDistributionCommand({ Id, IfMatch, DistributionConfig }));
  client.destroy();
}

async function cachedPages(edge: EdgeHello, functions: "on" | "off"): Promise<readonly Subject[]> {
  const { pid, viewerUrl } = edge;
  const port = Number(new URL(viewerUrl).port);
  const server = `local edge, functions ${functions}`;
  const subjects: Subject[] = [];
  for (const { page, accepts } of PAGES) {
    await askForPage(viewerUrl, { "accept-encoding": accepts });
    const answer = await askForPage(viewerUrl, { "accept-encoding": accepts });
    if (headerOf(answer, "x-cache") !== "Hit from cloudfront") {
      throw new Error(`${server} did not keep the page: ${JSON.stringify(answer.headers)}`);
    }
    subjects.push({ server, page, besides: undefined, pid, port, accepts, answer });
  }
  return subjects;
}

async function measureOnce(subject: Subject, order: ThroughputOrder): Promise<Round> {
  const { port, accepts, answer, pid } = subject;
  const request = `GET / HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nAccept-Encoding: ${accepts}\r\n\r\n`;
  const load: LoadOrder = {
    port,
    request,
    bodyBytes: answer.body.length,
    connections: order.connections,
    warmUpMs: WARM_UP_MS,
    measuredMs: order.seconds * 1000,
  };
  const program = new URL("./load-generator.ts", import.meta.url);
  const generator: ChildProcess = startChild(program, [JSON.stringify(load)]);
  await messageOf(generator);
  const before = processorSeconds(pid);
  const { requests, seconds } = await messageOf<LoadCount>(generator);
  const after = processorSeconds(pid);
  await endChild(generator);
  return {
    requestsPerSecond: requests / seconds,
    microseconds:
      before === undefined || after === undefined ? undefined : ((after - before) / requests) * 1e6,
  };
}

/** Linux counts in hundredths of a second, wherever Node runs. */
const TICKS_PER_SECOND = 100;

/** What a process has used of the processors so far, its own code and the system's for it. */
function processorSeconds(pid: number): number | undefined {
  if (process.platform !== "linux") return undefined;
  const text = readFileSync(`/proc/${pid}/stat`, "latin1");
  // After the name, which is in parentheses and may hold anything: utime and stime are the 12th and 13th.
  const fields = text.slice(text.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
}
