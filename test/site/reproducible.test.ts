import { cp, mkdtemp, readdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runsSlow } from "../support/slow-tests.ts";
import { readTree, runBuild } from "./scratch-site.ts";

const ROOT = resolve(import.meta.dirname, "../..");
const NOW = "2026-12-01";
const EDITED = "2026-03-10-how-four-people-work-in-the-open.md";

type Tree = ReadonlyMap<string, Buffer>;

/** The real site with all its content, in a folder of its own, its files dated as `time` says. */
async function copyOfSite(time: Date): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "site-test-"));
  await cp(join(ROOT, "site"), join(folder, "site"), { recursive: true });
  await symlink(join(ROOT, "node_modules"), join(folder, "node_modules"));
  await writeFile(join(folder, "package.json"), '{ "type": "module" }\n');
  for (const entry of await readdir(join(folder, "site"), { recursive: true })) {
    await utimes(join(folder, "site", entry), time, time);
  }
  return folder;
}

async function built(
  folder: string,
  env: Readonly<Record<string, string>>,
  args: readonly string[] = [],
): Promise<Tree> {
  const run = await runBuild(folder, args, { SITE_NOW: NOW, ...env });
  expect(run, run.err).toMatchObject({ code: 0 });
  return readTree(join(folder, "_site"));
}

/** The files that are not the same in both, by their paths. */
function differences(one: Tree, two: Tree): readonly string[] {
  const paths = new Set([...one.keys(), ...two.keys()]);
  return [...paths]
    .filter((path) => !one.get(path)?.equals(two.get(path) ?? Buffer.alloc(0)))
    .sort();
}

const runs = runsSlow("six builds of the site that we publish");

describe.skipIf(!runs)("Two builds of the site as we publish it", () => {
  const folders: string[] = [];
  let first: Tree;

  beforeAll(async () => {
    folders.push(await copyOfSite(new Date("2026-11-30T12:00:00Z")));
    folders.push(await copyOfSite(new Date("2001-01-01T00:00:00Z")));
    first = await built(folders[0] ?? "", { TZ: "Pacific/Kiritimati", LANG: "tr_TR.UTF-8" });
  });
  afterAll(() => Promise.all(folders.map((folder) => rm(folder, { recursive: true }))));

  test("give the same bytes in another folder, time zone and language, with other file times", async () => {
    const second = await built(folders[1] ?? "", { TZ: "America/Adak", LANG: "C", LC_ALL: "C" });
    expect(differences(first, second)).toEqual([]);
    expect(second.size).toBeGreaterThan(20);
  });

  test("give the same bytes with what the first one has kept", async () => {
    const [folder = ""] = folders;
    const again = await built(folder, { TZ: "Asia/Kathmandu" }, ["--force"]);
    expect(differences(first, again)).toEqual([]);
    expect(differences(first, await built(folder, {}))).toEqual([]);
  });

  test("differ by a character in one article only where that character is shown", async () => {
    const path = join(folders[0] ?? "", "site/content/blog", EDITED);
    const text = await readFile(path, "utf8");
    await writeFile(path, `${text.trimEnd()}!\n`);
    const changed = differences(first, await built(folders[0] ?? "", {}));
    await writeFile(path, text);
    expect(changed).toEqual(SHOWN_ON);
    expect(differences(first, await built(folders[0] ?? "", {}))).toEqual([]);
  });
});

/** The article itself, and the feeds, which carry the whole text of the newest twenty. */
const SHOWN_ON = ["blog/how-four-people-work-in-the-open/index.html", "feed.json", "feed.xml"];
