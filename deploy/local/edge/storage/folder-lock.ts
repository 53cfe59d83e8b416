import { randomBytes } from "node:crypto";
import { link, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "../../../core/errors.ts";

/** Who holds a folder. `started` tells a process from a later one with the same number, on Linux. */
type Holder = { readonly pid: number; readonly started: string };

const FILE = "lock";
const ATTEMPTS = 5;

/**
 * Makes this process the only one that uses the folder; the result gives it free again. The lock of a
 * process that is gone is taken over. Throws a SlipwayError while another one, or this one, holds it.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const path = join(folder, FILE);
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  const draft = join(folder, `${FILE}.${randomBytes(6).toString("hex")}`);
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
      // A hard link appears at once with its content, and only if the name is free.
      if (await succeeds(link(draft, path), "EEXIST")) return () => rm(path, { force: true });
      await removeIfStale(path, `${draft}.stale`);
    }
  } finally {
    await rm(draft, { force: true });
  }
  throw held(folder, undefined);
}

async function removeIfStale(path: string, aside: string): Promise<void> {
  const found = await readFile(path, "utf8").catch(() => undefined);
  if (found === undefined) return;
  const holder = parseHolder(found);
  if (holder !== undefined && (await isAlive(holder))) throw held(path, holder.pid);
  // Two processes may find the same stale lock. Moving it away first shows what was really taken.
  if (!(await succeeds(rename(path, aside), "ENOENT"))) return;
  const moved = await readFile(aside, "utf8");
  if (moved !== found) await succeeds(link(aside, path), "EEXIST");
  await rm(aside, { force: true });
}

async function succeeds(action: Promise<void>, expected: string): Promise<boolean> {
  try {
    await action;
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === expected) return false;
    throw error;
  }
}

async function isAlive(holder: Holder): Promise<boolean> {
  try {
    process.kill(holder.pid, 0);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ESRCH") return false;
  }
  const started = await startOf(holder.pid);
  return started === "" || holder.started === "" || started === holder.started;
}

/** When the process began, in the kernel's own words (field 22 of proc(5) stat); "" where unknown. */
async function startOf(pid: number): Promise<string> {
  const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  const afterName = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return afterName[19] ?? "";
}

function parseHolder(text: string): Holder | undefined {
  try {
    const { pid, started } = JSON.parse(text) as Partial<Holder>;
    return Number.isInteger(pid) && typeof pid === "number"
      ? { pid, started: String(started ?? "") }
      : undefined;
  } catch {
    return undefined;
  }
}

function held(where: string, pid: number | undefined): SlipwayError {
  return new SlipwayError("config", {
    what: "The local edge's folder is in use",
    why: `${pid === undefined ? "another process" : `process ${pid}`} holds ${where}`,
    next: "Stop the other local edge, or give this one another folder.",
  });
}
