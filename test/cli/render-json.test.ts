import { expect, it } from "vitest";
import { renderJson, renderJsonError } from "../../deploy/cli/render-json.ts";
import type { Change } from "../../deploy/core/change.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { entryFor, sourceFile } from "../support/builders.ts";
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
