import { createHash, type Hash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { serialize } from "node:v8";
import { openCode } from "../code.js";
import { dayOf } from "./dates.ts";
import { isLeftBehind } from "./left-behind.ts";
import { pipelineVersion } from "./pipeline-version.ts";

const SOURCES = "site";
const DATA = "site/_data";

/** What tools read beside the sources. */
const PROJECT_FILES = ["package.json", "tsconfig.json"];

/** Larger files are told apart by their size, time of change and number: reading them takes longer than building. */
const MOST_READ = 1_000_000;

/** What a build is asked for. A site changes with the day, not within it. */
export type Wanted = { readonly mode: "build" | "preview"; readonly now: Date };

/**
 * A digest of everything that decides the bytes of a site: each file of `site/`, what its files of data say
 * when they are run (they may ask the environment or a service), the packages, Node, the mode and the day.
 * Undefined when that cannot be known: data that is a function, or a folder that is a link.
 */
export async function inputsDigest({ mode, now }: Wanted): Promise<string | undefined> {
  const hash = createHash("sha256").update(`${mode}\n${dayOf(now)}\n${pipelineVersion()}\n`);
  for (const path of PROJECT_FILES) addFile(hash, path);
  const entries = readdirSync(SOURCES, { recursive: true, withFileTypes: true }).filter(
    ({ name }) => !isLeftBehind(name),
  );
  if (entries.some((entry) => !entry.isFile() && !entry.isDirectory())) return undefined;
  const files = entries.filter((entry) => entry.isFile());
  for (const path of files.map((file) => join(file.parentPath, file.name)).sort()) {
    addFile(hash, path);
  }
  try {
    for (const value of await dataValues()) hash.update(serialize(value));
  } catch {
    // A file of data that fails is for the build to tell.
    return undefined;
  }
  return hash.digest("hex");
}

function addFile(hash: Hash, path: string): void {
  const found = statSync(path, { throwIfNoEntry: false });
  hash.update(`${path}\0${found?.size ?? "none"}\0`);
  if (!found) return;
  if (found.size > MOST_READ) hash.update(`${found.ctimeMs}\0${found.ino}\0`);
  else hash.update(readFileSync(path));
}

async function dataValues(): Promise<readonly unknown[]> {
  const code = await openCode();
  const files = readdirSync(DATA).filter((name) => name.endsWith(".ts") && !isLeftBehind(name));
  return Promise.all(files.sort().map(async (name) => (await code.load(join(DATA, name))).default));
}
