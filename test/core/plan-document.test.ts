import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Change } from "../../deploy/core/change.ts";
import { findKeyProblem } from "../../deploy/core/keys.ts";
import type { Plan } from "../../deploy/core/plan.ts";
import { formatPlan, parsePlan } from "../../deploy/core/plan-document.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import { stagesOf } from "../../deploy/core/stages.ts";
import { manifestOf, planFor, sha256, sourceFile } from "../support/builders.ts";

const since = "2026-11-20T12:00:00.000Z";

/** The plan as any machine knows it: a file's place is its key. */
function portable(plan: Plan): Plan {
  const relative = (file: SourceFile): SourceFile =>
    file.origin.kind === "file" ? { ...file, origin: { ...file.origin, path: file.key } } : file;
  const changes = plan.changes.map(
    (change): Change =>
      change.kind === "remove" ? change : { ...change, file: relative(change.file) },
  );
  return { ...plan, changes, stages: stagesOf(changes) };
}

function reread(plan: Plan): Plan {
  const parsed = parsePlan(formatPlan({ environment: "production", plan }, sha256), sha256);
  if (parsed.kind === "problem") throw new Error(JSON.stringify(parsed.problem));
  expect(parsed.saved.environment).toBe("production");
  return parsed.saved.plan;
}

const key = fc
  .oneof(
    fc.constantFrom("a.html", "b/index.html", "__proto__", "2", "old.3f2a9c01d4.js"),
    fc.string({ unit: "grapheme" }),
  )
  .filter((text) => findKeyProblem(text) === undefined);
const file = fc
  .record({ key, content: fc.string(), cacheControl: fc.constantFrom("no-store", "public") })
  .map(({ key, content, cacheControl }) => sourceFile(key, content, { cacheControl }));
const files = fc.uniqueArray(file, { selector: ({ key }) => key, maxLength: 12 });

/** Any two states of a site, with what an earlier deploy and a stranger may have done. */
const anyPlan = fc
  .record({
    source: files,
    stored: fc.option(files, { nil: undefined }),
    force: fc.boolean(),
    unfinished: fc.option(fc.array(key, { maxLength: 3 }), { nil: undefined }),
    drift: fc.option(
      fc.record({ altered: fc.array(key), missing: fc.array(key), added: fc.array(key) }),
      { nil: undefined },
    ),
  })
  .map(({ source, stored, force, unfinished, drift }) =>
    planFor(source, stored && manifestOf(stored), {
      force,
      provenance: { commit: "c0ffee", committedAt: since },
      unfinished: unfinished && {
        release: "r",
        keys: unfinished.map((text) => sourceFile(text).key),
        invalidation: { kind: "none" },
      },
      drift: drift && {
        altered: drift.altered.map((text) => sourceFile(text).key),
        missing: drift.missing.map((text) => sourceFile(text).key),
        added: drift.added.map((text) => sourceFile(text).key),
      },
    }),
  );

describe("a saved plan", () => {
  it("is the plan, whatever the plan is", () => {
    fc.assert(
      fc.property(anyPlan, (plan) => {
        expect(reread(plan)).toEqual(portable(plan));
      }),
    );
  });

  it("keeps the version that a file is brought back from", () => {
    const page = sourceFile("index.html");
    const old: SourceFile = { ...page, origin: { kind: "version", versionId: "3" } };
    expect(reread(planFor([old])).changes).toEqual([{ kind: "create", file: old }]);
  });

  it("names no path of this machine", () => {
    const text = formatPlan(
      { environment: "local", plan: planFor([sourceFile("index.html")]) },
      sha256,
    );
    expect(text).not.toContain("/site/");
  });

  it("keeps the guards' refusals", () => {
    expect(reread(planFor([])).violations).toEqual(planFor([]).violations);
    expect(reread(planFor([])).violations).not.toEqual([]);
  });
});

describe("what is no plan is named", () => {
  const before = [sourceFile("gone.html"), sourceFile("index.html", "old")];
  const plan = planFor([sourceFile("index.html"), sourceFile("b.css")], manifestOf(before));
  const text = formatPlan({ environment: "production", plan }, sha256);
  const without = (name: string) => {
    const { [name]: _, ...rest } = JSON.parse(text);
    return JSON.stringify(rest);
  };
  it.each([
    ["nothing", "", "not-json"],
    ["half of one", text.slice(0, text.length / 2), "not-json"],
    ["a list", "[]", "other-document"],
    ["the JSON of slipway plan", '{"version":1,"command":"plan"}', "other-document"],
    ["one of a newer format", text.replace('"version":1', '"version":2'), "newer"],
    ["one without its environment", without("environment"), "malformed"],
    ["one with a wrong digest", text.replace(/[0-9a-f]{64}(?=","env)/, "0"), "malformed"],
    ["one for another environment now", text.replace('"production"', '"staging"'), "edited"],
    ["one that removes another page", text.replaceAll("gone.html", "home.html"), "edited"],
    ["one that invalidates less", text.replace(/"\/gone.html"/, ""), "edited"],
    ["one with more than it says", text.replace('"plan":{', '"plan":{"x":1,'), "malformed"],
  ])("%s", (_, saved, kind) => {
    expect(saved).not.toBe(text);
    const parsed = parsePlan(saved, sha256);
    expect(parsed.kind === "problem" && parsed.problem.kind).toBe(kind);
  });

  it("one whose seal was made again, for a change that it does not have", () => {
    const { seal: _, document, version, ...content } = JSON.parse(text);
    content.plan.changes = content.plan.changes.slice(1);
    const seal = sha256(JSON.stringify(content));
    const parsed = parsePlan(JSON.stringify({ document, version, seal, ...content }), sha256);
    expect(parsed).toEqual({ kind: "problem", problem: { kind: "edited" } });
  });

  it("but white space does not matter", () => {
    expect(parsePlan(JSON.stringify(JSON.parse(text), null, 2), sha256).kind).toBe("plan");
  });
});
