import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { replaceFile, syncFolder } from "../storage/durable-files.ts";

/** Records on disk, each in a file of its own, so that keeping one rewrites no other. */
export interface RecordFiles<R extends { readonly id: string }> {
  /** Durable when it resolves; a crash before leaves the earlier record or none. */
  save(record: R): Promise<void>;
  remove(id: string): Promise<void>;
}

const SUFFIX = ".json";

/** Opens the folder, creating it if need be. Ids must be good file names on any disk. */
export async function openRecordFiles<R extends { readonly id: string }>(
  folder: string,
): Promise<{ readonly files: RecordFiles<R>; readonly saved: readonly R[] }> {
  await mkdir(folder, { recursive: true });
  const names = (await readdir(folder)).filter((name) => name.endsWith(SUFFIX));
  const saved = await Promise.all(names.map((name) => readRecord<R>(join(folder, name))));
  const fileOf = (id: string) => join(folder, id + SUFFIX);
  return {
    saved,
    files: {
      async save(record) {
        await replaceFile(fileOf(record.id), [JSON.stringify(record)], "disk");
        await syncFolder(folder, "disk");
      },
      remove: (id) => rm(fileOf(id), { force: true }),
    },
  };
}

/** Only this program writes here, and every write is whole: what cannot be read is a fault. */
async function readRecord<R>(path: string): Promise<R> {
  return JSON.parse(await readFile(path, "utf8")) as R;
}
