import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { openBlobCache } from "../../site/lib/blob-cache.ts";

describe("A cache of files", () => {
  let folder: string;

  beforeEach(async () => {
    folder = join(await mkdtemp(join(tmpdir(), "blobs-")), "cache");
  });
  afterEach(() => rm(join(folder, ".."), { recursive: true }));

  async function keep(...names: readonly string[]): Promise<void> {
    const cache = openBlobCache(folder);
    for (const name of names) await cache.put(name, Buffer.from(`bytes of ${name}`));
    cache.close();
  }

  test("finds in a later run what an earlier one put there", async () => {
    await keep("a.png");
    const found = openBlobCache(folder).find("a.png");
    expect(found?.size).toBe(14);
    expect(await readFile(found?.from ?? "", "utf8")).toBe("bytes of a.png");
    expect(openBlobCache(folder).find("b.png")).toBeUndefined();
  });

  test("finds it also when the run died before it ended", async () => {
    await openBlobCache(folder).put("a.png", Buffer.from("bytes"));
    expect(openBlobCache(folder).find("a.png")).toBeDefined();
  });

  test("removes a file whose bytes are not what its name says", async () => {
    await keep("a.png");
    const [file = ""] = (await readdir(folder)).filter((name) => name.startsWith("a.png"));
    await writeFile(join(folder, file), "bytes of x.png");
    expect(openBlobCache(folder).find("a.png")).toBeUndefined();
    expect(await readdir(folder)).toEqual(["stamps.json"]);
  });

  test("trusts a file that was copied here when its bytes are whole", async () => {
    await keep("a.png");
    const [file = ""] = (await readdir(folder)).filter((name) => name.startsWith("a.png"));
    await utimes(join(folder, file), 1, 1);
    expect(openBlobCache(folder).find("a.png")).toBeDefined();
  });

  test.each(["", "{", "null", '{"a":1}'])(
    "needs no list of stamps: %j is as good",
    async (text) => {
      await keep("a.png");
      await writeFile(join(folder, "stamps.json"), text);
      expect(openBlobCache(folder).find("a.png")).toBeDefined();
    },
  );

  test("sweeps away what a killed run was writing", async () => {
    await keep("a.png");
    await writeFile(join(folder, "b.png~0123456789abcdef.tmp-1"), "half");
    openBlobCache(folder);
    expect((await readdir(folder)).filter((name) => name.startsWith("b"))).toEqual([]);
  });

  test("keeps what another branch needs, until that is most of it", async () => {
    await keep("a.png", "b.png");
    const small = openBlobCache(folder);
    small.find("a.png");
    small.close();
    expect(openBlobCache(folder).find("b.png")).toBeDefined();
    await keep(...Array.from({ length: 201 }, (_, index) => `${index}.png`));
    const large = openBlobCache(folder);
    large.find("a.png");
    large.close();
    const left = await readdir(folder);
    expect(left.filter((name) => name !== "stamps.json")).toHaveLength(1);
  });
});
