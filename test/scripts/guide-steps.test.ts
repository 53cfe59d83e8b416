import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { describe, expect, test } from "vitest";
import { readGuide } from "../../scripts/lib/guide-steps.ts";

describe("A guide", () => {
  test("tells commands to run and files to write, in order", () => {
    const guide =
      "Do this:\n\n```sh\nrm a\nrm b\n```\n\nThen\n\n`x/y.ts`:\n\n```ts\nconst a = 1;\n```\n";
    expect(readGuide(guide)).toEqual([
      { kind: "run", line: 3, commands: "rm a\nrm b\n" },
      { kind: "write", line: 12, path: "x/y.ts", content: "const a = 1;\n" },
    ]);
  });

  test("may write a script file too", () => {
    expect(readGuide("`go.sh`:\n```sh\nls\n```")).toMatchObject([{ kind: "write", path: "go.sh" }]);
  });

  test.each([
    ["a block of unknown use", "Look:\n```ts\n1;\n```", "line 2: the block has no file's name"],
    ["a block without an end", "```sh\nls", "line 1: the block does not end"],
  ])("is refused with %s", (_name, guide, message) => {
    expect(() => readGuide(guide)).toThrow(message);
  });
});

test("What docs/adopt.md tells makes another company's site, with nothing of us in it", async () => {
  const root = resolve(import.meta.dirname, "../..");
  const { stdout, stderr } = await promisify(execFile)(
    process.execPath,
    ["--import", "tsx", "scripts/adopt-check.ts"],
    { cwd: root, env: { ...process.env, NO_COLOR: "1" } },
  );
  expect(stderr).toBe("");
  expect(stdout).toMatch(
    /^\d+ steps of docs\/adopt\.md done\. The home page is called "Fjord Bakery/,
  );
}, 120_000);
