import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { dirname, join, posix } from "node:path";
import pLimit from "p-limit";
import { type Address, readAddress, suggest } from "./addresses.ts";
import {
  FORMATS,
  type ImageFacts,
  MOST_SOURCE_BYTES,
  type Refusal,
  refused,
  sizeText,
} from "./facts.ts";
import type { ImageLookup } from "./found.ts";
import { inspectImage } from "./inspect.ts";
import { type Encoder, planImage, type SiteImage } from "./variants.ts";

/** The images of the site, ready for synchronous questions. */
export type ImageLibrary = {
  readonly find: ImageLookup;
  /** Every image that was found since the library was opened, and where it was named. */
  used(): readonly UsedImage[];
  /** How many files had to be read and looked into: none when nothing changed. */
  readonly inspected: number;
};

export type UsedImage = {
  /** The source file. */
  readonly path: string;
  readonly image: SiteImage;
  readonly uses: readonly { readonly file: string; readonly address: string }[];
};

/** Where authors keep images, seen from the project's root: next to the text, or for all. */
const FOLDERS = ["site/content", "site/assets/images"];

/** Raise it when `inspect.ts` comes to other conclusions. */
const INSPECTION = 2;

/** Bounds the memory: as many files as this are held at once. */
const AT_ONCE = 4;

/** What is remembered of a file, as long as nobody writes to it. */
type Entry = {
  readonly stamp: readonly [size: number, changedMs: number, inode: number];
  readonly digest: string;
  readonly facts: ImageFacts | Refusal;
};

type Memory = Readonly<Record<string, Entry | undefined>>;

/**
 * Looks for images and into those that are new or changed; what is known of the others comes from
 * `memoryFile`. A file that cannot be used is no error until somebody names it.
 */
export async function openImageLibrary(
  encoder: Encoder,
  memoryFile: string,
): Promise<ImageLibrary> {
  const memory = readMemory(memoryFile);
  const limit = pLimit(AT_ONCE);
  let inspected = 0;
  const paths = (await Promise.all(FOLDERS.map(listImages))).flat().sort();
  const read = await Promise.all(
    paths.map((path) =>
      limit(async (): Promise<readonly [string, Entry]> => {
        const stamp = stampOf(path);
        const known = memory[path];
        if (known && sameStamp(known.stamp, stamp)) return [path, known];
        inspected += 1;
        return [path, await readEntry(path, stamp)];
      }),
    ),
  );
  const entries = new Map(read);
  if (inspected > 0 || Object.keys(memory).length !== entries.size) {
    writeMemory(memoryFile, Object.fromEntries(entries));
  }
  return { inspected, ...lookup(entries, encoder) };
}

function lookup(
  entries: ReadonlyMap<string, Entry>,
  encoder: Encoder,
): Pick<ImageLibrary, "find" | "used"> {
  const images = new Map<string, SiteImage>();
  const uses = new Map<string, Map<string, { file: string; address: string }>>();

  function planned(path: string, { digest, facts }: Entry): SiteImage | Refusal {
    if (facts.kind === "refused") return facts;
    const known = images.get(path);
    if (known) return known;
    const image = planImage({ name: posix.basename(path), digest, facts }, encoder);
    images.set(path, image);
    return image;
  }

  return {
    find(file, address) {
      const meant = readAddress(file, address);
      if (meant.kind !== "candidates") return meant;
      const path = meant.paths.find((candidate) => entries.has(candidate));
      const entry = path === undefined ? undefined : entries.get(path);
      if (path === undefined || entry === undefined) return missing(meant, [...entries.keys()]);
      const image = planned(path, entry);
      if ("kind" in image) return image;
      const places = uses.get(path) ?? new Map();
      uses.set(path, places.set(`${file}\n${address}`, { file, address }));
      return { kind: "image", image };
    },
    used: () =>
      [...uses].flatMap(([path, places]) => {
        const image = images.get(path);
        return image ? [{ path, image, uses: [...places.values()] }] : [];
      }),
  };
}

function missing({ paths }: Exclude<Address, Refusal>, known: readonly string[]): Refusal {
  const near = suggest(paths, known);
  return refused(
    `is not there: no ${paths.join(", no ")}`,
    near === undefined
      ? "Put the image beside the article, or correct the name."
      : `Did you mean ${near}?`,
  );
}

async function listImages(folder: string): Promise<readonly string[]> {
  try {
    const found = await readdir(folder, { recursive: true, withFileTypes: true });
    return found
      .filter((entry) => entry.isFile() && extensionOf(entry.name) in FORMATS)
      .map((entry) => join(entry.parentPath, entry.name).replaceAll("\\", "/"));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}

async function readEntry(path: string, stamp: Entry["stamp"]): Promise<Entry> {
  const [size] = stamp;
  if (size > MOST_SOURCE_BYTES) {
    const message = `weighs ${sizeText(size)}, more than ${sizeText(MOST_SOURCE_BYTES)}`;
    const facts = refused(message, "Save it smaller: 2,600 pixels of width are plenty.");
    return { stamp, digest: "", facts };
  }
  const bytes = await readFile(path);
  return {
    stamp,
    digest: createHash("sha256").update(bytes).digest("hex"),
    facts: await inspectImage(bytes, extensionOf(path)),
  };
}

function extensionOf(name: string): string {
  return posix.extname(name).toLowerCase();
}

// The time of change cannot be set by a program, unlike the time of modification.
function stampOf(path: string): Entry["stamp"] {
  const { size, ctimeMs, ino } = statSync(path);
  return [size, ctimeMs, ino];
}

function sameStamp(a: Entry["stamp"], b: Entry["stamp"]): boolean {
  return a[0] === b[0] && a[1] === b[1] && a[2] === b[2];
}

/** A memory that is damaged, or of another version, is none. */
function readMemory(path: string): Memory {
  try {
    const { version, entries } = JSON.parse(readFileSync(path, "utf8"));
    return version === INSPECTION ? entries : {};
  } catch {
    return {};
  }
}

function writeMemory(path: string, entries: Memory): void {
  mkdirSync(dirname(path), { recursive: true });
  const unfinished = `${path}.tmp-${process.pid}`;
  writeFileSync(unfinished, JSON.stringify({ version: INSPECTION, entries }));
  renameSync(unfinished, path);
}
