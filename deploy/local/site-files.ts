import { createHash } from "node:crypto";
import { createReadStream, readFileSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import path from "node:path";
import { pipeline } from "node:stream/promises";
import pLimit from "p-limit";
import {
  canonicalHeaders,
  type HeaderRule,
  headersFor,
  type ObjectHeaders,
} from "../core/headers.ts";
import { type Digest, digest, objectKey } from "../core/keys.ts";
import type { SourceFile } from "../core/source.ts";
import type { SiteFiles } from "../ports.ts";
import { digestText } from "./digest.ts";
import { type CompiledEdge, compileEdge, type EdgeSettings } from "./site-edge.ts";
import { codeOf, listSite, unreadable } from "./site-tree.ts";

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
      const names = await listSite(base, folder);
      const limit = pLimit(HASHING);
      const share = createHeaderSets();
      const { storedHeaders } = await compile(names);
      return await Promise.all(
        names.map((name) => limit(() => describe(base, name, { rules, storedHeaders, share }))),
      );
    },
    async edge() {
      return (compiled ?? (await compile(await listSite(base, folder)))).edge;
    },
    async read(key) {
      return await readFile(path.join(base, key)).catch((error: unknown) => {
        if (codeOf(error) === "ENOENT") return undefined;
        throw error;
      });
    },
  };
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
    throw unreadable(name, cause);
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
