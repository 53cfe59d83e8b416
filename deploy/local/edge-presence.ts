import { readFileSync } from "node:fs";
import { rename, rm, writeFile } from "node:fs/promises";
import path from "node:path";
import { z } from "zod";
import { isAlive } from "./machine.ts";

/** Where the running local edge is, and the keys to it: how a deploy in another terminal finds it. */
const schema = z.object({
  pid: z.int().positive(),
  viewerUrl: z.url(),
  apiUrl: z.url(),
  region: z.string(),
  bucket: z.string(),
  distribution: z.string(),
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
});

export type EdgePresence = z.output<typeof schema>;

/** Where the edge of a project keeps its buckets, below the project's root; git ignores it. */
export function edgeDirectory(root: string): string {
  return path.join(root, ".slipway", "edge");
}

const fileIn = (directory: string) => path.join(directory, "running.json");

/** Tells other processes of this user about the edge; readable by nobody else, for it holds the keys. */
export async function announceEdge(directory: string, presence: EdgePresence): Promise<void> {
  const temporary = `${fileIn(directory)}.${presence.pid}`;
  await writeFile(temporary, JSON.stringify(presence, null, 2), { mode: 0o600 });
  await rename(temporary, fileIn(directory));
}

/** The edge that runs in this folder; undefined when none does, or when its process is gone. */
export function findEdge(directory: string): EdgePresence | undefined {
  try {
    const presence = schema.parse(JSON.parse(readFileSync(fileIn(directory), "utf8")));
    return isAlive(presence.pid) ? presence : undefined;
  } catch {
    // No file, or one that was cut short by a crash: either way nobody is announced.
    return undefined;
  }
}

export async function withdrawEdge(directory: string): Promise<void> {
  await rm(fileIn(directory), { force: true });
}
