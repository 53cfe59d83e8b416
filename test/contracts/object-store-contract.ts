import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { canonicalHeaders, type ObjectHeaders } from "../../deploy/core/headers.ts";
import { compareKeys, type ObjectKey, objectKey } from "../../deploy/core/keys.ts";
import type { FileOrigin, SourceFile } from "../../deploy/core/source.ts";
import type { ObjectStore } from "../../deploy/ports.ts";

/** A store with an empty bucket, and what the port does not tell: how an object is stored. */
export type StoreUnderTest = {
  readonly store: ObjectStore;
  /** Describes a file with this content as a scan would, and makes it readable to the store. */
  file(key: string, content: string, headers?: Partial<ObjectHeaders>): Promise<SourceFile>;
  /** The headers of a stored object, in their canonical form. */
  headersOf(key: ObjectKey): Promise<string>;
  /** Makes the removal of one key fail; undefined where the store cannot be told to. */
  readonly refuseRemovalOf?: (key: ObjectKey) => void;
  close(): Promise<void>;
};

export type StoreTraits = {
  /** The bucket keeps versions, and a file can come from one. */
  readonly versioned: boolean;
  /** A copy can depend on the ETag of its source. */
  readonly conditionalCopies: boolean;
  /** A write may wait for its turn, and asks whether it may go on when that has come. */
  readonly queues: boolean;
};

const ODD_KEYS = [
  "a b.txt",
  "a+b.txt",
  "100%.txt",
  "é.txt",
  "日本/語.txt",
  "😀.txt",
  "&'(~!*).txt",
];

/** What a deploy relies on. In memory or over a wire, every store must do all of it. */
export function objectStoreContract(
  name: string,
  start: () => Promise<StoreUnderTest>,
  { versioned, conditionalCopies, queues }: StoreTraits,
): void {
  describe(name, () => {
    let world: StoreUnderTest;
    let store: ObjectStore;
    let round = 0;
    let folder = "";

    beforeAll(async () => {
      world = await start();
      store = world.store;
    });
    beforeEach(() => {
      round += 1;
      folder = `round-${round}/`;
    });
    afterAll(() => world?.close());

    const put = async (key: string, content = `content of ${key}`) => {
      const file = await world.file(`${folder}${key}`, content);
      return { file, stored: await store.putFile(file) };
    };
    const keys = async (range = {}) =>
      (await store.list({ prefix: folder, ...range })).map(({ key }) => key.slice(folder.length));

    it("stores a file, and lists it with the ETag that it answered and its size", async () => {
      const { file, stored } = await put("page.html", "four");
      expect(await store.list({ prefix: folder })).toEqual([
        { key: file.key, etag: stored.etag, size: 4 },
      ]);
    });

    it("overwrites: another content has another ETag, and is one object", async () => {
      const first = await put("page.html", "one");
      const second = await put("page.html", "two, longer");
      expect(second.stored.etag).not.toBe(first.stored.etag);
      expect(await store.list({ prefix: folder })).toMatchObject([{ size: 11 }]);
    });

    it("keeps the headers", async () => {
      const file = await world.file(`${folder}file.pdf`, "x", {
        contentDisposition: "attachment",
        contentLanguage: "de-AT",
        cacheControl: "public, max-age=60",
        answerStatus: "410",
      });
      await store.putFile(file);
      expect(await world.headersOf(file.key)).toBe(canonicalHeaders(localOrigin(file).headers));
    });

    it("replaces all headers and nothing else", async () => {
      const { file, stored } = await put("page.html", "the content");
      const { contentType } = localOrigin(file).headers;
      const headers = { contentType, cacheControl: "no-store" };
      const answer = await store.replaceHeaders(file.key, { headers, etag: stored.etag });
      expect(answer.kind).toBe("written");
      expect(await world.headersOf(file.key)).toBe(canonicalHeaders(headers));
      expect(await store.list({ prefix: folder })).toMatchObject([{ size: 11 }]);
    });

    it.skipIf(!conditionalCopies)(
      "does not replace the headers of what someone else has stored meanwhile",
      async () => {
        const { file, stored } = await put("page.html", "one");
        await put("page.html", "two");
        const { headers } = localOrigin(file);
        const update = { headers: { ...headers, cacheControl: "no-store" }, etag: stored.etag };
        expect(await store.replaceHeaders(file.key, update)).toEqual({ kind: "moved" });
        expect(await world.headersOf(file.key)).toBe(canonicalHeaders(headers));
      },
    );

    it("lists odd keys as they were written, in the order of their bytes", async () => {
      for (const key of ODD_KEYS) await put(key);
      expect(await keys()).toEqual(ODD_KEYS.toSorted(compareKeys));
    });

    it("lists past a thousand keys, whole or in ranges that join", async () => {
      const { file } = await put("0000");
      const names = Array.from({ length: 1003 }, (_, i) => String(i).padStart(4, "0"));
      await Promise.all(
        names.map((name) => store.putFile({ ...file, key: objectKey(`${folder}${name}`) })),
      );
      expect(await keys()).toEqual(names);
      const parts = await Promise.all([
        keys({ upTo: `${folder}0500` }),
        keys({ after: `${folder}0500`, upTo: `${folder}1000` }),
        keys({ after: `${folder}1000` }),
      ]);
      expect(parts.map((part) => part.length)).toEqual([501, 500, 2]);
      expect(parts.flat()).toEqual(names);
      const fates = await store.remove(names.map((name) => objectKey(`${folder}${name}`)));
      expect(fates.filter(({ kind }) => kind === "removed")).toHaveLength(1003);
      expect(await keys()).toEqual([]);
    });

    it("removes what is there and what is not, with one fate a key in their order", async () => {
      const { file } = await put("a b+é.txt");
      const gone = objectKey(`${folder}gone.txt`);
      expect(await store.remove([gone, file.key])).toEqual([
        { key: gone, kind: "removed" },
        { key: file.key, kind: "removed" },
      ]);
      expect(await keys()).toEqual([]);
      expect(await store.remove([])).toEqual([]);
    });

    it("reports the key whose removal is refused, and removes the others", async (context) => {
      if (world.refuseRemovalOf === undefined) return context.skip();
      const [refused, other] = [(await put("refused")).file.key, (await put("other")).file.key];
      world.refuseRemovalOf(refused);
      const fates = await store.remove([other, refused]);
      expect(fates.map(({ key, kind }) => [key, kind])).toEqual([
        [other, "removed"],
        [refused, "failed"],
      ]);
      expect(await keys()).toEqual(["refused"]);
    });

    it.skipIf(!queues)("asks before it writes, and writes nothing when it may not", async () => {
      const { file, stored } = await put("page.html", "one");
      const next = await world.file(`${folder}page.html`, "two");
      const no = async () => {
        throw new Error("told to stop");
      };
      await expect(store.putFile(next, no)).rejects.toThrow("told to stop");
      const update = { headers: localOrigin(file).headers, etag: stored.etag };
      await expect(store.replaceHeaders(file.key, update, no)).rejects.toThrow("told to stop");
      expect(await store.list({ prefix: folder })).toMatchObject([{ etag: stored.etag }]);
    });

    it.skipIf(!versioned)("brings a version back with its headers", async () => {
      const { file, stored } = await put("page.html", "the old content");
      await put("page.html", "new");
      const { versionId = "" } = stored;
      const origin: FileOrigin = { kind: "version", versionId };
      const back = await store.putFile({ ...file, origin });
      expect(back.versionId).not.toBe(versionId);
      expect(await store.list({ prefix: folder })).toMatchObject([{ etag: stored.etag, size: 15 }]);
      expect(await world.headersOf(file.key)).toBe(canonicalHeaders(localOrigin(file).headers));
    });
  });
}

function localOrigin({ origin }: SourceFile): Extract<FileOrigin, { readonly kind: "file" }> {
  if (origin.kind === "file") return origin;
  throw new Error("the test made this file from a version");
}
