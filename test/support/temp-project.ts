import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";
import { leaveSiteCache, takeSiteCache } from "./shared-site-cache.ts";

const CHECKOUT = join(import.meta.dirname, "..", "..");

/** A folder like a checkout of this repository, below the system's temp folder. */
export type TempProject = {
  readonly root: string;
  path(name: string): string;
  read(name: string): Promise<string>;
  /** Writes a file, and the folders that it lies in. */
  write(name: string, content: string | Uint8Array): Promise<void>;
  remove(name: string): Promise<void>;
  /** Every file below a folder, by name, with the SHA-256 of its bytes; empty when there is none. */
  digests(folder: string): Promise<ReadonlyMap<string, string>>;
  dispose(): Promise<void>;
};

/** Whether a file of a built site is for visitors, and not one that speaks to the deploy. */
export function isForVisitors(name: string): boolean {
  return name !== "_headers" && name !== "_redirects";
}

/** The real site, the real config; `deploy/` and the packages are those of this checkout. */
export async function createSiteProject(): Promise<TempProject> {
  const project = await createEmptyProject();
  for (const name of ["site", "slipway.config.ts", "package.json", "tsconfig.json"]) {
    await cp(join(CHECKOUT, name), project.path(name), { recursive: true });
  }
  await takeSiteCache("real", project.root);
  return {
    ...project,
    async dispose() {
      await leaveSiteCache("real", project.root);
      await project.dispose();
    },
  };
}

/** A project with a config and an already built site of a few files. */
export async function createTinyProject(
  files: Readonly<Record<string, string>> = { "index.html": "<h1>Home</h1>" },
  config: string = configText(),
): Promise<TempProject> {
  const project = await createEmptyProject();
  await project.write("package.json", '{ "type": "module" }\n');
  await project.write("slipway.config.ts", config);
  for (const [name, content] of Object.entries(files)) {
    await project.write(join("_site", name), content);
  }
  return project;
}

/** The text of a config file whose environments are `local` and those given. */
export function configText(environments: Readonly<Record<string, object>> = {}): string {
  const config = {
    site: { id: "tiny", build: ["node", "--version"], dev: ["node", "--version"], output: "_site" },
    environments: { local: { kind: "local" }, ...environments },
  };
  return `export default ${JSON.stringify(config, null, 2)};\n`;
}

async function createEmptyProject(): Promise<TempProject> {
  const root = await mkdtemp(join(tmpdir(), "slipway-project-"));
  for (const name of ["deploy", "node_modules"]) {
    await symlink(join(CHECKOUT, name), join(root, name));
  }
  const path = (name: string) => join(root, name);
  return {
    root,
    path,
    read: (name) => readFile(path(name), "utf8"),
    async write(name, content) {
      await mkdir(dirname(path(name)), { recursive: true });
      await writeFile(path(name), content);
    },
    remove: (name) => rm(path(name), { recursive: true }),
    digests: (folder) => digestsBelow(path(folder)),
    dispose: () => rm(root, { recursive: true, force: true }),
  };
}

async function digestsBelow(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true }).catch(() => []);
  const files = entries.filter((entry) => entry.isFile());
  const pairs = files.map(async (entry): Promise<[string, string]> => {
    const file = join(entry.parentPath, entry.name);
    const digest = createHash("sha256")
      .update(await readFile(file))
      .digest("hex");
    return [relative(folder, file), digest];
  });
  return new Map((await Promise.all(pairs)).sort(([a], [b]) => (a < b ? -1 : 1)));
}
