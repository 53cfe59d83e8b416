import { spawn } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScratchSite, finished, type Run, type ScratchSite } from "./scratch-site.ts";

const BLOG = "site/content/blog";

function runNew(folder: string, ...args: readonly string[]): Promise<Run> {
  return finished(
    spawn(process.execPath, ["site/start.js", "new", ...args], {
      cwd: folder,
      env: { ...process.env, NO_COLOR: "1", SITE_NOW: "2026-03-15", SITE_AUTHOR: "" },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

describe("npm run new", () => {
  let site: ScratchSite;
  beforeAll(async () => {
    site = await createScratchSite({ posts: "none" });
  });
  afterAll(() => site.remove());

  test("writes a post of today, and says where it is and where it will be seen", async () => {
    const run = await runNew(site.folder, 'It\'s here: "new"', "--tags", "testing, team");
    const file = `${BLOG}/2026-03-15-its-here-new.md`;
    expect(run).toEqual({
      code: 0,
      err: "",
      out:
        `Wrote ${file} (a draft by Mira Castellan)\n` +
        "npm run dev shows it at http://127.0.0.1:8080/blog/its-here-new/\n",
    });
    expect(await site.read(file)).toContain('title: "It\'s here: \\"new\\""\n');
    expect(await site.read(file)).toContain("tags: [testing, team]\n");
  });

  test("asked twice at once writes once, and refuses the other", async () => {
    const both = await Promise.all([
      runNew(site.folder, "Twins", "--author", "jonas"),
      runNew(site.folder, "Twins", "--author", "teo"),
    ]);
    expect(both.map(({ code }) => code).sort()).toEqual([0, 1]);
    const refused = both.find(({ code }) => code === 1);
    expect(refused?.err).toMatch(/is the address of|is there already, and was left as it is/);
    const names = await readdir(join(site.folder, BLOG));
    expect(names.filter((name) => name.includes("twins"))).toHaveLength(1);
  });

  test("takes a title that begins with a dash after two dashes, and says so otherwise", async () => {
    const refused = await runNew(site.folder, "-5 degrees");
    expect(refused).toMatchObject({ code: 1, out: "" });
    expect(refused.err).toContain('A title that begins with a dash comes last, after "--".');
    expect(await runNew(site.folder, "--slug", "cold", "--", "-5 degrees")).toMatchObject({
      code: 0,
    });
    expect(await site.read(`${BLOG}/2026-03-15-cold.md`)).toContain('title: "-5 degrees"\n');
  });

  test("writes front matter that a build can read, whatever the title is", async () => {
    const titles = ["a: b # c", "- [x] & *y* {z}", "\\ \" ' `", "🚀 up", "null", "2026-01-01"];
    for (const [index, title] of titles.entries()) {
      const run = await runNew(site.folder, "--slug", `odd-${index}`, "--", title);
      expect(run).toMatchObject({ code: 0, err: "" });
    }
    const preview = await site.build({ args: ["--drafts"] });
    expect(preview).toMatchObject({ code: 0 });
    for (const [index, title] of titles.entries()) {
      const page = await site.read(`_site.preview/blog/odd-${index}/index.html`);
      const heading = /<h1>([\s\S]*?)<\/h1>/.exec(page)?.[1] ?? "";
      expect(unescaped(heading)).toBe(title);
    }
  });

  test("without a title, with two, or with a wrong option writes nothing", async () => {
    const before = await readdir(join(site.folder, BLOG));
    const runs = await Promise.all([
      runNew(site.folder),
      runNew(site.folder, "two", "words"),
      runNew(site.folder, "Title", "--tag", "x"),
      runNew(site.folder, "Title", "--date", "tomorrow"),
    ]);
    expect(runs.map(({ code }) => code)).toEqual([1, 1, 1, 1]);
    expect(runs.map(({ err }) => err.split(". ")[0])).toEqual([
      "arguments: title: is missing",
      "arguments: title: is more than one argument: two | words",
      "arguments: options: Unknown option '--tag'",
      "arguments: --date: is no calendar day",
    ]);
    expect(await readdir(join(site.folder, BLOG))).toEqual(before);
  });
});

function unescaped(html: string): string {
  return html
    .replaceAll("&lt;", "<")
    .replaceAll("&gt;", ">")
    .replaceAll("&quot;", '"')
    .replaceAll("&#39;", "'")
    .replaceAll("&#92;", "\\")
    .replaceAll("&#96;", "`")
    .replaceAll("&amp;", "&");
}
