import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createScratchSite,
  postText,
  type Run,
  readTree,
  type ScratchSite,
} from "./scratch-site.ts";

const BLOG = "site/content/blog";
const LONG = "x".repeat(161);

// One wrong post a row: what it is called, what is wrong in it, and the line the author must see.
const wrongPosts: readonly [
  name: string,
  file: string,
  fields: Record<string, string | undefined>,
  line: string,
][] = [
  [
    "a missing title",
    "2026-01-10-no-title.md",
    { title: undefined },
    "title: is missing. Add a title of at most 70 characters.",
  ],
  [
    "a title over 70 characters",
    "2026-01-10-long-title.md",
    { title: "t".repeat(71) },
    "title: has 71 characters. Shorten it to at most 70.",
  ],
  [
    "a description over 160 characters",
    "2026-01-10-long-description.md",
    { description: LONG },
    "description: has 161 characters. Shorten it to at most 160.",
  ],
  [
    "a date that is no date",
    "2026-01-10-soon.md",
    { date: "soon" },
    "date: is no calendar day. Write it as YYYY-MM-DD.",
  ],
  [
    "a day that is not in the calendar",
    "2026-01-10-february.md",
    { date: "2026-02-30" },
    "date: is no calendar day. Write it as YYYY-MM-DD.",
  ],
  [
    "a missing date",
    "2026-01-10-no-date.md",
    { date: undefined },
    "date: is missing. Write a day as YYYY-MM-DD, for example 2026-03-07.",
  ],
  [
    "a date other than that of the file name",
    "2026-01-10-two-dates.md",
    { date: "2026-01-11" },
    "date: says 2026-01-11, but the file name says 2026-01-10. Make them the same day.",
  ],
  [
    "an update before the date",
    "2026-01-10-updated.md",
    { updated: "2026-01-09" },
    "updated: is before the date 2026-01-10. Use a later day.",
  ],
  [
    "an unknown key",
    "2026-01-10-unknown-key.md",
    { descripton: "typo" },
    "descripton: is not a known field. Check its spelling, or remove it.",
  ],
  [
    "an unknown author",
    "2026-01-10-author.md",
    { author: "nobody" },
    'author: names nobody we know: "nobody". Name one of: mira, jonas, adaeze, teo.',
  ],
  [
    "a tag with a capital letter",
    "2026-01-10-tag.md",
    { tags: "[Open Source]" },
    'tags: has the tag "Open Source". Write tags in lower case with dashes.',
  ],
  [
    "five tags",
    "2026-01-10-five-tags.md",
    { tags: "[a, b, c, d, e]" },
    "tags: names more than four tags. Keep the best four.",
  ],
  [
    "a tag that Eleventy keeps for itself",
    "2026-01-10-reserved.md",
    { tags: "[all]" },
    'tags: has the tag "all", which is reserved. Choose another word.',
  ],
  [
    "a draft mark that is neither true nor false",
    "2026-01-10-draft.md",
    { draft: "perhaps" },
    "draft: must be true or false.",
  ],
  [
    "a file name without a day",
    "no-day.md",
    {},
    "file name: is not a day and a lower-case slug. Rename it to YYYY-MM-DD-some-words.md.",
  ],
];

describe("A build with wrong front matter", () => {
  let site: ScratchSite;
  let run: Run;

  beforeAll(async () => {
    site = await createScratchSite();
    for (const [, file, fields] of wrongPosts)
      await site.write(`${BLOG}/${file}`, postText(fields));
    await site.write("site/content/extra.md", "---\ntitle: Extra\nlayout: page.njk\n---\nText.\n");
    run = await site.build();
  });
  afterAll(() => site.remove());

  test.each(wrongPosts)("names file and field for %s", (_name, file, _fields, line) => {
    expect(run.err).toContain(`  ${BLOG}/${file}: ${line}\n`);
  });

  test("holds pages to their own, shorter list of fields", () => {
    expect(run.err).toContain("  site/content/extra.md: layout: is not a known field.");
    expect(run.err).toContain("  site/content/extra.md: description: is missing.");
  });

  test("reports every mistake once, says how many, and fails without a stack trace", () => {
    const lines = run.err.trimEnd().split("\n");
    expect(lines[0]).toBe(`The site was not built: ${wrongPosts.length + 2} problems.`);
    expect(lines).toHaveLength(wrongPosts.length + 3);
    expect(run.err).not.toMatch(/^\s+at /m);
    expect(run.code).toBe(1);
    expect(run.out).toBe("");
  });
});

describe.concurrent("A build of a site with a fault", () => {
  test.each([
    [
      "YAML that cannot be read",
      { [`${BLOG}/2026-01-10-yaml.md`]: "---\ntitle: [one\ndate: 2026-01-10\n---\nText.\n" },
      /site\/content\/blog\/2026-01-10-yaml\.md: front matter: .+ Mend the YAML between the two --- lines\.\n/,
    ],
    [
      "front matter that would run as JavaScript",
      { [`${BLOG}/2026-01-10-js.md`]: "---js\n{ title: process.exit(0) }\n---\nText.\n" },
      /2026-01-10-js\.md: front matter: front matter is YAML here, not js\./,
    ],
    [
      "a code fence in an unknown language",
      { [`${BLOG}/2026-01-10-fence.md`]: postText({}, "```klingon\nx\n```") },
      /2026-01-10-fence\.md:8: code fence: the highlighter knows no language "klingon"\./,
    ],
    [
      "a template that prints a value nobody set",
      { "site/content/typo.njk": "---\nlayout: false\npermalink: /typo.txt\n---\n{{ titel }}" },
      /site\/content\/typo\.njk: .*undefined/,
    ],
    [
      "two pages at one address",
      { "site/content/about-us.njk": "---\nlayout: false\npermalink: /about/\n---\nx" },
      /site\/content\/about(-us)?\.(md|njk): .*\/about\//,
    ],
    [
      "a stylesheet with a mistake",
      { "site/assets/css/code.css": "pre { color: red; }}" },
      /site\/assets\/site\.css: .+ Mend the CSS\./,
    ],
  ])("fails for %s and names the file", async (_name, files, message) => {
    const site = await createScratchSite();
    try {
      for (const [path, text] of Object.entries(files)) await site.write(path, text);
      const run = await site.build();
      expect(run.err).toMatch(message);
      expect(run.err).not.toMatch(/^\s+at /m);
      expect(run.code).toBe(1);
    } finally {
      await site.remove();
    }
  });

  test("names page and link for what leads nowhere, and leaves the site before it as it was", async () => {
    const site = await createScratchSite();
    try {
      expect(await site.build()).toMatchObject({ code: 0, err: "" });
      const before = await readTree(`${site.folder}/_site`);
      const body = [
        "[page](/blog/no-such-post/)",
        "[draft](/blog/unfinished/)",
        "[fragment](/blog/first/#no-such-heading)",
        "[slash](/blog/first)",
        "![picture](/assets/none.png)",
        '<p style="color: red">red</p>',
        "<script>alert(1)</script>",
        "#### Too deep",
      ].join("\n\n");
      await site.write(`${BLOG}/2026-01-10-links.md`, postText({}, body));
      const run = await site.build();
      const lines = [
        '8: the link "/blog/no-such-post/": leads to nothing in the site.',
        '10: the link "/blog/unfinished/": leads to site/content/blog/2026-03-02-unfinished.md, which is a draft.',
        '12: the link "/blog/first/#no-such-heading": names no id on /blog/first/.',
        '14: the link "/blog/first": has no slash at its end. Write /blog/first/.',
        '16: the image "/assets/none.png": leads to nothing in the site.',
        '16: <img src="/assets/none.png">: has no width and height, so the text jumps when it comes.',
        '18: <p style="color: red">: has a style attribute, which the site\'s policy refuses.',
        "20: <script>: stands in the page, which the site's policy refuses.",
        '22: the heading "Too deep": is an <h4> that follows an <h1>.',
      ];
      for (const line of lines) {
        expect(run.err).toContain(`  ${BLOG}/2026-01-10-links.md:${line}`);
      }
      expect(run.code).toBe(1);
      expect(await readTree(`${site.folder}/_site`)).toEqual(before);
    } finally {
      await site.remove();
    }
  });
});
