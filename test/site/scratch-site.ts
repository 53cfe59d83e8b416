import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { leaveSiteCache, takeSiteCache } from "../support/shared-site-cache.ts";

/** A project of its own in a temporary folder: our site's code with the fixture's content and people. */
export type ScratchSite = {
  readonly folder: string;
  write(path: string, content: string | Uint8Array): Promise<void>;
  read(path: string): Promise<string>;
  build(options?: BuildOptions): Promise<Run>;
  remove(): Promise<void>;
};

export type BuildOptions = {
  readonly output?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** More of the command line. */
  readonly args?: readonly string[];
};

export type Run = { readonly code: number | null; readonly out: string; readonly err: string };

const ROOT = resolve(import.meta.dirname, "../..");
const FIXTURE = join(ROOT, "test/fixtures/site-content");
/** Who writes, and what articles may name, by the file of data: another company's site has others. */
const FIXTURE_DATA = join(ROOT, "test/fixtures/site-data.json");
const TODAY = "2026-03-15";

export type ScratchOptions = {
  /** The fixture's posts are all there unless an empty blog is asked for. */
  readonly posts?: "fixture" | "none";
  /** Any tag may be used unless the site's own list is asked for. */
  readonly tags?: "any" | "known";
  /** Builds begin with what other tests' builds have kept unless the site shall have a cache of its own. */
  readonly cache?: "shared" | "own";
};

export async function createScratchSite({
  posts = "fixture",
  tags = "any",
  cache = "shared",
}: ScratchOptions = {}): Promise<ScratchSite> {
  const folder = await mkdtemp(join(tmpdir(), "site-test-"));
  // Our own articles, and the list of the addresses that they have been published at.
  const isWritten = /\/site\/(content\/(blog\/.*|about|services)\.md|published-urls\.txt)$/;
  await cp(join(ROOT, "site"), join(folder, "site"), {
    recursive: true,
    filter: (source) => !isWritten.test(source),
  });
  await cp(FIXTURE, join(folder, "site/content"), {
    recursive: true,
    filter: (source) => posts === "fixture" || !source.includes("/blog/"),
  });
  const data: object = JSON.parse(await readFile(FIXTURE_DATA, "utf8"));
  for (const [name, value] of Object.entries(data)) {
    const file = join(folder, `site/_data/${name}.ts`);
    await writeFile(file, `export default ${JSON.stringify(value, null, 2)};\n`);
  }
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  if (tags === "any")
    await writeFile(join(folder, "site/_data/allTags.ts"), "export default [];\n");
  if (cache === "shared") await takeSiteCache("fixture", folder);
  return {
    folder,
    write: async (path, content) => {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    },
    read: (path) => readFile(join(folder, path), "utf8"),
    build: ({ output, env = {}, args = [] } = {}) =>
      runBuild(folder, [...args, ...(output === undefined ? [] : ["--output", output])], {
        SITE_NOW: TODAY,
        ...env,
      }),
    async remove() {
      if (cache === "shared") await leaveSiteCache("fixture", folder);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Runs the build program in a folder, as a person would. */
export function runBuild(
  folder: string,
  args: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<Run> {
  return finished(
    spawn(process.execPath, ["site/start.js", "build", ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

/** Every file below a folder with its bytes, by its path there. */
export async function readTree(folder: string): Promise<ReadonlyMap<string, Buffer>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  return new Map(
    await Promise.all(
      paths.map(async (path) => [path.slice(folder.length + 1), await readFile(path)] as const),
    ),
  );
}

/** A post with the fields given, on top of correct ones. `undefined` leaves a field out. */
export function postText(
  fields: Readonly<Record<string, string | undefined>>,
  body = "Text.",
): string {
  const all = {
    title: "A post",
    description: "A post for one test.",
    date: "2026-01-10",
    tags: "[testing]",
    author: "mira",
    ...fields,
  };
  const lines = Object.entries(all).flatMap(([key, value]) =>
    value === undefined ? [] : [`${key}: ${value}`],
  );
  return `---\n${lines.join("\n")}\n---\n${body}\n`;
}

/** What a process said and how it ended. */
export function finished(child: ReturnType<typeof spawn>): Promise<Run> {
  let out = "";
  let err = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    out += chunk;
  });
  child.stderr?.on("data", (chunk: Buffer) => {
    err += chunk;
  });
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("close", (code) => done({ code, out, err }));
  });
}
