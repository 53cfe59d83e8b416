import { readFile, writeFile } from "node:fs/promises";
import { expect, test } from "vitest";
import { checksPage } from "./checks-page.ts";

test("docs/checks.md lists every mistake that is tested, with what the build says", async () => {
  if (process.env.UPDATE_DOCS === "1") await writeFile("docs/checks.md", checksPage());
  expect(await readFile("docs/checks.md", "utf8")).toBe(checksPage());
});
