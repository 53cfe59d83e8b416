import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import pLimit from "p-limit";
import { SlipwayError } from "../core/errors.ts";
import {
  canonicalHeaders,
  type HeaderRule,
  headersFor,
  type ObjectHeaders,
} from "../core/headers.ts";
import { type Digest, digest, findKeyProblem, type KeyProblem, objectKey } from "../core/keys.ts";
import type { SourceFile } from "../core/source.ts";
import type { SiteFiles } from "../ports.ts";
import { digestText } from "./digest.ts";
import { type CompiledEdge, compileEdge, type EdgeSettings } from "./site-edge.ts";

export type SiteFilesOptions = {
  /** The project's root; `folder` is relative to it. */
  readonly root: string;
  readonly folder: string;
  readonly rules: readonly HeaderRule[];
  readonly edge: EdgeSettings;
};

/** Files hashed side by side: enough to keep two cores and a disk busy. */
const HASHING = 8;

/** Larger files are hashed as they stream, and never held whole: nobody writes such a page. */
const MOST_HELD_BYTES = 4 * 1024 * 1024;

/** What operating systems drop into folders; never part of a site. */
const JUNK = new Set([".DS_Store", "Thumbs.db", "desktop.ini"]);

/** Files at the site's root that speak to the deploy (design.md section 3), not to visitors. */
const CONTROL_FILES = new Set(["_headers", "_redirects"]);

/** The built site in a folder of this machine. */
export function createSiteFiles({ root, folder, rules, edge }: SiteFilesOptions): SiteFiles {
  const base = path.resolve(root, folder);
  let compiled: CompiledEdge | undefined;
  const compile = async (names: readonly string[]) => {
    compiled = await compileEdge(base, names, edge);
    return compiled;
  };
  return {
    folder,
    async scan() {
      const names = await listFiles(base, folder);
      refuseBadNames(names, folder);
      const limit = pLimit(HASHING);
      const share = createHeaderSets();
      const { storedHeaders } = await compile(names);
      return await Promise.all(
        names.map((name) => limit(() => describe(base, name, { rules, storedHeaders, share }))),
      );
    },
    async edge() {
      return (compiled ?? (await compile(await listFiles(base, folder)))).edge;
    },
    async read(key) {
      return await readFile(path.join(base, key)).catch((error: unknown) => {
        if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
        throw error;
      });
    },
  };
}

async function listFiles(base: string, folder: string): Promise<readonly string[]> {
  const files: string[] = [];
  const strange: string[] = [];
  const visit = async (below: string): Promise<void> => {
    for (const entry of await readdir(path.join(base, below), { withFileTypes: true })) {
      const name = below === "" ? entry.name : `${below}/${entry.name}`;
      if (entry.isDirectory()) await visit(name);
      else if (!entry.isFile()) strange.push(name);
      else if (!JUNK.has(entry.name) && !CONTROL_FILES.has(name)) files.push(name);
    }
  };
  try {
    await visit("");
  } catch (cause) {
    throw unreadableFolder(folder, cause);
  }
  if (strange.length > 0) throw notFiles(strange, folder);
  return files;
}

function unreadableFolder(folder: string, cause: unknown): SlipwayError {
  const missing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  const why = missing ? "the folder is not there" : String(cause);
  const next = "Build the site first (slipway build), or check site.output in slipway.config.ts.";
  return new SlipwayError(
    "config",
    { what: `There is no site in ${folder}`, why, next },
    { cause },
  );
}

function notFiles(names: readonly string[], folder: string): SlipwayError {
  return new SlipwayError("refused", {
    what: `${folder} has entries that are neither files nor folders`,
    why: `${some(names)}: a link may point outside the site`,
    next: "Put a copy of the file in its place.",
  });
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

function refuseBadNames(names: readonly string[], folder: string): void {
  const bad = names.flatMap((name) => {
    const problem = findKeyProblem(name);
    return problem === undefined ? [] : [`${JSON.stringify(name)} ${PROBLEMS[problem]}`];
  });
  if (bad.length === 0) return;
  throw new SlipwayError("refused", {
    what: `${folder} has files whose names cannot be published`,
    why: some(bad),
    next: "Rename them.",
  });
}

function some(items: readonly string[]): string {
  const shown = items.slice(0, 5).join("; ");
  return items.length > 5 ? `${shown}; and ${items.length - 5} more` : shown;
}

type Scanning = {
  readonly rules: readonly HeaderRule[];
  readonly storedHeaders: CompiledEdge["storedHeaders"];
  readonly share: (headers: ObjectHeaders) => HeaderSet;
};

type HeaderSet = { readonly headers: ObjectHeaders; readonly digest: Digest };

/** A site has thousands of files and a handful of header sets: each is kept and digested once. */
function createHeaderSets(): Scanning["share"] {
  const sets = new Map<string, HeaderSet>();
  return (headers) => {
    const canonical = canonicalHeaders(headers);
    const known = sets.get(canonical) ?? { headers, digest: digestText(canonical) };
    sets.set(canonical, known);
    return known;
  };
}

async function describe(
  base: string,
  name: string,
  { rules, storedHeaders, share }: Scanning,
): Promise<SourceFile> {
  const file = path.join(base, name);
  const key = objectKey(name);
  try {
    const { headers, digest: ofHeaders } = share(headersFor(key, rules, storedHeaders(key)));
    const { size, content } = await readContent(file);
    const fingerprint = { content, headers: ofHeaders };
    return { key, size, fingerprint, origin: { kind: "file", path: file, headers } };
  } catch (cause) {
    throw new SlipwayError(
      "config",
      {
        what: `${name} cannot be read`,
        why: cause instanceof Error ? cause.message : String(cause),
        next: "Check its permissions, and that no build is running.",
      },
      { cause },
    );
  }
}

async function readContent(
  file: string,
): Promise<{ readonly size: number; readonly content: Digest }> {
  // A build has just written them: to wait for a thread takes three times as long as to read.
  const { size } = statSync(file);
  if (size > MOST_HELD_BYTES) return { size, content: await digestStream(file) };
  const bytes = readFileSync(file);
  return { size: bytes.length, content: digest(createHash("sha256").update(bytes).digest("hex")) };
}

async function digestStream(file: string): Promise<Digest> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(file, { highWaterMark: 256 * 1024 }), hash);
  return digest(hash.digest("hex"));
}
