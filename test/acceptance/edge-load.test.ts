import { readFileSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, it } from "vitest";
import { createSlipway, type Slipway } from "../../deploy/library.ts";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { connectToEdge, type EdgeClients } from "../support/edge-clients.ts";
import { createEditionSite, type Edition, fileNameOf } from "../support/edition-site.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";
import { type Observations, visit } from "../support/visitor.ts";

/** Fifty visitors on one edge, while one release follows the other. */

const VISITORS = 50;
const SECONDS = 30;
const LEAST_RELEASES = 2;
const LOOK_MS = 5;
const SAMPLE_MS = 100;
/** What a garbage collector may leave for later; a leak of one page a request would be ten times as much. */
const MEMORY_SLACK_MIB = 64;

let project: TempProject;
let edge: EdgeProcess;
let clients: EdgeClients;
let slipway: Slipway;

beforeAll(async () => {
  project = await createTinyProject({});
  edge = await startEdge(project.root);
  clients = await connectToEdge(project.root);
  slipway = await createSlipway({ root: project.root });
});

afterAll(async () => {
  clients?.close();
  await edge?.stop("SIGKILL");
  await project?.dispose();
});

async function writeSite({ files }: Edition, before?: Edition): Promise<void> {
  for (const [address, file] of files) {
    if (before?.files.get(address) === file) continue;
    await project.write(`_site/${fileNameOf(address)}`, file.bytes);
  }
  for (const address of before?.files.keys() ?? []) {
    if (!files.has(address)) await project.remove(`_site/${fileNameOf(address)}`);
  }
}

const site = createEditionSite(20_261_122);

/** Mostly a deploy, sometimes a way back; between them somebody has the edge forget a part. */
async function nextRelease(): Promise<void> {
  const before = site.current;
  const isRollback = before.number % 5 === 4;
  const edition = isRollback ? site.beginRollback() : site.begin();
  await writeSite(edition, before);
  const [latest] = await clients.invalidationIds();
  const release = isRollback ? slipway.rollback({ wait: true }) : slipway.deploy({ wait: true });
  const [result] = await Promise.all([release, settleWhenCompleted(latest, release)]);
  expect(result).toMatchObject({ kind: "released" });
  site.settle();
  if (edition.number % 3 === 0) {
    const paths = edition.number % 2 === 0 ? ["/*"] : ["/articles/*", "/"];
    expect(await slipway.invalidate(paths, { wait: true })).toMatchObject({ kind: "requested" });
  }
}

/** Looks at the release's first invalidation more often than a deploy does, to catch the very moment. */
async function settleWhenCompleted(
  latest: string | undefined,
  release: Promise<unknown>,
): Promise<void> {
  let isOver = false;
  const over = () => {
    isOver = true;
  };
  release.then(over, over);
  while (!isOver) {
    const ids = await clients.invalidationIds();
    const first = ids[(latest === undefined ? ids.length : ids.indexOf(latest)) - 1];
    if (first !== undefined && (await clients.invalidation(first)).status === "Completed") {
      return site.settleWrites();
    }
    await sleep(LOOK_MS);
  }
}

/** Resident memory in MiB, sampled until stopped; empty where the system does not tell. */
async function watchMemory(pid: number, until: () => boolean): Promise<readonly number[]> {
  const samples: number[] = [];
  while (!until() && process.platform === "linux") {
    const kibibytes = /VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1];
    samples.push(Number(kibibytes) / 1024);
    await sleep(SAMPLE_MS);
  }
  return samples;
}

/** Visitors come and releases follow one another until the time is over or somebody complains. */
async function visitAndRelease() {
  const observations: Observations = {
    connections: 0,
    requests: 0,
    answers: new Map(),
    complaints: [],
  };
  const end = performance.now() + SECONDS * 1000;
  let isOver = false;
  const until = () => isOver || observations.complaints.length > 0;
  const visits = Array.from({ length: VISITORS }, (_, seed) =>
    visit(edge.viewerUrl, site, { seed, observations, until }),
  );
  const memory = watchMemory(edge.pid, () => isOver);
  try {
    while (!until() && (performance.now() < end || site.current.number < LEAST_RELEASES)) {
      await nextRelease();
    }
  } finally {
    isOver = true;
    await Promise.all([...visits, memory]);
  }
  return { observations, memory: thirdsOf(await memory) };
}

/** The first third is the warming up. */
function thirdsOf(samples: readonly number[]) {
  const third = Math.floor(samples.length / 3);
  return {
    middle: median(samples.slice(third, 2 * third)),
    last: median(samples.slice(samples.length - third)),
  };
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}

it.skipIf(!runsSlow("fifty visitors on one edge for 30 s"))(
  "answers fifty visitors without an error or a stale page, release after release, in the same memory",
  async () => {
    await writeSite(site.current);
    expect(await slipway.deploy({ wait: true })).toMatchObject({ kind: "released" });

    const { observations, memory } = await visitAndRelease();
    const { connections, requests, answers, complaints } = observations;
    const seen = Object.fromEntries([...answers].sort(([a], [b]) => (a < b ? -1 : 1)));
    console.log(
      `${requests} requests in ${SECONDS} s, ${site.current.number} releases, ` +
        `${memory.middle.toFixed(0)} then ${memory.last.toFixed(0)} MiB; ${JSON.stringify(seen)}`,
    );
    expect(complaints.slice(0, 10)).toEqual([]);
    expect(connections).toBe(VISITORS);
    expect(memory.last - memory.middle).toBeLessThan(MEMORY_SLACK_MIB);
    const kinds = ["asset 200", "head 200", "missing 404", "news 200", "news 404", "page 200"];
    const rarer = ["range 206", "redirect 301", "revisit 200", "revisit 304"];
    expect([...answers.keys()]).toEqual(expect.arrayContaining([...kinds, ...rarer]));
  },
  (SECONDS + 60) * 1000,
);
