import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderPlanMarkdown } from "../../deploy/cli/render-plan-markdown.ts";
import type { Plan } from "../../deploy/core/plan.ts";
import { manifestOf, planFor, sourceFile } from "../support/builders.ts";

const index = sourceFile("index.html", "home");
const before = manifestOf([
  sourceFile("index.html", "old"),
  sourceFile("about/index.html", "old"),
  sourceFile("gone/index.html"),
]);
const plan = planFor(
  [index, sourceFile("about/index.html", "new"), sourceFile("new.html"), sourceFile("b.css")],
  before,
);
const url = "https://www.example.com/docs/";

/** Whatever stands outside of code, where Markdown, HTML and mentions mean something. */
function outsideCode(markdown: string): string {
  return markdown
    .replace(/^(`{3,})[^\n]*\n[\s\S]*?\n\1$/gm, "")
    .replace(/(`+)(?!`)[\s\S]*?[^`]\1(?!`)/g, "");
}

describe("a plan as a comment", () => {
  it("has totals, a table by kind, links to the pages, removed URLs and what is forgotten", () => {
    const id = plan.id.slice(0, 8);
    expect(renderPlanMarkdown({ plan: { ...plan, notices: [] }, url }, "production")).toBe(
      `### Slipway: 2 new, 2 changed, 1 removed (\`production\`)

| | Pages | Other files | To send |
| :-- | --: | --: | --: |
| New | 1 | 1 | 35 B |
| Changed | 2 | 0 | 7 B |
| Removed | 1 | 0 | 0 B |
| Unchanged | | 0 in all | |

**Pages**

- [\`about/index.html\`](https://www.example.com/docs/about/)
- [\`index.html\`](https://www.example.com/docs/)
- [\`new.html\`](https://www.example.com/docs/new.html) (new)

**Removed URLs**

- \`/gone/\`

<details><summary>1 other file</summary>

- \`b.css\` (new)

</details>

Invalidates 6 paths, then 2 paths.

Plan \`${id}\` against release \`20261122T120000Z-00000000\`.
`,
    );
  });

  it("has no links where nobody knows the site's address", () => {
    expect(renderPlanMarkdown({ plan }, "local")).not.toContain("](");
  });

  it("of nothing to do is two lines", () => {
    const same = planFor([index], manifestOf([index]));
    const lines = renderPlanMarkdown({ plan: same, url }, "production").split("\n");
    expect(lines[0]).toBe("### Slipway: nothing to do, 1 file unchanged (`production`)");
    expect(lines).toHaveLength(4);
  });

  it("tells of links that lead nowhere", () => {
    const links = [{ path: "/nowhere/", from: index.key }];
    const told: Plan = { ...plan, notices: [{ kind: "broken-links", links }] };
    expect(renderPlanMarkdown({ plan: told }, "x")).toContain("- `/nowhere/` (on `index.html`)");
  });

  it("says what the guards refuse", () => {
    const text = renderPlanMarkdown({ plan: planFor([]) }, "production");
    expect(text).toContain("### Slipway: this plan is refused (`production`)");
    expect(text).toContain("empty-site");
  });

  it("shows thirty pages, and the others when asked", () => {
    const pages = Array.from({ length: 45 }, (_, i) => sourceFile(`${100 + i}.html`));
    const text = renderPlanMarkdown({ plan: planFor([index, ...pages], manifestOf([])) }, "x");
    const [shown = "", hidden = ""] = text.split("<details>");
    expect(shown.match(/^- /gm)).toHaveLength(30);
    expect(hidden).toContain("<summary>16 more pages</summary>");
    expect(hidden.match(/^- /gm)).toHaveLength(16);
  });

  it("stays below 60,000 characters, whatever the site", () => {
    const long = (i: number) => `${"long-name-".repeat(80)}${i}`;
    const kinds = ["html", "css"].flatMap((type) =>
      Array.from({ length: 2000 }, (_, i) => `${long(i)}.${type}`),
    );
    const gone = Array.from({ length: 2000 }, (_, i) => sourceFile(`gone/${long(i)}.html`));
    const large = planFor(
      kinds.map((key) => sourceFile(key)),
      manifestOf(gone),
    );
    expect(large.violations).not.toEqual([]);
    const everything: Plan = { ...large, violations: [] };
    for (const shown of [large, everything]) {
      const text = renderPlanMarkdown({ plan: shown, url }, "production");
      expect(text.length).toBeLessThan(60_000);
      expect(text).toContain("more");
    }
  });

  it("lets no file name out of its code: no HTML, no mention, no link, no table", () => {
    const nasty = fc
      .array(
        fc.constantFrom("`", "``", "|", "<b>", "@team", "](x)", "[", "*", "-->", "a", " ", "#1"),
        {
          minLength: 1,
          maxLength: 8,
        },
      )
      .map((parts) => `x${parts.join("")}`);
    fc.assert(
      fc.property(fc.uniqueArray(nasty, { maxLength: 6 }), fc.boolean(), (names, linked) => {
        const files = names.flatMap((name) => [`${name}.html`, `${name}.css`]);
        const old = manifestOf(names.map((name) => sourceFile(`old/${name}.html`)));
        const shown = planFor([index, ...files.map((key) => sourceFile(key))], old);
        const result = { plan: { ...shown, violations: [] }, url: linked ? url : undefined };
        const text = outsideCode(renderPlanMarkdown(result, "production"));
        // GitHub looks for mentions in text, not in the address of a link.
        const said = text.replace(/\]\([^\s()<>|`]+\)/g, "]()");
        expect(said).not.toMatch(/<b>|@team|#1|\*\*\*/);
        for (const line of said.split("\n")) {
          if (line.startsWith("- ")) expect(line).toMatch(/^- (?:\[\]\(\))?(?: \(new\))?$/);
        }
      }),
    );
  });
});
