import { createHash } from "node:crypto";
import { readdir, readFile } from "node:fs/promises";
import { join, posix } from "node:path";
import { build as esbuild } from "esbuild";
import { compilerError } from "./compiler-error.ts";
import { isLeftBehind } from "./left-behind.ts";
import { type Problem, SiteError, sortProblems } from "./problem.ts";
import { compileStylesheet } from "./stylesheet.ts";

/** A file of the finished site: where it goes, with forward slashes, and its bytes. */
export type OutputFile = { readonly path: string; readonly bytes: Uint8Array };

/** A file of the finished site whose text is put together when it is written. Texts of one `id` are the same. */
export type TextFile = { readonly path: string; readonly id: string; readonly text: () => string };

/**
 * A file of the finished site that lies ready elsewhere on the disk, at `from`: it is copied, not read.
 * `shownIn` are the content files that show it, when nothing else does.
 */
export type CopiedFile = {
  readonly path: string;
  readonly from: string;
  readonly size: number;
  readonly shownIn?: readonly string[];
};

/**
 * The built assets: files to write, the address of each one by its plain name, and the stylesheets by
 * theirs: a page carries its style in itself.
 */
export type Assets = {
  readonly files: readonly OutputFile[];
  readonly urls: ReadonlyMap<string, string>;
  readonly styles: ReadonlyMap<string, string>;
};

/** What there is before the first build. */
export const NO_ASSETS: Assets = { files: [], urls: new Map(), styles: new Map() };

const CLIENT_SCRIPT = ".client.ts";
const STATIC_FOLDER = "static";

const SCRIPT_TARGET = ["chrome109", "firefox109", "safari15.6"];

/**
 * Builds everything in the assets folder: each `*.css` at its top becomes the minified text of one
 * stylesheet, each `*.client.ts` one module under `/assets/<name>.<10 hex digits of sha256>.js`. Files
 * in `static/` go to the root of the site as they are. The same sources give the same bytes.
 */
export async function buildAssets(folder: string): Promise<Assets> {
  const names = await namesIn(folder);
  const styles = names.filter((name) => name.endsWith(".css"));
  const scripts = names.filter((name) => name.endsWith(CLIENT_SCRIPT));
  const hashed = await makeAll(scripts, async (name) =>
    hashedFile(name.replace(CLIENT_SCRIPT, ".js"), await buildScript(join(folder, name))),
  );
  const texts = await makeAll(styles, async (name) => compileStylesheet(join(folder, name)));
  const problems = [...hashed.problems, ...texts.problems];
  if (problems.length > 0) throw new SiteError(sortProblems(problems));
  return {
    files: [
      ...hashed.made.map(({ file }) => file),
      ...(await copyStatic(join(folder, STATIC_FOLDER))),
    ],
    urls: new Map(hashed.made.map(({ name, file }) => [name, `/${file.path}`])),
    styles: new Map(styles.map((name, i) => [name, texts.made[i] ?? ""])),
  };
}

/** What was made of all of them, in their order, and what is wrong with those that it was not made of. */
async function makeAll<Made>(names: readonly string[], make: (name: string) => Promise<Made>) {
  const settled = await Promise.allSettled(names.map(make));
  const made: Made[] = [];
  const problems: Problem[] = [];
  for (const one of settled) {
    if (one.status === "fulfilled") made.push(one.value);
    else if (one.reason instanceof SiteError) problems.push(...one.reason.problems);
    else throw one.reason;
  }
  return { made, problems };
}

/**
 * What takes the place of assets that could not be built, so that pages can be rendered and checked all
 * the same: empty scripts and styles under their plain names. Not to be published.
 */
export async function standInAssets(folder: string): Promise<Assets> {
  const names = await namesIn(folder);
  const scripts = names
    .filter((name) => name.endsWith(CLIENT_SCRIPT))
    .map((name) => name.replace(CLIENT_SCRIPT, ".js"));
  const files = scripts.map((name) => ({ path: `assets/${name}`, bytes: new Uint8Array() }));
  return {
    files: [...files, ...(await copyStatic(join(folder, STATIC_FOLDER)))],
    urls: new Map(scripts.map((name) => [name, `/assets/${name}`])),
    styles: new Map(names.filter((name) => name.endsWith(".css")).map((name) => [name, ""])),
  };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  return (await readdir(folder)).filter((name) => !isLeftBehind(name)).sort();
}

/** The address of an asset by its plain name, `register.js`. Throws when there is none of that name. */
export function assetUrl(assets: Assets, name: string): string {
  return named(assets.urls, "asset", name);
}

/** The text of a stylesheet by its plain name, `site.css`. Throws when there is none of that name. */
export function styleText(assets: Assets, name: string): string {
  return named(assets.styles, "stylesheet", name);
}

function named(all: ReadonlyMap<string, string>, what: string, name: string): string {
  const found = all.get(name);
  if (found === undefined) {
    throw new Error(`There is no ${what} "${name}". There are: ${[...all.keys()].join(", ")}.`);
  }
  return found;
}

function hashedFile(name: string, bytes: Uint8Array): { name: string; file: OutputFile } {
  const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
  const { name: stem, ext } = posix.parse(name);
  return { name, file: { path: `assets/${stem}.${digest}${ext}`, bytes } };
}

async function buildScript(path: string): Promise<Uint8Array> {
  try {
    const { outputFiles } = await esbuild({
      entryPoints: [path],
      bundle: true,
      minify: true,
      format: "esm",
      target: SCRIPT_TARGET,
      charset: "utf8",
      legalComments: "none",
      logLevel: "silent",
      write: false,
    });
    return outputFiles[0]?.contents ?? new Uint8Array();
  } catch (error) {
    throw compilerError(error, { file: path, fix: "Mend the script." });
  }
}

async function copyStatic(folder: string): Promise<readonly OutputFile[]> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const paths = entries
    .filter((entry) => entry.isFile() && !isLeftBehind(entry.name))
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .sort();
  return Promise.all(
    paths.map(async (path) => ({
      path: path.replaceAll("\\", "/"),
      bytes: await readFile(join(folder, path)),
    })),
  );
}
