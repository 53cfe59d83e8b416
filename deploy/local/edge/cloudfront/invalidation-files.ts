import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile, syncFolder } from "../storage/durable-files.ts";
import type { Invalidation } from "./invalidations.ts";

/** Invalidations on disk, each in a file of its own, so that recording one rewrites no other. */
export interface InvalidationFiles {
  /** Durable when it resolves; a crash before leaves the earlier record or none. */
  save(invalidation: Invalidation): Promise<void>;
  remove(id: string): Promise<void>;
}

const SUFFIX = ".json";

/** Opens the folder, creating it if need be. */
export async function openInvalidationFiles(
  folder: string,
): Promise<{ readonly files: InvalidationFiles; readonly saved: readonly Invalidation[] }> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const saved = await Promise.all(names.map((name) => readRecord(join(folder, name))));
  const fileOf = (id: string) => join(folder, id + SUFFIX);
  return {
    saved,
    files: {
      async save(invalidation) {
        await replaceFile(fileOf(invalidation.id), [JSON.stringify(invalidation)], "disk");
        await syncFolder(folder, "disk");
      },
      remove: (id) => rm(fileOf(id), { force: true }),
    },
  };
}

/** Only this program writes here, and every write is whole: what cannot be read is a fault. */
async function readRecord(path: string): Promise<Invalidation> {
  return JSON.parse(await readFile(path, "utf8")) as Invalidation;
}
