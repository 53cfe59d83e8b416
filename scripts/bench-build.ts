import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { CONTESTANTS, type Contestant, prepareOurs } from "./bench/build/contestants.ts";
import { measureSaves, renderSaves } from "./bench/build/dev-save.ts";
import { type Medians, mediansOf, renderBuilds } from "./bench/build/table.ts";
import { type Measured, runMeasured } from "./bench/measured-run.ts";

const HELP = `npm run bench:build -- [options]

Builds generated sites in a temp folder of its own, the contestants taking turns, and prints a Markdown
table of medians. Needs GNU time; Hugo takes part when it is installed.

--posts N      articles, repeatable (100, 1000 and 5000)
--rounds N     how often each contestant has its turn (3)
--only NAME    contestants whose name holds this, repeatable
--dev          instead: how soon the development server serves a saved article, ten saves at each size
`;

const OPTIONS = {
  help: { type: "boolean", default: false },
  posts: { type: "string", multiple: true, default: ["100", "1000", "5000"] as string[] },
  rounds: { type: "string", default: "3" },
  dev: { type: "boolean", default: false },
  only: { type: "string", multiple: true, default: [] as string[] },
} as const;

async function main(): Promise<void> {
  const { values } = parseArgs({ options: OPTIONS });
  if (values.help) return console.log(HELP);
  if (values.dev) return benchSaves(values.posts.map(Number));
  const wanted = CONTESTANTS.filter(
    ({ name }) => values.only.length === 0 || values.only.some((part) => name.includes(part)),
  );
  for (const { name } of wanted.filter(({ isHere }) => !isHere())) {
    console.log(`skipped: ${name} is not installed`);
  }
  const taking = wanted.filter(({ isHere }) => isHere());
  const scratch = await mkdtemp(join(tmpdir(), "slipway-bench-"));
  try {
    const rows: Medians[] = [];
    for (const posts of values.posts.map(Number)) {
      rows.push(...(await measure(taking, posts, Number(values.rounds), scratch)));
    }
    console.log(renderBuilds(rows));
    const load = loadavg().map((value) => value.toFixed(1));
    console.log(`\n${cpus().length} processors; load over 1, 5 and 15 minutes: ${load.join(", ")}`);
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

const SAVES = 10;

async function benchSaves(sizes: readonly number[]): Promise<void> {
  console.log(
    "| articles | saves | least, ms | median | most |\n| ---: | ---: | ---: | ---: | ---: |",
  );
  for (const posts of sizes) {
    const folder = await mkdtemp(join(tmpdir(), "slipway-bench-"));
    try {
      await prepareOurs(folder, posts);
      console.log(renderSaves(await measureSaves(folder, posts, SAVES)));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }
}

/** Each contestant once in every round, so that all meet the machine as busy or idle as it is. */
async function measure(
  contestants: readonly Contestant[],
  posts: number,
  rounds: number,
  scratch: string,
): Promise<readonly Medians[]> {
  const runs = new Map<Contestant, Measured[]>(contestants.map((one) => [one, []]));
  const folderOf = (one: Contestant) => join(scratch, `${posts}-${contestants.indexOf(one)}`);
  for (const one of contestants) {
    await mkdir(folderOf(one), { recursive: true });
    await one.prepare(folderOf(one), posts);
    // Fills the caches of those that keep something, and the file system's for all of them.
    await runMeasured(one.command(folderOf(one)), scratch);
  }
  for (let round = 1; round <= rounds; round += 1) {
    for (const [one, measured] of runs) {
      await one.reset(folderOf(one));
      measured.push(await runMeasured(one.command(folderOf(one)), scratch));
    }
  }
  for (const one of contestants) await rm(folderOf(one), { recursive: true, force: true });
  return [...runs].map(([{ name }, measured]) => mediansOf(name, posts, measured));
}

await main();
