import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findCauses, type PagePair, sampleOf } from "../../deploy/core/causes.ts";
import type { Change } from "../../deploy/core/change.ts";
import { manifestOf, planFor, sourceFile } from "../support/builders.ts";

const pair = (name: string, before: string, after: string): PagePair => ({
  key: sourceFile(`${name}.html`).key,
  before,
  after,
});
const page = (name: string, year: number, more = "") =>
  `<h1>${name}</h1>\n<p>About ${name}${more}</p>\n<p>© ${year} Naked Coders</p>\n`;
const footer = (name: string) => pair(name, page(name, 2025), page(name, 2026));
const both = (name: string) => pair(name, page(name, 2025), page(name, 2026, `, by ${name}`));

describe("the causes of many changes", () => {
  it("one edit of all pages is one cause", () => {
    expect(findCauses(318, ["a", "b", "c", "d"].map(footer))).toEqual({
      changed: 318,
      compared: 4,
      causes: [
        {
          pages: 4,
          only: 4,
          edits: [{ removed: "© 2025", added: "© 2026" }],
          editCount: 1,
          examples: ["a.html", "b.html", "c.html"],
        },
      ],
    });
  });

  it("pages with an edit of their own besides are told apart", () => {
    const { causes } = findCauses(3, [footer("a"), footer("b"), both("c")]);
    expect(causes).toHaveLength(1);
    expect(causes[0]).toMatchObject({ pages: 3, only: 2 });
  });

  it("edits that come together are one cause, others are others", () => {
    const nav = (text: string) => text.replace("<h1>", "<nav>New</nav><h1>");
    const [a, b] = [footer("a"), footer("b")].map((one) => ({ ...one, after: nav(one.after) }));
    if (a === undefined || b === undefined) throw new Error("there are two");
    const { causes } = findCauses(4, [a, b]);
    expect(causes).toMatchObject([{ pages: 2, only: 2, editCount: 2 }]);
    const mixed = findCauses(4, [a, b, footer("c"), footer("d")]);
    expect(mixed.causes.map(({ pages, only }) => ({ pages, only }))).toEqual([
      { pages: 4, only: 2 },
      { pages: 2, only: 0 },
    ]);
  });

  it("pages that share nothing have no common cause", () => {
    expect(findCauses(2, [pair("a", "x", "y"), pair("b", "v", "w")]).causes).toEqual([]);
  });

  it("a long edit is shown around the place where it differs", () => {
    const tag = (hash: string) =>
      `<link rel="stylesheet" crossorigin href="/assets/main.${hash}.css">`;
    const changed = ["a", "b"].map((name) => pair(name, tag("1".repeat(9)), tag("2".repeat(9))));
    const [edit] = findCauses(2, changed).causes[0]?.edits ?? [];
    expect(edit).toEqual({
      removed: '… href="/assets/main.111111111.css">',
      added: '… href="/assets/main.222222222.css">',
    });
  });

  const pairs = fc.uniqueArray(
    fc.record({
      name: fc.stringMatching(/^[a-z]{1,4}$/),
      before: fc.constantFrom("one\ntwo\n", "one\nthree\n", "zero\n"),
      after: fc.constantFrom("one\ntwo\n", "one\nfour\n", "zero\nfive\n"),
    }),
    { selector: ({ name }) => name, maxLength: 12 },
  );

  it("never claims more pages than were compared, and the order does not matter", () => {
    fc.assert(
      fc.property(pairs, (named) => {
        const list = named.map(({ name, before, after }) => pair(name, before, after));
        const found = findCauses(100, list);
        expect(findCauses(100, [...list].reverse())).toEqual(found);
        for (const { pages, only, edits, editCount } of found.causes) {
          expect(pages).toBeGreaterThanOrEqual(2);
          expect(pages).toBeLessThanOrEqual(found.compared);
          expect(only).toBeLessThanOrEqual(pages);
          expect(edits.length).toBeLessThanOrEqual(editCount);
        }
        const explained = found.causes.reduce((sum, { only }) => sum + only, 0);
        expect(explained).toBeLessThanOrEqual(found.compared);
      }),
    );
  });
});

describe("the sample", () => {
  const changesOf = (amount: number, content = "new"): readonly Change[] => {
    const names = Array.from({ length: amount }, (_, i) => `${String(i).padStart(4, "0")}.html`);
    const before = manifestOf(names.map((name) => sourceFile(name, "old")));
    return planFor(
      names.map((name) => sourceFile(name, content)),
      before,
    ).changes;
  };

  it("is empty for ten pages: they can be read one by one", () => {
    expect(sampleOf(changesOf(10))).toEqual({ changed: 10, sample: [] });
    expect(sampleOf(changesOf(11)).sample).toHaveLength(11);
  });

  it("has at most 24 pages, spread over all of them, none twice", () => {
    const { changed, sample } = sampleOf(changesOf(318));
    expect(changed).toBe(318);
    expect(new Set(sample).size).toBe(24);
    expect(sample[0]).toBe("0000.html");
    expect(sample.at(-1)).toBe("0304.html");
  });

  it("leaves pages over 1 MiB out, and counts them as changed", () => {
    const large = changesOf(1, "x".repeat(1024 * 1024 + 1));
    const small = changesOf(12).slice(1);
    expect(sampleOf([...large, ...small])).toMatchObject({ changed: 12, sample: { length: 11 } });
  });

  it("is of pages whose content changes: no new ones, no headers, no assets", () => {
    const names = Array.from({ length: 12 }, (_, i) => `${i}.css`);
    const before = manifestOf(names.map((name) => sourceFile(name, "old")));
    const assets = planFor(
      names.map((name) => sourceFile(name)),
      before,
    ).changes;
    expect(sampleOf(assets)).toEqual({ changed: 0, sample: [] });
  });
});
