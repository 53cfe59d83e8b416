import { constants, copyFileSync, linkSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { CopiedFile, OutputFile, TextFile } from "./assets.ts";
import { SiteError } from "./problem.ts";

/**
 * Puts a whole site in place of the one at `folder`. The files are written beside it first and
 * swapped in by rename, so a reader sees the old site or the new one, and no file of the old stays.
 * When anything fails the old site is as it was and nothing is left beside it. Returns how many bytes the new
 * one has.
 */
export async function replaceSite(
  folder: string,
  files: readonly (OutputFile | TextFile | CopiedFile)[],
): Promise<number> {
  await assertReplaceable(folder);
  const target = resolve(folder);
  await sweepLeftovers(target);
  const next = `${target}.tmp-${process.pid}`;
  const previous = `${target}.old-${process.pid}`;
  try {
    const bytes = await writeTree(next, files);
    const hadPrevious = await moved(target, previous);
    try {
      await rename(next, target);
    } catch (error) {
      if (hadPrevious) await rename(previous, target);
      throw error;
    }
    return bytes;
  } finally {
    await rm(next, { recursive: true, force: true });
    await rm(previous, { recursive: true, force: true });
  }
}

/**
 * Refuses a folder that a build must never replace: the project or a folder around it, its sources,
 * or a folder with files in it that no build put there.
 */
export async function assertReplaceable(folder: string): Promise<void> {
  const target = resolve(folder);
  const refuse = (message: string) => {
    throw new SiteError([
      { file: folder, field: "--output", message, fix: "Name a folder of its own." },
    ]);
  };
  if (isInside(process.cwd(), target)) refuse("holds the whole project");
  if (isInside(target, resolve("site"))) refuse("is among the sources of the site");
  const names = await namesIn(target);
  const isSite = names.includes("index.html") && names.includes("sitemap.xml");
  if (names.length > 0 && !isSite) refuse("has files in it and is no built site");
}

/** Writes one file below a folder that is there, and returns its size in bytes. */
export function writeOutput(folder: string, file: OutputFile | TextFile | CopiedFile): number {
  const path = join(folder, file.path);
  if ("from" in file) {
    shareFile(file.from, path);
    return file.size;
  }
  const bytes = "bytes" in file ? file.bytes : Buffer.from(file.text());
  writeFileSync(path, bytes);
  return bytes.byteLength;
}

// The caches prove a file's bytes before they use it again, so that nobody who writes to the built site harms
// the next one. A copy is made across file systems, and where there are no links.
function shareFile(from: string, to: string): void {
  try {
    linkSync(from, to);
  } catch {
    rmSync(to, { force: true });
    copyFileSync(from, to, constants.COPYFILE_FICLONE);
  }
}

// One after another: a thousand small files at once take more than twice the processor time, and memory for
// all of them.
async function writeTree(
  folder: string,
  files: readonly (OutputFile | TextFile | CopiedFile)[],
): Promise<number> {
  await rm(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const path of foldersOf(files)) mkdirSync(join(folder, path));
  return files.reduce((sum, file) => sum + writeOutput(folder, file), 0);
}

/** Every folder that the files are in, each after the one that it is in itself. */
function foldersOf(files: readonly { readonly path: string }[]): readonly string[] {
  const folders = new Set(["."]);
  for (const { path } of files) {
    for (let at = dirname(path); !folders.has(at); at = dirname(at)) folders.add(at);
  }
  folders.delete(".");
  return [...folders].sort();
}

/** Removes what a killed build left beside the site: its process number is in the name. */
async function sweepLeftovers(target: string): Promise<void> {
  const parent = dirname(target);
  const stem = basename(target);
  for (const name of await namesIn(parent)) {
    if (!name.startsWith(stem)) continue;
    const pid = /^\.(?:tmp|old)-(\d+)$/.exec(name.slice(stem.length))?.[1];
    if (pid !== undefined && !isRunning(Number(pid))) {
      await rm(join(parent, name), { recursive: true, force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}

async function moved(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return false;
    throw error;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

function isInside(inner: string, outer: string): boolean {
  return `${inner}${sep}`.startsWith(outer.endsWith(sep) ? outer : `${outer}${sep}`);
}
