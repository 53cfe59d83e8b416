import { appendFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import {
  encodeLine,
  HEADING,
  readJournal,
} from "../../deploy/local/edge/storage/journal-format.ts";
import { openStorage } from "../../deploy/local/edge/storage/storage.ts";
import {
  BUCKET_CREATED,
  createSite,
  load,
  removeKey,
  store,
  withFolder,
} from "./storage-fixture.ts";

const KEYS = ["first", "second", "third"];

async function fill(directory: string): Promise<void> {
  const storage = await openStorage({ directory });
  await createSite(storage);
  for (const key of KEYS) await store(storage, key, `text of ${key}`);
  await storage.close();
}

/** The keys that are there; each must hold its own text. */
async function keysIn(directory: string): Promise<readonly string[]> {
  const storage = await openStorage({ directory });
  const found: string[] = [];
  for (const key of KEYS) {
    const text = await load(storage, key);
    if (text === undefined) continue;
    expect(text).toBe(`text of ${key}`);
    found.push(key);
  }
  await storage.close();
  return found;
}

describe("a journal", () => {
  test("cut at any byte holds exactly the lines before the cut", () => {
    const lines = [1, 2, 3].map(() => encodeLine([BUCKET_CREATED, BUCKET_CREATED]));
    const whole = Buffer.from(HEADING + lines.join(""));
    for (let end = HEADING.length; end <= whole.length; end += 1) {
      const reading = readJournal(whole.subarray(0, end));
      const complete = Math.floor((end - HEADING.length) / (lines[0]?.length ?? 1));
      expect(reading).toMatchObject({ kind: "whole", lines: 1 + complete });
      if (reading.kind !== "whole") continue;
      expect(reading.commits).toHaveLength(complete * 2);
      expect(reading.end).toBe(HEADING.length + complete * (lines[0]?.length ?? 0));
    }
  });

  test("with any byte changed is damaged, or lacks its last line only", () => {
    const lines = [1, 2].map(() => encodeLine([BUCKET_CREATED]));
    const whole = Buffer.from(HEADING + lines.join(""));
    for (let at = 0; at < whole.length; at += 1) {
      const changed = Buffer.from(whole);
      changed[at] = (changed[at] ?? 0) ^ 1;
      const reading = readJournal(changed);
      const isInLast = at >= whole.length - (lines[1]?.length ?? 0);
      if (reading.kind === "whole") {
        expect(isInLast || at === whole.length - (lines[1]?.length ?? 0) - 1).toBe(true);
        expect(reading.commits.length).toBeLessThan(2);
      }
    }
  });
});

describe("a storage", () => {
  test("cut off within its last line opens with all that came before, and goes on", () =>
    withFolder(async (directory) => {
      await fill(directory);
      const path = join(directory, "journal.ndjson");
      const whole = await readFile(path, "utf8");
      const lastStart = whole.lastIndexOf("\n", whole.length - 2) + 1;
      for (const end of [lastStart, lastStart + 1, lastStart + 40, whole.length - 1]) {
        await writeFile(path, whole.slice(0, end));
        expect(await keysIn(directory)).toEqual(["first", "second"]);
        expect(await readFile(path, "utf8")).toBe(whole.slice(0, lastStart));
      }
      const storage = await openStorage({ directory });
      await store(storage, "third", "text of third");
      await storage.close();
      expect(await keysIn(directory)).toEqual(KEYS);
    }));

  test("with zeros behind its last line, as after a power cut, opens", () =>
    withFolder(async (directory) => {
      await fill(directory);
      await appendFile(join(directory, "journal.ndjson"), Buffer.alloc(4096));
      expect(await keysIn(directory)).toEqual(KEYS);
    }));

  test.each([
    ["damaged in the middle", (text: string) => text.replace("second", "sEcond")],
    ["missing a line in the middle of one", (text: string) => text.replace('"kind":', '"kind"\n:')],
    ["empty", () => ""],
    ["of another kind", () => "{}\n"],
  ])("whose journal is %s refuses to open, and changes nothing", (_, damage) =>
    withFolder(async (directory) => {
      await fill(directory);
      const path = join(directory, "journal.ndjson");
      const damaged = damage(await readFile(path, "utf8"));
      await writeFile(path, damaged);
      await expect(openStorage({ directory })).rejects.toMatchObject({
        name: "SlipwayError",
        kind: "internal",
        text: { next: expect.stringContaining("Nothing was changed") },
      });
      expect(await readFile(path, "utf8")).toBe(damaged);
    }),
  );

  test("whose journal is gone is not taken for an empty one", () =>
    withFolder(async (directory) => {
      await fill(directory);
      const path = join(directory, "journal.ndjson");
      const whole = await readFile(path);
      const { rm } = await import("node:fs/promises");
      await rm(path);
      await expect(openStorage({ directory })).rejects.toMatchObject({ kind: "internal" });
      await writeFile(path, whole);
      expect(await keysIn(directory)).toEqual(KEYS);
    }));

  test("that has seen many changes gets a shorter journal, with the same content", () =>
    withFolder(async (directory) => {
      await fill(directory);
      const storage = await openStorage({ directory, durability: "memory" });
      for (let i = 0; i < 600; i += 1) {
        await store(storage, "busy", `${i}`);
        await removeKey(storage, "busy");
      }
      await storage.close();
      const path = join(directory, "journal.ndjson");
      const before = (await readFile(path)).length;
      expect(await keysIn(directory)).toEqual(KEYS);
      expect((await readFile(path)).length).toBeLessThan(before / 10);
      await truncate(path, (await readFile(path)).length - 1);
    }));
});
