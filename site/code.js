// The site's programs are TypeScript, and Node 20 runs none. A loader that translates each file as it is
// imported would also stand in the way of Eleventy's own modules, half a second each time; so all of it is
// translated at once, below .cache/, and again only when some of it has changed.
import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { basename, join, relative, resolve, sep } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const SOURCES = "site";
const KEPT = ".cache/code";

/** Folders of the last translations that stay: another build may be running them. */
const MOST_KEPT = 5;

/** What openCode gives: looked for once, as that means to list and to read all of the sources. */
let opened;

/** The site's code as this run began with it: translated when this very module is. */
export function openCode() {
  opened ??= Promise.resolve(codeIn(isTranslated() ? ownFolder() : undefined));
  return opened;
}

/** From now on openCode gives the code as it is on disk at this moment, or rejects when that is broken. */
export function reopenCode() {
  if (!isTranslated()) return;
  opened = translatedFolder().then(codeIn);
  // For those who ask.
  opened.catch(() => {});
}

function codeIn(folder) {
  const pathOf = (file) => (folder === undefined ? file : translationOf(file, folder));
  return {
    pathOf,
    load: (file) => import(pathToFileURL(resolve(pathOf(file))).href),
  };
}

/** The path of a program's translation, made when there is none of the sources as they are. */
export async function translated(file) {
  return translationOf(file, await translatedFolder());
}

/** Where in the site's sources an error of the translated code arose; undefined where it did not. */
export function placeOf(error) {
  const [, url, number] = THROWN.exec(error?.stack ?? "") ?? [];
  if (url === undefined) return undefined;
  const lines = readFileSync(fileURLToPath(url), "utf8").split("\n");
  const at = Number(number) - 1;
  // The translation names each source above what it has made of it, and keeps the words of a line.
  const source = lines.slice(0, at).findLast((text) => /^\/\/ site\/\S+\.ts$/.test(text));
  if (source === undefined) return undefined;
  const file = source.slice("// ".length);
  const words = lines[at]?.trim();
  const line = readFileSync(file, "utf8")
    .split("\n")
    .findIndex((text) => text.trim() === words);
  return line < 0 ? { file } : { file, line: line + 1 };
}

const THROWN = /(file:\S+\/\.cache\/code\/\S+\.mjs):(\d+):\d+/;

async function translatedFolder() {
  const sources = listSources();
  const folder = join(KEPT, digestOf(sources));
  if (!existsSync(folder)) await translate(sources, folder);
  return folder;
}

function translationOf(file, folder) {
  return join(folder, relative(SOURCES, file)).replace(/\.ts$/, ".mjs");
}

function isTranslated() {
  return fileURLToPath(import.meta.url).startsWith(resolve(KEPT));
}

function ownFolder() {
  const [digest] = relative(resolve(KEPT), fileURLToPath(import.meta.url)).split(sep);
  return join(KEPT, digest);
}

function listSources() {
  return (
    readdirSync(SOURCES, { recursive: true, encoding: "utf8" })
      .map((path) => join(SOURCES, path))
      .filter((path) => /(?<!\.client|\.d)\.ts$|\.js$/.test(path) && !path.includes("/assets/"))
      // An editor's link to nowhere, while a file is not saved.
      .filter((path) => !basename(path).startsWith(".#"))
      .sort()
  );
}

function digestOf(sources) {
  const hash = createHash("sha256").update(process.version);
  for (const path of sources) hash.update(`${path}\0`).update(readFileSync(path)).update("\0");
  return hash.digest("hex").slice(0, 32);
}

async function translate(sources, folder) {
  const { build } = await import("esbuild");
  const next = `${folder}.tmp-${process.pid}`;
  // Here and not by esbuild, whose error would not say why it cannot be.
  mkdirSync(next, { recursive: true });
  try {
    await build({
      entryPoints: sources.filter(isEntry),
      outdir: next,
      outbase: SOURCES,
      outExtension: { ".js": ".mjs" },
      bundle: true,
      splitting: true,
      format: "esm",
      platform: "node",
      target: "node20.19",
      plugins: [{ name: "packages", setup: keepOutside }],
      logLevel: "silent",
    });
    removeOld();
    renameSync(next, folder);
  } catch (error) {
    rmSync(next, { recursive: true, force: true });
    // Another build was quicker, with the same sources.
    if (!existsSync(folder)) throw error;
  }
}

/**
 * Packages stay where they are, but for those that are a hundred files of which we use a few: reading them takes
 * longer than what they do for us.
 */
function keepOutside(build) {
  build.onResolve({ filter: /^[^./]/ }, ({ path, kind, importer }) => {
    if (kind === "entry-point" || path === "zod" || importer.includes("/node_modules/zod/")) return;
    return { path, external: true };
  });
}

/** What is imported by its path: programs, Eleventy's configuration, and files of data. */
function isEntry(path) {
  const [, name, below] = path.split("/");
  if (below === undefined) return path.endsWith(".ts");
  return name === "_data" || path.endsWith(".11tydata.ts");
}

function removeOld() {
  const folders = readdirSync(KEPT)
    .map((name) => join(KEPT, name))
    .filter((path) => !path.includes(".tmp-"))
    .sort((a, b) => statSync(b).mtimeMs - statSync(a).mtimeMs);
  for (const path of folders.slice(MOST_KEPT - 1)) rmSync(path, { recursive: true, force: true });
}
