import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createScratchSite,
  postText,
  type Run,
  readTree,
  runBuild,
  type ScratchSite,
} from "../scratch-site.ts";
import { MISTAKE_GROUPS } from "./mistake-groups.ts";
import type { Group, Row } from "./row.ts";
import { WARNING_GROUPS } from "./warning-rows.ts";

async function writeAll(site: ScratchSite, rows: readonly Row[]): Promise<void> {
  for (const { files } of rows) {
    for (const [path, text] of Object.entries(files)) await site.write(path, text);
  }
}

const rowsOf = (groups: readonly Group[]) => groups.flatMap(({ rows }) => rows);

const mistakes = rowsOf(MISTAKE_GROUPS);
const warnings = rowsOf(WARNING_GROUPS);

/** The lines below a heading that ends with a colon or a stop, without their two spaces. */
function linesBelow(heading: RegExp, text: string): readonly string[] {
  const lines = text.split("\n");
  const at = lines.findIndex((line) => heading.test(line));
  const rest = at < 0 ? [] : lines.slice(at + 1);
  const end = rest.findIndex((line) => !line.startsWith("  "));
  return rest.slice(0, end < 0 ? undefined : end).map((line) => line.slice(2));
}

describe("A build of a site with every mistake", () => {
  let site: ScratchSite;
  let run: Run;
  let before: ReadonlyMap<string, Buffer>;

  beforeAll(async () => {
    site = await createScratchSite({ tags: "known" });
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    before = await readTree(`${site.folder}/_site`);
    await writeAll(site, [...mistakes, ...warnings]);
    run = await site.build();
  });
  afterAll(() => site.remove());

  test.each(mistakes.map((row) => [row.what, row] as const))("names %s", (_what, row) => {
    const said = linesBelow(/^The site was not built/, run.err);
    expect(said).toEqual(expect.arrayContaining([...row.says]));
  });

  test.each(warnings.map((row) => [row.what, row] as const))("warns of %s", (_what, row) => {
    const said = linesBelow(/^\d+ warnings?:$/, run.err);
    expect(said).toEqual(expect.arrayContaining([...row.says]));
  });

  test("says nothing else, says how much it is, and fails without a stack trace", () => {
    const wanted = mistakes.flatMap(({ says }) => says);
    expect(linesBelow(/^The site was not built/, run.err).toSorted()).toEqual(wanted.toSorted());
    expect(run.err).toMatch(
      new RegExp(`^The site was not built: ${wanted.length} problems\\.$`, "m"),
    );
    const warned = warnings.flatMap(({ says }) => says);
    expect(linesBelow(/^\d+ warnings?:$/, run.err).toSorted()).toEqual(warned.toSorted());
    expect(run.err).not.toMatch(/^\s+at /m);
    expect(run.code).toBe(1);
    expect(run.out).toBe("");
  });

  test("leaves the site before it as it was", async () => {
    expect(await readTree(`${site.folder}/_site`)).toEqual(before);
  });
});

test("A build with warnings alone succeeds and tells them", async () => {
  const site = await createScratchSite({ tags: "known" });
  try {
    await writeAll(site, warnings);
    const run = await site.build();
    expect(run.code).toBe(0);
    expect(linesBelow(/^\d+ warnings?:$/, run.err)).toHaveLength(
      warnings.flatMap(({ says }) => says).length,
    );
  } finally {
    await site.remove();
  }
});

test("This project's own site has no mistake and no warning", async () => {
  const output = await mkdtemp(join(tmpdir(), "own-site-"));
  try {
    const run = await runBuild(".", ["--output", output], { GITHUB_ACTIONS: "" });
    expect(run).toMatchObject({ code: 0, err: "" });
  } finally {
    await rm(output, { recursive: true, force: true });
  }
});

describe.concurrent("A build with a template or a stylesheet that fails", () => {
  test.each([
    [
      "a value missing in a part of pages",
      { "site/_includes/tag-list.njk": "<p>\n{{ titel }}\n</p>" },
      [/site\/_includes\/tag-list\.njk:2: \{\{ titel \}\}: has no value\./],
    ],
    [
      "values missing in two layouts, one twice",
      {
        "site/_includes/post.njk":
          '---\nsheet: article\n---\n{% extends "base.njk" %}{% block main %}\n<h1>{{ title }}</h1>\n{{ one }}{{ content | safe }}\n{{ two }}\n{% endblock %}\n',
        "site/_includes/footer.njk": "<footer>{{ three }}</footer>",
      },
      [
        /site\/_includes\/post\.njk:6: \{\{ one \}\}: has no value\./,
        /site\/_includes\/post\.njk:7: \{\{ two \}\}: has no value\./,
        /site\/_includes\/footer\.njk:1: \{\{ three \}\}: has no value\./,
      ],
    ],
    [
      "a filter that is not there",
      { "site/_includes/tag-list.njk": "{{ tagNames | nofilter }}" },
      [
        /site\/_includes\/tag-list\.njk:1: template: filter not found: nofilter\. Mend the template\./,
      ],
    ],
    [
      "stylesheets and a module with mistakes",
      {
        "site/assets/css/code.css": "pre {\n  color: red; }}\n",
        "site/assets/home.css": '@import "./css/none.css";\n',
        "site/assets/code.client.ts": "const one = 1;\nconst = 2;\n",
      },
      [
        /site\/assets\/css\/code\.css:3: Unexpected end of input\. Mend the CSS\./,
        /site\/assets\/home\.css:1: No such file .+ Mend the CSS\./,
        /site\/assets\/code\.client\.ts:2: Expected identifier.+ Mend the script\./,
      ],
    ],
  ])("for %s names the file, and what is wrong besides", async (_name, files, messages) => {
    const site = await createScratchSite();
    try {
      for (const [path, text] of Object.entries(files)) await site.write(path, text);
      await site.write("site/content/wrong.md", "---\ntitle: x\n---\nText.\n");
      const article = "site/content/blog/2026-01-10-article.md";
      await site.write(article, postText({}, "## One\n\n#### Three\n\n[x](/nowhere-at-all/)"));
      const run = await site.build();
      for (const message of messages) expect(run.err).toMatch(message);
      expect(run.err).toContain(`  ${article}:10: the heading "Three": is an <h4>`);
      expect(run.err).toContain(`  ${article}:12: the link "/nowhere-at-all/": leads to nothing`);
      const all = messages.length + 3;
      expect(run.err).toMatch(new RegExp(`^The site was not built: ${all} problems\\.$`, "m"));
      expect(run.err).toContain("  site/content/wrong.md:1: description: is missing.");
      expect(run.err).not.toMatch(/^\s+at /m);
      expect(run.code).toBe(1);
    } finally {
      await site.remove();
    }
  });
});

test.each([
  [
    "a part of pages that includes itself",
    "site/_includes/tag-list.njk",
    '<p>\n{% include "tag-list.njk" %}\n</p>',
    ":2: template: includes itself, by way of other parts perhaps. Take one {% include %} out.",
  ],
  [
    "a part of pages that is not there",
    "site/_includes/tag-list.njk",
    '<p>\n{% include "nope.njk" %}\n</p>',
    ":2: template: template not found: nope.njk. Mend the template.",
  ],
  [
    "a file of data that fails",
    "site/_data/nav.ts",
    'throw new Error("no pages");\n',
    ":1: no pages. Mend the file.",
  ],
  [
    "a file of data with nothing for pages",
    "site/_data/nav.ts",
    "export const nav = [];\n",
    ": exports nothing by default. Write export default before what pages are to know.",
  ],
])("A build stops early at %s, and names it", async (_what, file, text, message) => {
  const site = await createScratchSite();
  try {
    await site.write(file, text);
    const err = `The site was not built: 1 problem.\n  ${file}${message}\n`;
    expect(await site.build()).toEqual({ code: 1, out: "", err });
  } finally {
    await site.remove();
  }
});

test("Code of the site that cannot be read is named by its lines, all of it, without a stack trace", async () => {
  const site = await createScratchSite();
  try {
    await site.write("site/_data/nav.ts", "export default [\n");
    await site.write("site/_data/site.ts", 'import x from "./none.ts";\nexport default x;\n');
    expect(await site.build()).toEqual({
      code: 1,
      out: "",
      err: [
        "site/_data/nav.ts:2: Unexpected end of file. Mend the file.",
        'site/_data/site.ts:1: Could not resolve "./none.ts". Mend the file.',
        "",
      ].join("\n"),
    });
  } finally {
    await site.remove();
  }
});

test.each([
  ["site", "  name: FjordBakery,", "FjordBakery is not defined"],
  ["allTags", 'throw new Error("no tags");', "no tags"],
])(
  "Data that the site's code reads, %s.ts, is named by its line when it fails",
  async (name, line, message) => {
    const site = await createScratchSite();
    try {
      const file = `site/_data/${name}.ts`;
      const text = (await site.read(file)).replace(/^ {2}name: .*$/m, line);
      await site.write(file, text.includes(line) ? text : `${line}\n${text}`);
      const at = (await site.read(file)).split("\n").indexOf(line) + 1;
      const err = `${file}:${at}: ${message}. Mend the file.\n`;
      expect(await site.build()).toMatchObject({ code: 1, err: expect.stringContaining(err) });
      expect((await site.build()).err).not.toMatch(/^\s+at /m);
    } finally {
      await site.remove();
    }
  },
);

test("What an editor or a system leaves beside a file is neither read nor published", async () => {
  const site = await createScratchSite();
  try {
    expect(await site.build({ output: "before" })).toMatchObject({ code: 0 });
    const folders = ["content/blog", "content", "_data", "_includes", "assets", "assets/static"];
    for (const folder of folders) {
      for (const end of ["md", "ts", "njk", "css"]) {
        await symlink("nobody@nowhere:1", `${site.folder}/site/${folder}/.#open.${end}`);
      }
      for (const name of ["#open.md#", "open.md~", ".open.md.swp", "._open.md", ".DS_Store"]) {
        await site.write(`site/${folder}/${name}`, "\u0000");
      }
    }
    await site.write("site/content/.hidden.md", "Not a page.\n");
    expect(await site.build({ output: "after" })).toMatchObject({ code: 0, err: "" });
    expect(await readTree(`${site.folder}/after`)).toEqual(await readTree(`${site.folder}/before`));
  } finally {
    await site.remove();
  }
});
