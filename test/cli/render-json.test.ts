import { describe, expect, it } from "vitest";
import { deployDocument, planDocument } from "../../deploy/cli/document-schemas.ts";
import { renderJson, renderJsonError } from "../../deploy/cli/render-json.ts";
import type { Change } from "../../deploy/core/change.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import type { DeployResult, PlanResult, RunFacts } from "../../deploy/core/results.ts";
import { entryFor, manifestOf, planFor, sourceFile } from "../support/builders.ts";
import { planOf } from "../support/plan-value.ts";

it("a build is one document with the version, the command and the exit code", () => {
  const result = { output: "_site", pages: 2, files: 3, seconds: 0.5 };
  expect(renderJson({ command: "build", result }, 0)).toBe(
    `{
  "version": 1,
  "command": "build",
  "exitCode": 0,
  "output": "_site",
  "pages": 2,
  "files": 3,
  "seconds": 0.5
}`,
  );
});

it("a plan lists key, kind, bytes and reason of each change, and names no file of this machine", () => {
  const file = sourceFile("a.html", "new");
  const gone = sourceFile("gone.html");
  const changes: readonly Change[] = [
    {
      kind: "replace",
      file,
      before: entryFor(sourceFile("a.html", "old")),
      mode: "content",
      reason: "content",
    },
    { kind: "create", file: sourceFile("b.css", "four") },
    { kind: "remove", key: gone.key, before: entryFor(gone) },
  ];
  const plan = planOf(changes);
  const text = renderJson({ command: "plan", result: { plan } }, 3);
  expect(JSON.parse(text)).toMatchObject({
    version: 1,
    command: "plan",
    exitCode: 3,
    plan: {
      id: plan.id,
      changes: [
        { kind: "replace", key: "a.html", bytes: 3, reason: "content" },
        { kind: "create", key: "b.css", bytes: 4 },
        { kind: "remove", key: "gone.html", bytes: 0 },
      ],
      stages: [
        { name: "new-assets", keys: ["b.css"] },
        { name: "pages", keys: ["a.html"] },
      ],
    },
  });
  expect(text).not.toContain("/site/");
});

it("a deploy says what it came to beside its plan", () => {
  const result = { kind: "nothing-to-do", plan: planOf([]) } as const;
  expect(JSON.parse(renderJson({ command: "deploy", result }, 0))).toMatchObject({
    command: "deploy",
    kind: "nothing-to-do",
    plan: { changes: [] },
  });
});

it("a failure is a document too, with its kind and its three parts", () => {
  const text = { what: "No site", why: "no folder", next: "Build it." };
  expect(JSON.parse(renderJsonError("deploy", new SlipwayError("config", text), 2))).toEqual({
    version: 1,
    command: "deploy",
    exitCode: 2,
    error: { kind: "config", ...text },
  });
});

it("a fault of ours is one of kind internal", () => {
  const document = JSON.parse(renderJsonError("plan", new TypeError("x is not a function"), 1));
  expect(document).toMatchObject({ error: { kind: "internal", why: "x is not a function" } });
});

describe("every document is as its schema says, with nothing besides", () => {
  const facts: RunFacts = {
    environment: "production",
    seconds: 0.5,
    traffic: [{ service: "S3", operation: "PutObject", requests: 2, bytesSent: 10 }],
  };
  const old = sourceFile("old.3f2a9c01d4.js");
  const unfinished = { release: "r", keys: [old.key], invalidation: { kind: "none" } as const };
  const drift = { altered: [old.key], missing: [], added: [sourceFile("stray.txt").key] };
  const plan = planFor(
    [sourceFile("index.html", "new")],
    manifestOf([sourceFile("index.html"), old]),
    {
      unfinished,
      drift,
    },
  );
  const first = planFor([sourceFile("index.html")]);
  const written = {
    outcomes: [{ key: old.key, outcome: { kind: "done" } }],
    invalidations: [],
  } as const;
  const failed = {
    kind: "failed",
    failure: "cloud",
    error: { what: "a", why: "b", next: "c" },
  } as const;
  const summary = {
    version: 1,
    id: "20261122T120000000Z-00000000",
    time: "2026-11-22T12:00:00.000Z",
    site: "test-site",
    plan: plan.id,
    totals: plan.totals,
    pages: 1,
    provenance: { commit: "c0ffee" },
  } as const;
  const causes = {
    changed: 12,
    compared: 12,
    causes: [
      {
        pages: 12,
        only: 12,
        edits: [{ removed: "a", added: "b" }],
        editCount: 1,
        examples: [old.key],
      },
    ],
  };

  it.each<[string, PlanResult]>([
    ["a plan with everything", { plan, causes, url: "https://example.com" }],
    ["the first plan", { plan: first }],
    ["a refused plan", { plan: planFor([]) }],
  ])("%s", (_, result) => {
    const document = JSON.parse(renderJson({ command: "plan", result }, 0, facts));
    expect(planDocument.parse(document)).toEqual(document);
    expect(document).toMatchObject({
      environment: "production",
      seconds: 0.5,
      requests: { total: 2, bytesSent: 10, operations: facts.traffic },
    });
  });

  it.each<[string, DeployResult]>([
    ["released", { kind: "released", plan, release: summary, ...written, seconds: 1 }],
    [
      "partly applied",
      {
        kind: "partial",
        plan,
        outcomes: [
          { key: old.key, outcome: failed },
          { key: old.key, outcome: { kind: "not-reached" } },
        ],
        invalidations: [{ id: "I", state: "completed", invalidation: { kind: "none" } }],
        seconds: 1,
      },
    ],
    ["nothing to do", { kind: "nothing-to-do", plan }],
    ["refused", { kind: "refused", plan: planFor([]) }],
    ["declined", { kind: "declined", plan }],
  ])("%s", (_, result) => {
    const document = JSON.parse(renderJson({ command: "deploy", result }, 0, facts));
    expect(deployDocument.parse(document)).toEqual(document);
  });

  it("a failure", () => {
    const error = new SlipwayError("cloud", { what: "a", why: "b", next: "c" });
    for (const thrown of [error, new TypeError("x")]) {
      const document = JSON.parse(renderJsonError("deploy", thrown, 6));
      expect(deployDocument.parse(document)).toEqual(document);
    }
  });
});
