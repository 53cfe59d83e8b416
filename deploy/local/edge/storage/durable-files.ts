import { type FileHandle, open, rename, unlink } from "node:fs/promises";

/** How far a write must have got before it counts: "memory" leaves it to the operating system. */
export type Durability = "disk" | "memory";

/** Makes the names in a folder survive a power cut. */
export async function syncFolder(folder: string, durability: Durability): Promise<void> {
  if (durability === "memory") return;
  const handle = await open(folder, "r");
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Makes a file's bytes survive a power cut. */
export async function syncFile(handle: FileHandle, durability: Durability): Promise<void> {
  if (durability === "disk") await handle.datasync();
}

/** Writes all of the bytes; `FileHandle.write` may stop early when the disk fills up. */
export async function writeAll(handle: FileHandle, bytes: Uint8Array): Promise<void> {
  let written = 0;
  while (written < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, written, bytes.length - written);
    written += bytesWritten;
  }
}

/** Puts a file in place whole or not at all, and returns when that is durable. */
export async function replaceFile(
  path: string,
  lines: Iterable<string>,
  durability: Durability,
): Promise<void> {
  const temporary = `${path}.new`;
  const handle = await open(temporary, "w", 0o600);
  try {
    for (const line of lines) await writeAll(handle, Buffer.from(line));
    await syncFile(handle, durability);
  } catch (error) {
    await handle.close();
    await unlink(temporary);
    throw error;
  }
  await handle.close();
  await rename(temporary, path);
}
