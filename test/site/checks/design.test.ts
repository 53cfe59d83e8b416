import { createHash } from "node:crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { annotations } from "../../../site/lib/checks/annotations.ts";
import {
  BUDGETS,
  checkWeights,
  pageBudget,
  transferSize,
} from "../../../site/lib/checks/budgets.ts";
import { checkContrast, contrast } from "../../../site/lib/checks/contrast.ts";
import { readPage } from "../../../site/lib/checks/page-facts.ts";
import { styleMark } from "../../../site/lib/page-styles.ts";
import { told } from "./told.ts";

/** Text that hardly compresses, the same each time. */
function noise(length: number): string {
  let text = "";
  for (let n = 0; text.length < length; n += 1) {
    text += createHash("sha256").update(String(n)).digest("base64");
  }
  return text.slice(0, length);
}

describe("The weight of a page", () => {
  const script = { path: "assets/x.js", bytes: new TextEncoder().encode(noise(12_000)) };
  const weigh = (html: string) =>
    checkWeights([readPage("a/index.html", html)], [script]).map(told);

  test("is nothing to tell within the budget", () => {
    expect(weigh(`<p>${noise(10_000)}`)).toEqual([]);
  });

  test("is told with its limit when page, modules or both are too heavy", () => {
    const heavy = weigh(`<script type="module" src="/assets/x.js"></script><p>${noise(20_000)}`);
    expect(heavy.map((line) => line.replace(/has [\d.]+ kB/, "has N kB"))).toEqual([
      "a/index.html: HTML of /a/: has N kB compressed, and 14.0 kB is the most. Divide the page in two, or shorten its code.",
      "a/index.html: JavaScript of /a/: has N kB compressed, and 4.0 kB is the most. Load less, or only when somebody asks for it.",
      "a/index.html: page with scripts of /a/: has N kB compressed, and 20.0 kB is the most. Load less, or only when somebody asks for it.",
    ]);
  });

  test.each([
    ["article.css", 14_000],
    ["no-such.css", 14_000],
    ["form.css", 6_000],
    ["home.css", 7_500],
  ])("may be as much as the kind of page with %s has", (name, most) => {
    expect(pageBudget([name])).toBe(most);
    const head = `<head><style>${styleMark(name)}</style></head>`;
    const page = { ...readPage("a/index.html", head), transfer: most };
    expect(checkWeights([page], [])).toEqual([]);
    const over = checkWeights([{ ...page, transfer: most + 1 }], []).map(told);
    expect(over).toHaveLength(1);
    expect(over[0]).toContain(`and ${(most / 1000).toFixed(1)} kB is the most. `);
  });

  test("is measured closely wherever it could be too much", () => {
    const text = "a word and another word ".repeat(20_000);
    expect(transferSize(text, BUDGETS.page)).toBeLessThan(BUDGETS.page);
  });
});

describe("Contrast", () => {
  test("is 21 for black on white, 1 for a colour on itself, and the same both ways", () => {
    expect(contrast("#000", "#ffffff")).toBeCloseTo(21, 5);
    const colour = fc
      .integer({ min: 0, max: 0xffffff })
      .map((n) => `#${n.toString(16).padStart(6, "0")}`);
    fc.assert(
      fc.property(colour, colour, (a, b) => {
        expect(contrast(a, a)).toBe(1);
        expect(contrast(a, b)).toBe(contrast(b, a));
      }),
    );
  });

  // https://webaim.org/resources/contrastchecker/ gives 4.54 and 4.47.
  test.each([
    ["#767676", 4.54],
    ["#777", 4.47],
  ])("of %s on white is %f", (grey, ratio) => {
    expect(Math.floor((contrast(grey, "#fff") ?? 0) * 100) / 100).toBe(ratio);
  });

  test("is told for the scheme that lacks it, by the line of its token", () => {
    const css = [
      ":root {",
      "  --ink: #000;",
      "  --paper: #fff;",
      "}",
      "@media (prefers-color-scheme: dark) {",
      "  :root {",
      "    --paper: #111;",
      "  }",
      "}",
    ].join("\n");
    expect(checkContrast("tokens.css", css)).toEqual([
      {
        file: "tokens.css",
        line: 2,
        field: "--ink",
        message: "has a contrast of 1.11 on --paper (#111) in the dark scheme",
        fix: "Text needs 4.5: make one of the two darker and the other lighter.",
      },
    ]);
  });
});

test("Problems become commands of GitHub Actions, whatever signs are in them, and ten at the most", () => {
  const problem = {
    file: "a,b:c.md",
    line: 3,
    field: "x",
    message: "100 %\n::error::no",
    fix: "Mend.",
  };
  expect(
    annotations([problem, { file: "d.md", level: "warning", message: "w", fix: "m." }]),
  ).toEqual([
    "::error file=a%2Cb%3Ac.md,line=3::x: 100 %25%0A::error::no. Mend.",
    "::warning file=d.md::w. m.",
  ]);
  expect(annotations(Array(12).fill(problem))).toHaveLength(10);
});
