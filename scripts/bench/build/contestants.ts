import { appendFile, cp, mkdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { findProgram } from "../contestants.ts";
import type { Command } from "../measured-run.ts";
import { bareEleventySite } from "./bare-eleventy-site.ts";
import { HUGO_SITE } from "./hugo-site.ts";
import { makePost, TAGS, writePosts } from "./posts.ts";

/** A generator of sites, and what it starts with. */
export type Contestant = {
  readonly name: string;
  readonly isHere: () => boolean;
  /** Writes a project with so many articles into an empty folder. */
  prepare(folder: string, posts: number): Promise<void>;
  /** Removes what an earlier run left, as far as this contestant shall start without it. */
  reset(folder: string): Promise<void>;
  command(folder: string): Command;
};

/** All articles are there by then, also those of our own site. */
const NOW = "2030-01-01";

const everywhere = () => true;

type Ours = {
  readonly reset: (folder: string) => Promise<void>;
  readonly args?: readonly string[];
};

function ours(name: string, { reset, args = [] }: Ours): Contestant {
  return {
    name,
    isHere: everywhere,
    prepare: prepareOurs,
    reset,
    command: (folder) => ({
      program: process.execPath,
      args: ["site/start.js", "build", ...args],
      cwd: folder,
      env: { SITE_NOW: NOW },
    }),
  };
}

function bareEleventy(name: string, prePass: "njk" | "false"): Contestant {
  return {
    name,
    isHere: everywhere,
    prepare: (folder, posts) => preparePeer(folder, bareEleventySite(prePass), posts),
    reset: (folder) => removeAll(folder, "_site"),
    command: (folder) => ({
      program: process.execPath,
      args: ["node_modules/@11ty/eleventy/cmd.cjs", "--quiet"],
      cwd: folder,
      env: {},
    }),
  };
}

const hugo: Contestant = {
  name: "Hugo, highlighting",
  isHere: () => findProgram("hugo") !== undefined,
  prepare: (folder, posts) => preparePeer(folder, HUGO_SITE, posts),
  reset: (folder) => removeAll(folder, "public"),
  command: (folder) => ({
    program: "hugo",
    args: ["--quiet", "--cacheDir", join(folder, ".hugo-cache")],
    cwd: folder,
    env: {},
  }),
};

/** Everybody who can take part, in the order of their turns. */
export const CONTESTANTS: readonly Contestant[] = [
  bareEleventy("bare Eleventy", "njk"),
  bareEleventy("bare Eleventy, Markdown not a template", "false"),
  ours("Slipway, nothing kept", { reset: (folder) => removeAll(folder, "_site", ".cache") }),
  ours("Slipway, all rendered again", { reset: async () => {}, args: ["--force"] }),
  ours("Slipway, one article edited", { reset: editPost }),
  ours("Slipway, nothing changed", { reset: (folder) => removeAll(folder, "_site") }),
  hugo,
];

/** Our site as it is, with its own pages and articles, and the generated ones beside them. */
export async function prepareOurs(folder: string, posts: number): Promise<void> {
  await cp(resolve("site"), join(folder, "site"), { recursive: true });
  const file = join(folder, "site/_data/allTags.ts");
  const known = await readFile(file, "utf8");
  await writeFile(file, known.replace("[\n", `[\n${TAGS.map((tag) => `"${tag}",`).join("")}\n`));
  await writePosts(join(folder, "site/content/blog"), posts);
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
}

async function preparePeer(
  folder: string,
  files: Readonly<Record<string, string>>,
  posts: number,
): Promise<void> {
  await mkdir(folder, { recursive: true });
  for (const [path, text] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), text);
  }
  await writePosts(join(folder, "content/blog"), posts);
  await symlink(resolve("node_modules"), join(folder, "node_modules"));
}

/** Another sentence at the end of the first article. */
async function editPost(folder: string): Promise<void> {
  const { name } = makePost(0);
  await appendFile(join(folder, "site/content/blog", name), "\nOne sentence more.\n");
}

async function removeAll(folder: string, ...names: readonly string[]): Promise<void> {
  for (const name of names) await rm(join(folder, name), { recursive: true, force: true });
}
