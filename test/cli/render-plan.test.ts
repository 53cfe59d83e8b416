import { expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderPlan } from "../../deploy/cli/render-plan.ts";
import type { Change } from "../../deploy/core/change.ts";
import { type UrlPath, urlPath } from "../../deploy/core/keys.ts";
import { entryFor, sourceFile } from "../support/builders.ts";
import { planOf } from "../support/plan-value.ts";

const plain = createPaint(false);
const create = (key: string): Change => ({
  kind: "create",
  file: sourceFile(key, "x".repeat(1500)),
});
const replace = (key: string, reason: "content" | "headers"): Change => {
  const before =
    reason === "content" ? sourceFile(key, "old") : sourceFile(key, "new", { cacheControl: "old" });
  return {
    kind: "replace",
    file: sourceFile(key, "new"),
    before: entryFor(before),
    mode: reason,
    reason,
  };
};
const remove = (key: string): Change => {
  const file = sourceFile(key);
  return { kind: "remove", key: file.key, before: entryFor(file) };
};
const paths = (...keys: readonly string[]): readonly UrlPath[] =>
  keys.map((key) => urlPath(sourceFile(key).key));

it("shows totals, each change with its sign, and what the CDN will forget", () => {
  const plan = planOf(
    [
      create("new.html"),
      replace("style.css", "headers"),
      replace("text.html", "content"),
      remove("old.html"),
    ],
    {
      totals: { unchanged: 12_345 },
      invalidation: {
        afterWrites: { kind: "paths", paths: paths("new.html", "style.css", "text.html") },
        afterRemovals: { kind: "paths", paths: paths("old.html") },
      },
    },
  );
  expect(renderPlan(plan, plain).join("\n")).toBe(
    `             files   to send
  New            1    1.5 kB
  Changed        2       3 B
  Removed        1
  Unchanged  12345

  + new.html
  ~ style.css (headers only)
  ~ text.html
  - old.html

  Invalidates 3 paths, then 1 path`,
  );
});

it("of nothing to do shows the totals alone", () => {
  const plan = planOf([], {
    totals: { unchanged: 7 },
  });
  expect(renderPlan(plan, plain).join("\n")).toBe(
    `             files   to send
  New            0
  Changed        0
  Removed        0
  Unchanged      7`,
  );
});

it("counts what is beyond twenty changes, and says why everything is forgotten", () => {
  const plan = planOf(
    Array.from({ length: 23 }, (_, i) => create(`${i}.html`)),
    {
      invalidation: {
        afterWrites: { kind: "everything", because: "this is the first release" },
        afterRemovals: { kind: "none" },
      },
    },
  );
  const lines = renderPlan(plan, plain);
  expect(lines.filter((line) => line.startsWith("  + "))).toHaveLength(20);
  expect(lines.slice(-3)).toEqual([
    "  … and 3 more",
    "",
    "  Invalidates everything: this is the first release",
  ]);
});

it("with a violation shows the refusal instead of changes", () => {
  const plan = planOf([create("about.html")], {
    violations: [
      {
        rule: "no-index-page",
        limit: "an index.html at the root",
        actual: "31 files, none of them index.html",
        next: "Check the build.",
      },
    ],
  });
  expect(renderPlan(plan, plain).join("\n")).toBe(
    `Refused no-index-page
  wanted: an index.html at the root
  found:  31 files, none of them index.html
  next:   Check the build.`,
  );
});

it("is the same text with colours, once they are taken away", () => {
  const plan = planOf([create("new.html"), replace("a.css", "content"), remove("old.html")]);
  const colored = renderPlan(plan, createPaint(true)).join("\n");
  // biome-ignore lint/suspicious/noControlCharactersInRegex: that is how a terminal is told of colours.
  expect(colored.replace(/\u001B\[\d+m/g, "")).toBe(renderPlan(plan, plain).join("\n"));
});
