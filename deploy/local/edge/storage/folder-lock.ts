import { randomBytes } from "node:crypto";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "../../../core/errors.ts";

/** Who holds a folder. `started` tells a process from a later one with the same number, on Linux. */
type Holder = { readonly pid: number; readonly started: string };

/**
 * Makes this process the only one that uses the folder; the result gives it free again. The lock of a
 * process that is gone is taken over. Throws a SlipwayError while another one, or this one, holds it.
 *
 * Locks are files `lock.1`, `lock.2`, …, of which the highest counts. Taking over means to create the
 * next one, which succeeds for one process only; nobody has to remove a lock that might be a new one.
 */
export async function lockFolder(folder: string): Promise<() => Promise<void>> {
  const mine = JSON.stringify({ pid: process.pid, started: await startOf(process.pid) });
  const draft = join(folder, `draft.${randomBytes(6).toString("hex")}`);
  await writeFile(draft, mine, { mode: 0o600 });
  try {
    for (;;) {
      const highest = Math.max(0, ...(await lockNumbers(folder)));
      await refuseIfHeld(folder, highest);
      if (await takeNumber(folder, highest + 1, draft)) {
        return () => rm(pathOf(folder, highest + 1), { force: true });
      }
    }
  } finally {
    await rm(draft, { force: true });
  }
}

/** False when another process was quicker. */
async function takeNumber(folder: string, number: number, draft: string): Promise<boolean> {
  // A hard link appears at once with its content, and only if the name is free.
  if (!(await isLinked(draft, pathOf(folder, number)))) return false;
  // The name is also free when that lock came, went stale and was passed by a higher one meanwhile.
  const others = (await lockNumbers(folder)).filter((other) => other !== number);
  if (others.some((other) => other > number)) {
    await rm(pathOf(folder, number), { force: true });
    return false;
  }
  for (const other of others) await rm(pathOf(folder, other), { force: true });
  return true;
}

async function isLinked(from: string, to: string): Promise<boolean> {
  try {
    await link(from, to);
    return true;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "EEXIST") return false;
    throw error;
  }
}

async function lockNumbers(folder: string): Promise<readonly number[]> {
  const names = await readdir(folder);
  return names.flatMap((name) => {
    const digits = /^lock\.(\d+)$/.exec(name)?.[1];
    return digits === undefined ? [] : [Number(digits)];
  });
}

function pathOf(folder: string, number: number): string {
  return join(folder, `lock.${number}`);
}

async function refuseIfHeld(folder: string, number: number): Promise<void> {
  const text = await readFile(pathOf(folder, number), "utf8").catch(() => "");
  const holder = parseHolder(text);
  if (holder === undefined || !(await isAlive(holder))) return;
  throw new SlipwayError("config", {
    what: "The local edge's folder is in use",
    why: `process ${holder.pid} holds ${pathOf(folder, number)}`,
    next: "Use the edge that runs (slipway status), or end it with Ctrl-C in its terminal.",
  });
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
