import { chmod, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { createOrigin } from "../../deploy/local/edge/storage/bucket-origin.ts";
import type { State } from "../../deploy/local/edge/storage/state.ts";
import { createState } from "../../deploy/local/edge/storage/state.ts";
import { openStorage } from "../../deploy/local/edge/storage/storage.ts";
import { createWriter } from "../../deploy/local/edge/storage/writer.ts";
import {
  BUCKET_CREATED,
  createSite,
  load,
  once,
  readAll,
  removeKey,
  store,
  withFolder,
} from "./storage-fixture.ts";

async function filesIn(folder: string): Promise<number> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).length;
}

/** Waits until it is so; removals of files happen behind the back of commits. */
async function eventually(check: () => Promise<boolean>): Promise<void> {
  for (let i = 0; i < 200 && !(await check()); i += 1) await wait(5);
  expect(await check()).toBe(true);
}

describe("a storage", () => {
  test("gives back what was stored, also after it was closed", () =>
    withFolder(async (directory) => {
      const first = await openStorage({ directory });
      await createSite(first);
      const keys = ["a", "../../x", "a//b/./..", " \u0000\n", "日本😀", "x".repeat(1024)];
      for (const key of keys) await store(first, key, `text of ${key}`);
      await first.close();
      const second = await openStorage({ directory });
      for (const key of keys) expect(await load(second, key)).toBe(`text of ${key}`);
      await second.close();
      const outside = (await readdir(directory)).sort();
      expect(outside).toEqual(["blobs", "journal.ndjson", "tmp"]);
    }));

  test("writes many objects with few lines", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      await createSite(storage);
      await Promise.all(Array.from({ length: 200 }, (_, i) => store(storage, `${i}`, `${i}`)));
      await storage.close();
      const lines = (await readFile(join(directory, "journal.ndjson"), "utf8")).split("\n").length;
      expect(lines).toBeLessThan(150);
    }));

  test("removes bytes with their last reference, but not under a reader", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      const blobs = join(directory, "blobs");
      await createSite(storage);
      await store(storage, "a", "hello");
      const version = storage.buckets.get("site")?.keys.get("a")?.versions[0];
      const stream = storage.read(version?.kind === "object" ? version.segments : []);
      await removeKey(storage, "a");
      await wait(20);
      expect(await readAll(stream)).toBe("hello");
      await eventually(async () => (await filesIn(blobs)) === 0);
      await storage.close();
    }));

  test("removes what was staged and never committed", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      await createSite(storage);
      const staged = await storage.stage(once("lost"));
      const refused = storage.commit({
        touches: [],
        staged,
        decide: () => {
          throw new Error("refused");
        },
      });
      await expect(refused).rejects.toThrow("refused");
      await eventually(async () => (await filesIn(join(directory, "blobs"))) === 0);
      await storage.stage(once("forgotten"));
      await writeFile(join(directory, "tmp", "half"), "half");
      await storage.close();
      await (await openStorage({ directory })).close();
      expect(await filesIn(join(directory, "blobs"))).toBe(0);
      expect(await filesIn(join(directory, "tmp"))).toBe(0);
    }));

  test("keeps nothing of a source that fails", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      async function* failing() {
        yield Buffer.from("half");
        throw new Error("gone");
      }
      await expect(storage.stage(failing())).rejects.toThrow("gone");
      expect(await filesIn(directory)).toBe(2);
      await storage.close();
    }));

  test("is the CDN's origin: newest version, headers, ranges", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      await createSite(storage);
      await store(storage, "a", "hello");
      const object = await createOrigin(storage, "site").get("a");
      expect(object).toMatchObject({
        size: 5,
        etag: '"5d41402abc4b2a76b9719d911017c592"',
        headers: { "content-type": "text/plain" },
      });
      const part = object?.open({ start: 1, end: 3 });
      expect(part && (await readAll(part))).toBe("ell");
      expect(await createOrigin(storage, "site").get("b")).toBeUndefined();
      expect(await createOrigin(storage, "other").get("a")).toBeUndefined();
      await storage.close();
    }));
});

describe("the folder", () => {
  test("belongs to one storage at a time", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      await expect(openStorage({ directory })).rejects.toMatchObject({
        name: "SlipwayError",
        kind: "config",
        text: { why: expect.stringContaining(`process ${process.pid}`) },
      });
      await storage.close();
      await (await openStorage({ directory })).close();
    }));

  test.each([
    ["of a process that is gone", JSON.stringify({ pid: 2 ** 22 + 1, started: "1" })],
    ["of an earlier process with our number", JSON.stringify({ pid: process.pid, started: "1" })],
    ["that cannot be read", "?"],
  ])("is taken over from a lock %s", (_, lock) =>
    withFolder(async (directory) => {
      await writeFile(join(directory, "lock.1"), lock);
      const storage = await openStorage({ directory });
      expect(await readFile(join(directory, "lock.2"), "utf8")).toContain(`${process.pid}`);
      await storage.close();
    }),
  );

  test("goes to one of many that find a stale lock", () =>
    withFolder(async (directory) => {
      await writeFile(
        join(directory, "lock.1"),
        JSON.stringify({ pid: 2 ** 22 + 1, started: "1" }),
      );
      const attempts = await Promise.allSettled(
        Array.from({ length: 8 }, () => openStorage({ directory })),
      );
      const opened = attempts.filter((attempt) => attempt.status === "fulfilled");
      expect(opened).toHaveLength(1);
      await opened[0]?.value.close();
    }));

  test("that is a file is refused with a reason", () =>
    withFolder(async (folder) => {
      const directory = join(folder, "file", "inner");
      await writeFile(join(folder, "file"), "");
      await expect(openStorage({ directory })).rejects.toMatchObject({
        kind: "config",
        text: { why: "part of the path is a file" },
      });
    }));

  test.skipIf(process.getuid?.() === 0)("that cannot be written is refused with a reason", () =>
    withFolder(async (folder) => {
      const directory = join(folder, "closed");
      await mkdir(directory);
      await chmod(directory, 0o500);
      await expect(openStorage({ directory })).rejects.toMatchObject({
        kind: "config",
        text: { why: "permission is denied" },
      });
      await chmod(directory, 0o700);
    }),
  );

  test("lets nobody else read the objects", () =>
    withFolder(async (directory) => {
      const storage = await openStorage({ directory });
      await createSite(storage);
      await storage.close();
      expect((await stat(join(directory, "journal.ndjson"))).mode & 0o077).toBe(0);
    }));
});

describe("the writer", () => {
  const bucket = { commits: [BUCKET_CREATED], result: undefined };
  const names = (state: State) => [...state.buckets.keys()];

  test("changes nothing when the disk fails, and works on when it recovers", async () => {
    const state = createState();
    let isFull = true;
    const collected: string[] = [];
    const writer = createWriter({
      state,
      persist: async () => {
        if (isFull) throw new Error("full");
      },
      isUncertain: () => false,
      collect: (blobs) => collected.push(...blobs),
    });
    const staged = [{ blob: "b1", start: 0, length: 1 }];
    const first = writer.commit({ touches: "everything", staged, decide: () => bucket });
    await expect(first).rejects.toThrow("full");
    expect(names(state)).toEqual([]);
    expect(collected).toEqual(["b1"]);
    isFull = false;
    await writer.commit({ touches: "everything", decide: () => bucket });
    expect(names(state)).toEqual(["site"]);
  });

  test("removes no bytes when it cannot know what the disk holds", async () => {
    const collected: string[] = [];
    const writer = createWriter({
      state: createState(),
      persist: () => Promise.reject(new Error("fsync")),
      isUncertain: () => true,
      collect: (blobs) => collected.push(...blobs),
    });
    const staged = [{ blob: "b1", start: 0, length: 1 }];
    const commit = writer.commit({ touches: [], staged, decide: () => bucket });
    await expect(commit).rejects.toThrow("fsync");
    expect(collected).toEqual([]);
  });

  test("puts transactions on different things in one group, and on the same thing in order", async () => {
    const groups: number[] = [];
    const writer = createWriter({
      state: createState(),
      persist: async (commits) => void groups.push(commits.length),
      isUncertain: () => false,
      collect: () => undefined,
    });
    const commit = (...touches: string[]) => writer.commit({ touches, decide: () => bucket });
    await Promise.all([commit("a"), commit("b"), commit("c"), commit("a"), commit("d")]);
    expect(groups).toEqual([3, 2]);
  });

  test("lets one that changes everything run alone", async () => {
    const groups: number[] = [];
    const writer = createWriter({
      state: createState(),
      persist: async (commits) => void groups.push(commits.length),
      isUncertain: () => false,
      collect: () => undefined,
    });
    const commit = (touches: string[] | "everything") =>
      writer.commit({ touches, decide: () => bucket });
    await Promise.all([commit(["a"]), commit("everything"), commit("everything"), commit(["b"])]);
    expect(groups).toEqual([1, 1, 1, 1]);
  });
});
