import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  type AnsweredSite,
  checkPublished,
  lastingUrls,
  PUBLISHED_URLS,
  unrecorded,
  withUrls,
} from "../../site/lib/checks/published-urls.ts";
import { readRedirectRules } from "../../site/lib/redirect-rules.ts";
import { createScratchSite, postText, type ScratchSite } from "./scratch-site.ts";

const site: AnsweredSite = {
  list: "",
  addresses: ["/", "/about/", "/blog/straße/", "/feed.xml"],
  rules: readRedirectRules(
    "_redirects",
    "/moved /about/\n/old/* /:splat\n/shown /about/ 200\n/gone 410\n/find topic=:topic /about/ 302",
  ),
  missing: new Map([["/blog/broken/", null]]),
  isPartial: false,
};

describe("An address that was published", () => {
  test.each([
    ["is a page", "/about/"],
    ["is a page, without its slash", "/about"],
    ["is a page, in another spelling", "/blog/stra%C3%9Fe/"],
    ["is a file", "/feed.xml"],
    ["is redirected", "/moved/"],
    ["is redirected with its folder", "/old/one/two/"],
    ["shows another page", "/shown/"],
    ["is said to be gone", "/gone"],
    ["is a page that has another mistake", "/blog/broken/"],
  ])("may stay as it is when it %s", (_what, list) => {
    expect(checkPublished({ ...site, list })).toEqual([]);
  });

  test.each([
    ["nothing is there", "/blog/lost/"],
    ["only a part of its folder is there", "/about/us/"],
    ["a rule answers under a condition alone", "/find"],
  ])("is refused when %s", (_what, url) => {
    expect(checkPublished({ ...site, list: `# List\n\n${url}\n` })).toMatchObject([
      { file: PUBLISHED_URLS, line: 3, field: `"${url}"` },
    ]);
  });

  test("is not missed on lists while the articles on them could not be read", () => {
    const list = "/tags/baking/\n/blog/lost/\n";
    expect(checkPublished({ ...site, list, isPartial: true })).toMatchObject([{ line: 2 }]);
    expect(checkPublished({ ...site, list })).toHaveLength(2);
  });
});

test("Addresses that change by themselves are not recorded", () => {
  const lasting = ["/", "/blog/", "/blog/2024-in-review/", "/feed.xml", "/prices.pdf"];
  const passing = [
    "/blog/2/",
    "/tags/a/13/",
    "/assets/a.0123456789.js",
    "/404.html",
    "/robots.txt",
  ];
  expect(lastingUrls([...passing, ...lasting])).toEqual(lasting);
});

test("Recording keeps what is there, in order and once, and again changes nothing", () => {
  const first = withUrls("/b/\n/gone/\n", ["/a/", "/b/"]);
  expect(first.split("\n").slice(2)).toEqual(["/a/", "/b/", "/gone/", ""]);
  expect(withUrls(first, ["/a/", "/b/"])).toBe(first);
  expect(unrecorded(first, ["/a/", "/c/"])).toEqual(["/c/"]);
});

describe("A site whose addresses are recorded", () => {
  let scratch: ScratchSite;
  const article = "site/content/blog/2026-01-10-an-article.md";

  beforeAll(async () => {
    scratch = await createScratchSite({ posts: "none" });
    await scratch.write(article, postText({}));
  });
  afterAll(() => scratch.remove());

  test("says nothing of a list before there is one", async () => {
    expect((await scratch.build()).out).not.toContain(PUBLISHED_URLS);
  });

  test("records them when it is told to, and then has nothing to say", async () => {
    const run = await scratch.build({ args: ["--record-urls"] });
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toMatch(/^Recorded \d+ addresses in site\/published-urls\.txt;/m);
    expect(await scratch.read(PUBLISHED_URLS)).toContain("\n/blog/an-article/\n");
    expect((await scratch.build()).out).not.toContain(PUBLISHED_URLS);
  });

  test("tells of a new one, and that a draft or a preview has none", async () => {
    const second = { title: "Two", description: "Another one." };
    await scratch.write(
      "site/content/blog/2026-01-11-two.md",
      postText({ ...second, date: "2026-01-11" }),
    );
    const run = await scratch.build();
    expect(run.out).toContain(
      "Not in site/published-urls.txt yet: /blog/two/ (npm run build -- --record-urls adds it)\n",
    );
    expect((await scratch.build({ args: ["--drafts"] })).out).not.toContain(PUBLISHED_URLS);
    const both = await scratch.build({ args: ["--drafts", "--record-urls"] });
    expect(both).toMatchObject({ code: 1, err: expect.stringContaining("--record-urls is for") });
  });

  test("is not built without one of them, until a rule answers there", async () => {
    await rm(join(scratch.folder, article));
    const run = await scratch.build();
    expect(run.code).toBe(1);
    expect(run.err).toContain('"/blog/an-article/": was published, and nothing answers there now.');
    const rules = await scratch.read("site/rules/_redirects");
    await scratch.write("site/rules/_redirects", `/blog/an-article  /blog/two/\n${rules}`);
    expect(await scratch.build()).toMatchObject({ code: 0, err: "" });
  });
});
