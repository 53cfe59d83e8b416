import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { runsSlow } from "../support/slow-tests.ts";
import { createScratchSite, readTree, type ScratchSite } from "./scratch-site.ts";

const UNCHANGED = "Nothing has changed since the last build: its files are used again";
const slow = runsSlow("building again after each thing that can change");
const ARTICLE = "site/content/blog/2026-01-05-first.md";

describe("Building again", () => {
  let site: ScratchSite;
  let first: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    site = await createScratchSite({ cache: "own" });
    await site.write("site/_data/asked.ts", "export default { word: process.env.WORD ?? 'none' };");
    await site.build();
    first = await readTree(join(site.folder, "_site"));
  });
  afterAll(() => site.remove());

  const output = () => readTree(join(site.folder, "_site"));

  test("uses the files of the last build when nothing has changed, and says so", async () => {
    await rm(join(site.folder, "_site"), { recursive: true });
    const run = await site.build({ args: ["--report", "report.json"] });
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toMatch(/^Built 28 pages \(\d+ files, \d+ kB\) in \d+\.\d s\n/);
    expect(run.out).toContain(`${UNCHANGED}\n`);
    expect(run.out).toContain("Left out: site/content/blog/2026-03-02-unfinished.md (draft)\n");
    expect(await output()).toEqual(first);
    expect(JSON.parse(await site.read("report.json"))).toMatchObject({ pages: 28 });
  });

  test.runIf(slow).each([
    ["the day", { env: { SITE_NOW: "2026-03-16" } }],
    ["what a file of data finds in the environment", { env: { WORD: "other" } }],
    ["--force", { args: ["--force"] }],
  ])("builds it all with another thing: %s", async (_, options) => {
    const run = await site.build(options);
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).not.toContain(UNCHANGED);
    expect(await output()).toEqual(first);
  });

  test("builds it all after a change, and again after its undoing", async () => {
    const text = await site.read(ARTICLE);
    await site.write(ARTICLE, `${text}\nMore.\n`);
    await site.build();
    expect(String((await output()).get("blog/first/index.html"))).toContain("More.");
    await site.write(ARTICLE, text);
    expect((await site.build()).out).not.toContain(UNCHANGED);
    expect(await output()).toEqual(first);
    expect((await site.build()).out).toContain(UNCHANGED);
  });

  test.runIf(slow)("never relies on data that is a function", async () => {
    await site.write("site/_data/asked.ts", "export default () => ({ word: Math.random() });");
    await site.build();
    expect((await site.build()).out).not.toContain(UNCHANGED);
  });
});

test("A place where nothing can be kept is named, and nothing else is told", async () => {
  const site = await createScratchSite({ posts: "none", cache: "own" });
  try {
    await site.write(".cache", "");
    const fix = "Make it one: finished pictures lie in it until the site is published.";
    expect(await site.build()).toEqual({
      code: 1,
      out: "",
      err: `The site was not built: 1 problem.\n  .cache: is no folder that can be written to (EEXIST). ${fix}\n`,
    });
  } finally {
    await site.remove();
  }
});
