import { statSync } from "node:fs";

/**
 * Tells an untouched file: any write changes it. Not the time of its last change of any kind, as a built site shares
 * files by links, and that time tells of links too.
 */
export type FileStamp = readonly [size: number, modifiedMs: number, inode: number];

/** The stamp of a file; undefined where there is none of that name. */
export function stampOf(path: string): FileStamp | undefined {
  const found = statSync(path, { throwIfNoEntry: false });
  return found?.isFile() ? [found.size, found.mtimeMs, found.ino] : undefined;
}

/** Whether a stamp is the one that was kept, which may be anything: it was read from a file. */
export function isSameStamp(stamp: FileStamp | undefined, kept: unknown): boolean {
  return (
    stamp !== undefined && Array.isArray(kept) && stamp.every((part, index) => part === kept[index])
  );
}
