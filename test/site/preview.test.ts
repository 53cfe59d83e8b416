import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { previewBuild } from "../../deploy/core/guards/site.ts";
import { PREVIEW_MARK } from "../../site/lib/preview.ts";
import { nextDayOf } from "../../site/lib/schedule.ts";
import type { Withheld } from "../../site/lib/settings.ts";
import { sourceFile } from "../support/builders.ts";
import {
  createScratchSite,
  postText,
  type Run,
  readTree,
  type ScratchSite,
} from "./scratch-site.ts";

const BLOG = "site/content/blog";
const GUIDE = "site/content/inside/style-guide.md";

describe("A preview", () => {
  let site: ScratchSite;
  let run: Run;
  let tree: ReadonlyMap<string, Buffer>;
  const page = (path: string) => tree.get(path)?.toString("utf8") ?? "";

  beforeAll(async () => {
    site = await createScratchSite();
    run = await site.build({ args: ["--drafts"] });
    tree = await readTree(join(site.folder, "_site.preview"));
  });
  afterAll(() => site.remove());

  test("goes into a folder of its own, and waits for nothing", async () => {
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toMatch(/^Site: _site\.preview\/$/m);
    expect(run.out).not.toMatch(/Left out|Next/);
    await expect(site.read("_site/index.html")).rejects.toThrow("ENOENT");
  });

  test("shows drafts and later posts with a badge, in lists too", () => {
    expect(page("blog/unfinished/index.html")).toContain('<span class="badge">draft</span>');
    expect(page("blog/later/index.html")).toContain('<span class="badge">scheduled</span>');
    expect(page("blog/index.html").match(/class="badge"/g)).toHaveLength(2);
  });

  test("tells search engines on every page and with every answer to leave it", () => {
    const pages = [...tree.keys()].filter((path) => path.endsWith(".html"));
    expect(pages.length).toBeGreaterThan(15);
    for (const path of pages) {
      expect(page(path), path).toContain('<meta name="robots" content="noindex">');
    }
    expect(page("_headers")).toMatch(/\n\/\*\n {2}X-Robots-Tag: noindex\n/);
  });

  test("carries the mark that a deploy refuses, and a site that is published does not", async () => {
    expect(page(PREVIEW_MARK.path)).toContain("not for publishing");
    const input = (key: string) => ({ source: [sourceFile(key, "")] }) as never;
    expect(previewBuild(input(PREVIEW_MARK.path))).toMatchObject([{ rule: "preview-build" }]);
    expect(previewBuild(input("index.html"))).toEqual([]);
    await site.build();
    const published = await readTree(join(site.folder, "_site"));
    expect([...published.keys()]).not.toContain(PREVIEW_MARK.path);
    expect(published.get("_headers")?.toString()).not.toContain("X-Robots-Tag");
    expect(published.get("index.html")?.toString()).not.toContain("noindex");
  });
});

describe("What waits", () => {
  const wait = (file: string, day: string, status: Withheld["status"] = "scheduled") => ({
    file,
    day,
    status,
  });

  test.each<[string, readonly Withheld[], ReturnType<typeof nextDayOf>]>([
    ["nothing", [], undefined],
    ["drafts only, also with a day to come", [wait("a", "2026-01-01", "draft")], undefined],
    [
      "several days: the nearest, with all of its articles",
      [wait("c", "2026-07-01"), wait("b", "2026-06-01"), wait("a", "2026-06-01")],
      { day: "2026-06-01", files: ["a", "b"] },
    ],
  ])("%s", (_name, withheld, next) => {
    expect(nextDayOf(withheld)).toEqual(next);
  });

  test("is said by the build, in words and for machines", async () => {
    const site = await createScratchSite();
    try {
      const run = await site.build({ args: ["--report", "report.json"] });
      expect(run.out).toContain(`\nNext: 2026-06-01 (${BLOG}/2026-06-01-later.md)\n`);
      expect(JSON.parse(await site.read("report.json"))).toMatchObject({
        version: 1,
        output: "_site",
        today: "2026-03-15",
        next: { day: "2026-06-01", files: [`${BLOG}/2026-06-01-later.md`] },
        withheld: [{ status: "draft" }, { status: "scheduled", day: "2026-06-01" }],
      });
      const later = await site.build({
        env: { SITE_NOW: "2026-06-01", SITE_REPORT: "report.json" },
      });
      expect(later.out).not.toContain("Next:");
      expect(JSON.parse(await site.read("report.json"))).toMatchObject({ next: null });
    } finally {
      await site.remove();
    }
  });
});

describe("The style guide", () => {
  let site: ScratchSite;
  beforeAll(async () => {
    site = await createScratchSite();
  });
  afterAll(() => site.remove());

  test("is made and checked by a build, and left out of what is published", async () => {
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    const tree = await readTree(join(site.folder, "_site"));
    for (const [path, bytes] of tree) {
      expect(path).not.toMatch(/style-guide|sketch/);
      expect(bytes.toString(), path).not.toContain("/style-guide/");
    }
    const guide = await site.read(GUIDE);
    const lines = guide.split("\n").length;
    await site.write(GUIDE, `${guide}\n[nowhere at all](/nowhere/)\n`);
    const run = await site.build();
    expect(run.code).toBe(1);
    expect(run.err).toContain(`  ${GUIDE}:${lines + 1}: the link "/nowhere/": leads to nothing`);
    await site.write(GUIDE, guide);
  });

  test("shares its images with an article, and then they are published", async () => {
    const file = `${BLOG}/2026-01-10-guide.md`;
    await site.write(file, postText({}, "![A sheet of paper](../inside/sketch.svg)"));
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    const paths = [...(await readTree(join(site.folder, "_site"))).keys()];
    expect(paths.filter((path) => path.includes("sketch"))).toHaveLength(1);
    await site.write(file, postText({}, "Text."));
  });

  test("is no page that an article may lead to", async () => {
    const file = `${BLOG}/2026-01-10-guide.md`;
    await site.write(file, postText({}, "See the [style guide](/style-guide/)."));
    const run = await site.build();
    expect(run.err).toContain(
      `  ${file}:8: the link "/style-guide/": leads to a page that is not published. Take the link out.`,
    );
    await site.write(file, postText({}, "Text."));
  });

  test("shows every element of an article with its source", async () => {
    await site.build({ args: ["--drafts"] });
    const page = await site.read("_site.preview/style-guide/index.html");
    for (const element of [
      '<div class="callout callout-warning"',
      '<section class="footnotes"',
      '<figure class="code"',
      '<mark class="code-mark">',
      '<div class="table-scroll"',
      '<li class="task">',
      "<dl>",
      "<blockquote>",
      "<s>",
      "<hr>",
      "<figcaption>A caption, in which <em>emphasis</em>",
    ]) {
      expect(page).toContain(element);
    }
    expect(page.match(/class="example"/g)?.length).toBe(
      page.match(/class="code" data-language="markdown"/g)?.length,
    );
  });
});

test("A link to a content file whose day is wrong names the file that is meant", async () => {
  const site = await createScratchSite();
  try {
    const file = `${BLOG}/2026-01-10-links.md`;
    await site.write(
      file,
      postText(
        {},
        "A [right link](./2026-02-01-second.md#x).\n\nA [wrong day](2026-02-02-second.md).",
      ),
    );
    const run = await site.build();
    expect(run.err).toContain(
      `  ${file}:10: link: names ${BLOG}/2026-02-02-second.md, which is not there. Write ${BLOG}/2026-02-01-second.md.`,
    );
    expect(run.err).toContain(`  ${file}:8: the link "/blog/second/#x": names no id`);
    expect(run.code).toBe(1);
  } finally {
    await site.remove();
  }
});
