import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { build } from "esbuild";
import { expect, test } from "vitest";
import { openStorage } from "../../deploy/local/edge/storage/storage.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { load, withFolder } from "./storage-fixture.ts";
import type { WriterEvent } from "./storage-writer-process.ts";

const KILLS = runsSlow("twenty kills of a writer; five are done") ? 20 : 5;
const ACKNOWLEDGED: WriterEvent = "done";

/** What is known of a key: the last text acknowledged, and those begun since. */
type Known = { readonly acknowledged: string | undefined; readonly begun: readonly string[] };
type Knowledge = Map<string, Known>;

test(`after each of ${KILLS} kills, every acknowledged object is there, whole`, () =>
  withFolder(async (folder) => {
    const directory = join(folder, "edge");
    const program = await bundleWriter(folder);
    const knowledge: Knowledge = new Map();
    let acknowledged = 0;
    for (let run = 0; run < KILLS; run += 1) {
      acknowledged += note(await writeAndKill(program, directory, run), knowledge);
      await check(directory, knowledge);
    }
    expect(acknowledged).toBeGreaterThan(KILLS);
  }));

/** One file of plain JavaScript starts ten times as fast. */
async function bundleWriter(folder: string): Promise<string> {
  const outfile = join(folder, "writer.mjs");
  await build({
    entryPoints: [join(import.meta.dirname, "storage-writer-process.ts")],
    outfile,
    bundle: true,
    platform: "node",
    format: "esm",
    logLevel: "error",
  });
  return outfile;
}

/** What the writer said until it was killed. */
async function writeAndKill(program: string, directory: string, run: number): Promise<string> {
  const child = spawn(process.execPath, [program, directory, `${run}`], {
    stdio: ["ignore", "pipe", "inherit"],
  });
  let output = "";
  child.stdout.setEncoding("utf8").on("data", (text: string) => {
    output += text;
  });
  await firstOutput(child);
  await wait(Math.random() * 120);
  child.kill("SIGKILL");
  await once(child, "close");
  return output;
}

function firstOutput(child: ChildProcess): Promise<unknown> {
  return Promise.race([
    once(child.stdout as NonNullable<ChildProcess["stdout"]>, "data"),
    once(child, "exit").then(() => Promise.reject(new Error("the writer ended by itself"))),
  ]);
}

/** Takes in what the writer said; a last line without its end was not said. */
function note(output: string, knowledge: Knowledge): number {
  let acknowledged = 0;
  for (const line of output.split("\n").slice(0, -1)) {
    const [event, key = "", length, start = ""] = line.split(" ");
    const text = start.padEnd(Number(length), "x");
    const known = knowledge.get(key) ?? { acknowledged: undefined, begun: [] };
    if (event === ACKNOWLEDGED) {
      acknowledged += 1;
      knowledge.set(key, { acknowledged: text, begun: [] });
    } else {
      knowledge.set(key, { ...known, begun: [...known.begun, text] });
    }
  }
  return acknowledged;
}

async function check(directory: string, knowledge: Knowledge): Promise<void> {
  const storage = await openStorage({ directory });
  let present = 0;
  for (const [key, { acknowledged, begun }] of knowledge) {
    const text = await load(storage, key);
    expect([acknowledged, ...begun]).toContain(text);
    if (text !== undefined) present += 1;
    knowledge.set(key, { acknowledged: text, begun: [] });
  }
  const files = await readdir(join(directory, "blobs"), { recursive: true, withFileTypes: true });
  expect(files.filter((file) => file.isFile())).toHaveLength(present);
  await storage.close();
}
