import { type Dirent, existsSync } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { SlipwayError } from "../core/errors.ts";
import { findKeyProblem, type KeyProblem } from "../core/keys.ts";

/** What operating systems drop into folders; never part of a site. */
const JUNK = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** Files at the site's root that speak to the deploy (design.md section 3), not to visitors. */
const CONTROL_FILES = new Set(["_headers", "_redirects"]);

/**
 * The names of all files below the folder, each with slashes and good for a key. Throws a SlipwayError
 * when there is no such folder, and when anything in it cannot be published; it names all of that.
 */
export async function listSite(base: string, folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const bad: string[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await entriesOf(path.join(base, below), below || folder)) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      const problem = findProblem(entry, base, name);
      if (problem !== undefined) bad.push(`${JSON.stringify(name)} ${problem}`);
      else if (entry.isDirectory()) await visit(name);
      else if (isOfSite(name)) files.push(name);
    }
  };
  await assureFolder(base, folder);
  await visit("");
  if (bad.length > 0) throw unpublishable(bad, folder);
  return files;
}

function isOfSite(name: string): boolean {
  return !JUNK.has(path.basename(name)) && !CONTROL_FILES.has(name);
}

async function assureFolder(base: string, folder: string): Promise<void> {
  const found = await stat(base).catch((error: unknown) => {
    if (codeOf(error) === "ENOENT") return undefined;
    throw unreadable(folder, error);
  });
  if (found?.isDirectory()) return;
  const why = found === undefined ? "the folder is not there" : "it is a file";
  const next = "Build the site first (slipway build), or check site.output in slipway.config.ts.";
  throw new SlipwayError("config", { what: `There is no site in ${folder}`, why, next });
}

async function entriesOf(directory: string, name: string) {
  try {
    return await readdir(directory, { withFileTypes: true });
  } catch (cause) {
    throw unreadable(name, cause);
  }
}

const PROBLEMS: Readonly<Record<KeyProblem, string>> = {
  empty: "has no name",
  "leading-slash": "starts with a slash",
  "dot-segment": "has a . or .. segment, which browsers fold away",
  "empty-segment": "has an empty segment, which browsers cannot ask for",
  "control-character": "has a control character",
  backslash: "has a backslash, which browsers turn into a slash",
  "not-utf-8": "is not UTF-8",
  "not-nfc": "is not in Unicode's composed form (NFC), so no link will match it",
  "too-long": "is over 1,024 bytes, the most that S3 takes",
  reserved: "is below .slipway/, where Slipway keeps its own state",
};

/** What keeps an entry from being published, as the end of a sentence; a folder is judged by what it holds. */
function findProblem(entry: Dirent, base: string, name: string): string | undefined {
  if (isMisread(base, name)) return PROBLEMS["not-utf-8"];
  if (entry.isDirectory()) return undefined;
  if (entry.isSymbolicLink()) return "is a link, and may point outside the site";
  if (!entry.isFile()) return "is neither a file nor a folder";
  const problem = findKeyProblem(name);
  return problem && PROBLEMS[problem];
}

/** Node reads a name that is not UTF-8 with this sign in the place of what it cannot decode. */
const UNDECODED = "\ufffd";

function isMisread(base: string, name: string): boolean {
  return name.includes(UNDECODED) && !existsSync(path.join(base, name));
}

function unpublishable(entries: readonly string[], folder: string): SlipwayError {
  return new SlipwayError("refused", {
    what: `${folder} has what cannot be published`,
    why: some(entries),
    next: "Rename it, put a copy in the place of a link, or keep it out of the build's output.",
  });
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, 5).join("; ");
  return items.length > 5 ? `${shown}; and ${items.length - 5} more` : shown;
}

/** What a file or folder of the site is told to be that gives an error of the system. */
export function unreadable(name: string, cause: unknown): SlipwayError {
  return new SlipwayError(
    "config",
    {
      what: `${name} cannot be read`,
      why: cause instanceof Error ? cause.message : String(cause),
      next: "Check its permissions, and that no build is running.",
    },
    { cause },
  );
}

/** The system's own name for an error: ENOENT. */
export function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
