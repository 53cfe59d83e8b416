import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openEventFile } from "../../deploy/local/event-file.ts";
import { appendStepSummary } from "../../deploy/local/step-summary.ts";
import { tempFolder } from "../support/temp-folder.ts";

it("lines are there at once, behind those of earlier commands", async () => {
  const root = await tempFolder({ "events.ndjson": "earlier\n" });
  const file = openEventFile(root, "events.ndjson", () => {});
  file.append("now");
  expect(await readFile(join(root, "events.ndjson"), "utf8")).toBe("earlier\nnow\n");
  file.close();
});

it("a folder that is not there is an error before anything is done", async () => {
  const root = await tempFolder();
  expect(() => openEventFile(root, "nowhere/events.ndjson", () => {})).toThrow("nowhere/events");
});

it("a log that cannot be written any more says so once, and disturbs nobody", async () => {
  const root = await tempFolder();
  const faults: string[] = [];
  const file = openEventFile(root, "events.ndjson", (why) => faults.push(why));
  file.close();
  file.append("one");
  file.append("two");
  expect(faults).toHaveLength(1);
});

it("a summary that would bring the step over GitHub's limit is left out", async () => {
  const root = await tempFolder({ "summary.md": "x".repeat(1024 * 1024 - 10) });
  const file = join(root, "summary.md");
  expect(await appendStepSummary(file, "short")).toBe(true);
  expect(await appendStepSummary(file, "too long now")).toBe(false);
  expect((await readFile(file, "utf8")).endsWith("short\n")).toBe(true);
});
