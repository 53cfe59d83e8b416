import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { DEFAULT_LIMITS } from "../../../deploy/core/guard-limits.ts";
import { objectKey } from "../../../deploy/core/keys.ts";
import type { PlanInput } from "../../../deploy/core/plan.ts";
import { isReachable } from "../../../deploy/core/reach.ts";
import { createReferenceCollector } from "../../../deploy/core/references/collect.ts";
import { planFor, sourceFile } from "../../support/builders.ts";

function judge(files: Readonly<Record<string, string>>, fields: Partial<PlanInput> = {}) {
  const collector = createReferenceCollector("https://site.example");
  for (const [name, text] of Object.entries(files)) collector.read(objectKey(name), text);
  const source = Object.entries(files).map(([key, text]) => sourceFile(key, text));
  return planFor(source, undefined, { references: collector.collected(), ...fields });
}

const missing = (html: string, fields: Partial<PlanInput> = {}) =>
  judge({ "index.html": html, "a/index.html": "", "a/x.png": "", "v1.2": "" }, fields)
    .violations.filter(({ rule }) => rule === "missing-asset")
    .map(({ actual }) => actual);

describe("an asset", () => {
  test.each([
    ['<img src="/a/x.png">'],
    ['<img src="a/x.png?v=2#x">'],
    ['<img src="/a//x.png">'],
    ['<iframe src="/a/"></iframe>'],
    ['<iframe src="/a"></iframe>'],
    ['<script src="/v1.2"></script>'],
    ['<img src="/api/badge.svg">'],
    ['<img src="https://elsewhere.example/none.png">'],
    ['<a href="/none/">'],
  ])("is there: %s", (html) => {
    expect(missing(html)).toEqual([]);
  });

  test.each([
    ['<img src="/none.png">', "/none.png"],
    ['<img src="A/x.png">', "/A/x.png"],
    ['<img src="/a/x.png/">', "/a/x.png/"],
    ['<iframe src="/none/"></iframe>', "/none/"],
    ['<img src="https://site.example/none.png">', "/none.png"],
    ['<img src="/50%.png">', "/50%.png"],
    ['<img src="/.slipway/lock.json">', "/.slipway/lock.json"],
    ['<img src="/apis/x.svg">', "/apis/x.svg"],
  ])("is missing: %s", (html, path) => {
    expect(missing(html)).toEqual([`${path} (named by index.html)`]);
  });

  it("may be answered by something else", () => {
    const guards = {
      allowed: new Set<never>(),
      limits: { ...DEFAULT_LIMITS, elsewhere: ["img/**"] },
    };
    expect(missing('<img src="/img/x.png">', { guards })).toEqual([]);
    expect(missing('<img src="/api/x.png">', { guards })).toHaveLength(1);
  });

  it("is nobody's affair where nobody looked into the files", () => {
    expect(missing('<img src="/none.png">', { references: undefined })).toEqual([]);
  });
});

it("tells links to nothing, and refuses none of them", () => {
  const plan = judge({ "index.html": '<a href="/none/"><a href="/"><a href="/api/x">' });
  expect(plan.violations).toEqual([]);
  expect(plan.notices).toEqual([
    { kind: "broken-links", links: [{ path: "/none/", from: "index.html" }] },
  ]);
});

const name = fc
  .stringMatching(/^[a-zA-Z0-9 é%#?&+,'()~-]{1,8}$/)
  .filter((text) => text.trim() === text);
const key = fc
  .tuple(fc.array(name, { maxLength: 2 }), name, fc.constantFrom("png", "css", "html"))
  .map(([folders, file, extension]) => [...folders, `${file}.${extension}`].join("/"))
  .filter(isReachable);
const keys = fc.uniqueArray(key, {
  minLength: 1,
  maxLength: 8,
  selector: (text) => text.toLowerCase(),
});
const attribute = (text: string) => text.replaceAll("&", "&amp;").replaceAll('"', "&quot;");
const address = (text: string) => `/${text.split("/").map(encodeURIComponent).join("/")}`;

it("never refuses a site whose references all exist, wherever and however they are written", () => {
  fc.assert(
    fc.property(keys, fc.boolean(), (all, isFull) => {
      const prefix = isFull ? "https://site.example" : "";
      const urls = all.map((one) => prefix + address(one));
      const html = urls.map(
        (url) =>
          `<img src="${attribute(url)}" srcset="${attribute(url)} 2x"><a href="${attribute(url)}">`,
      );
      const css = urls.map((url) => `p{background:url("${url.replaceAll('"', '\\"')}")}`);
      const files = Object.fromEntries(all.map((one) => [one, ""]));
      const page = { "deep/er/index.html": html.join(""), "deep/er/x.css": css.join("") };
      const { violations, notices } = judge({ "index.html": html.join(""), ...files, ...page });
      expect(violations.filter(({ rule }) => rule === "missing-asset")).toEqual([]);
      expect(notices).toEqual([]);
    }),
  );
});

it("refuses a site from which one named file is gone", () => {
  fc.assert(
    fc.property(keys, (all) => {
      const html = all.map((one) => `<img src="${attribute(address(one))}">`).join("");
      const [gone, ...rest] = all;
      const files = Object.fromEntries(rest.map((one) => [one, ""]));
      const { violations } = judge({ "top/index.html": html, "index.html": "", ...files });
      expect(violations.map(({ actual }) => actual)).toContain(
        `/${gone} (named by top/index.html)`,
      );
    }),
  );
});
