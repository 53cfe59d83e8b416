import { chmod, cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { openCache } from "../../site/lib/cache.ts";
import { tempFolder } from "../support/temp-folder.ts";

const entriesIn = async (root: string) =>
  (await readdir(join(root, "things"))).filter((name) => name !== "index.json");

describe("A cache", () => {
  test("gives back the bytes that it was given, to a later run too, whatever the key", async () => {
    const root = await tempFolder();
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.uint8Array(), (key, bytes) => {
        openCache("things", "1", { root }).set(key, bytes);
        expect(openCache("things", "1", { root }).get(key)).toEqual(Buffer.from(bytes));
      }),
    );
  });

  test("finds nothing under another key, version or name", async () => {
    const root = await tempFolder();
    openCache("things", "1", { root }).set("key", "value");
    expect(openCache("things", "1", { root }).get("other")).toBeUndefined();
    expect(openCache("things", "2", { root }).get("key")).toBeUndefined();
    expect(openCache("others", "1", { root }).get("key")).toBeUndefined();
  });

  test("counts a torn, changed or misplaced entry as missing, and replaces it", async () => {
    const root = await tempFolder();
    const cache = openCache("things", "1", { root });
    cache.set("key", "some value");
    const [entry = ""] = await entriesIn(root);
    const path = join(root, "things", entry);
    const whole = await readFile(path);
    const misplaced = whole.subarray(0, 16);
    for (const bad of [whole.subarray(0, -1), whole.subarray(0, 3), misplaced, Buffer.from("")]) {
      await writeFile(path, bad);
      expect(cache.get("key")).toBeUndefined();
    }
    cache.set("other", "other value");
    const other = (await entriesIn(root)).find((name) => name !== entry) ?? "";
    await cp(join(root, "things", other), path);
    expect(cache.get("key")).toBeUndefined();
    cache.set("key", "some value");
    expect(cache.get("key")?.toString()).toBe("some value");
  });

  test("is the same to two builds at once", async () => {
    const root = await tempFolder();
    const [one, two] = [openCache("things", "1", { root }), openCache("things", "1", { root })];
    one.set("a", "1");
    two.set("a", "1");
    two.set("b", "2");
    one.prune();
    two.prune();
    const later = openCache("things", "1", { root });
    expect([later.get("a"), later.get("b")].map(String)).toEqual(["1", "2"]);
  });

  test("forgets what twenty builds have not used, and keeps what one of them has", async () => {
    const root = await tempFolder();
    openCache("things", "1", { root }).set("seldom", "1");
    openCache("things", "1", { root }).set("never", "1");
    for (let build = 1; build <= 20; build += 1) {
      const cache = openCache("things", "1", { root });
      cache.set(`build ${build}`, "1");
      if (build === 15) cache.get("seldom");
      cache.prune();
    }
    const cache = openCache("things", "1", { root });
    expect(cache.get("never")).toBeUndefined();
    expect(cache.get("seldom")?.toString()).toBe("1");
    expect(cache.get("build 1")?.toString()).toBe("1");
  });

  test("lives through an index that is damaged", async () => {
    const root = await tempFolder();
    const cache = openCache("things", "1", { root });
    cache.set("key", "value");
    for (const text of ["", "{", "[]", '{"builds":"x","lastUse":{}}', '{"builds":1}']) {
      await writeFile(join(root, "things/index.json"), text);
      openCache("things", "1", { root }).prune();
      expect(openCache("things", "1", { root }).get("key")?.toString()).toBe("value");
    }
  });

  test("says once that it cannot keep anything, and goes on", async () => {
    const file = join(await tempFolder({ file: "no folder" }), "file");
    const notices: string[] = [];
    const cache = openCache("things", "1", { root: file, notice: (text) => notices.push(text) });
    cache.set("key", "value");
    cache.set("key", "value");
    cache.prune();
    expect(cache.get("key")).toBeUndefined();
    expect(notices).toEqual([
      `Nothing can be kept in ${file}/things/ (ENOTDIR): the next build does the same work again.`,
    ]);
  });

  test.skipIf(process.getuid?.() === 0)(
    "reads from a folder that it must not write to",
    async () => {
      const root = await tempFolder();
      openCache("things", "1", { root }).set("key", "value");
      await chmod(join(root, "things"), 0o555);
      const notices: string[] = [];
      const cache = openCache("things", "1", { root, notice: (text) => notices.push(text) });
      expect(cache.get("key")?.toString()).toBe("value");
      cache.set("other", "value");
      cache.prune();
      await chmod(join(root, "things"), 0o755);
      expect(notices).toHaveLength(1);
    },
  );
});
