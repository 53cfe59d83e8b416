import { SlipwayError } from "../../../core/errors.ts";

const EXPLANATIONS: Readonly<Record<string, { readonly why: string; readonly next: string }>> = {
  ENOSPC: {
    why: "the disk is full",
    next: "Free some space and try again; nothing stored is lost.",
  },
  EDQUOT: {
    why: "your disk quota is used up",
    next: "Free some space and try again; nothing stored is lost.",
  },
  EACCES: { why: "permission is denied", next: "Make the folder readable and writable for you." },
  EPERM: { why: "permission is denied", next: "Make the folder readable and writable for you." },
  EROFS: {
    why: "the file system is read-only",
    next: "Choose a folder on a writable file system.",
  },
  ENOTDIR: { why: "part of the path is a file", next: "Choose another folder, or move that file." },
  EMFILE: {
    why: "too many files are open",
    next: "Raise the limit of open files (ulimit -n) and try again.",
  },
};

/** Turns a failure of the file system into one a person can act on; ours are passed on as they are. */
export function explainDiskError(error: unknown, doing: string): SlipwayError {
  if (error instanceof SlipwayError) return error;
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const known = EXPLANATIONS[code];
  return new SlipwayError(
    known === undefined ? "internal" : "config",
    {
      what: `The local edge could not ${doing}`,
      why: known?.why ?? (error instanceof Error ? error.message : String(error)),
      next: known?.next ?? "Run again with --verbose and report the message.",
    },
    { cause: error },
  );
}
