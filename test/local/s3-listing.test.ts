import {
  ListObjectsCommand,
  ListObjectsV2Command,
  type ListObjectsV2CommandOutput,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { listPage, type PageRequest } from "../../deploy/local/edge/s3/list-page.ts";
import { createKeyIndex } from "../../deploy/local/edge/storage/key-index.ts";
import { outcome, type S3Fixture, startS3 } from "./s3-fixture.ts";

let s3: S3Fixture;
let Bucket: string;
const KEYS = ["a", "a/1", "a/2", "a/b/3", "é", "日本", "\u{ff5e}", "😀", "z z+%&<>\"'"];
const SORTED = KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));

beforeAll(async () => {
  s3 = await startS3();
  Bucket = await s3.bucket();
  await Promise.all(
    KEYS.map((Key) => s3.client.send(new PutObjectCommand({ Bucket, Key, Body: Key }))),
  );
});
afterAll(() => s3.close());

const v2 = (more = {}) => s3.client.send(new ListObjectsV2Command({ Bucket, ...more }));
const v1 = (more = {}) => s3.client.send(new ListObjectsCommand({ Bucket, ...more }));
const names = (page: Pick<ListObjectsV2CommandOutput, "Contents">) =>
  page.Contents?.map(({ Key }) => Key) ?? [];

describe("ListObjectsV2", () => {
  test("gives keys in the order of their bytes", async () => {
    const page = await v2();
    expect(names(page)).toEqual(SORTED);
    expect(page).toMatchObject({ KeyCount: KEYS.length, MaxKeys: 1000, IsTruncated: false });
    expect(page.Contents?.[0]).toMatchObject({ Size: 1, StorageClass: "STANDARD" });
    expect(page.Contents?.[0]).not.toHaveProperty("Owner");
  });

  test.each([1, 2, 3, 8])("gives the same keys %d at a time", async (MaxKeys) => {
    const seen: (string | undefined)[] = [];
    let ContinuationToken: string | undefined;
    do {
      const page = await v2({ MaxKeys, ContinuationToken });
      expect(names(page).length).toBeLessThanOrEqual(MaxKeys);
      seen.push(...names(page));
      ContinuationToken = page.NextContinuationToken;
    } while (ContinuationToken !== undefined);
    expect(seen).toEqual(SORTED);
  });

  test("folds keys behind the delimiter", async () => {
    const page = await v2({ Delimiter: "/" });
    expect(page.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
    expect(names(page)).not.toContain("a/1");
    const inner = await v2({ Delimiter: "/", Prefix: "a/" });
    expect(names(inner)).toEqual(["a/1", "a/2"]);
    expect(inner.CommonPrefixes).toEqual([{ Prefix: "a/b/" }]);
  });

  test("starts behind a key, and names the owner when asked", async () => {
    const page = await v2({ StartAfter: "a/2", MaxKeys: 1, FetchOwner: true });
    expect(names(page)).toEqual(["a/b/3"]);
    expect(page.Contents?.[0]?.Owner?.DisplayName).toBe("slipway");
  });

  test("encodes names when asked to", async () => {
    const page = await v2({ EncodingType: "url" });
    expect(names(page)).toContain("z+z%2B%25%26%3C%3E%22%27");
    expect(names(page)).toContain("a/b/3");
    expect(names(page)).toContain("%F0%9F%98%80");
  });

  test("takes 0 keys, and refuses a size or token that is none", async () => {
    expect(await v2({ MaxKeys: 0 })).toMatchObject({ KeyCount: 0, IsTruncated: false });
    expect(await outcome(v2({ MaxKeys: -1 }))).toBe("400 InvalidArgument");
    expect(await outcome(v2({ ContinuationToken: "bogus" }))).toBe("400 InvalidArgument");
  });
});

describe("ListObjects", () => {
  test("goes on behind a marker, and names the next only with a delimiter", async () => {
    const first = await v1({ MaxKeys: 2 });
    expect(names(first)).toEqual(["a", "a/1"]);
    expect(first).toMatchObject({ IsTruncated: true });
    expect(first.NextMarker).toBeUndefined();
    expect(first.Contents?.[0]?.Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect(names(await v1({ MaxKeys: 2, Marker: "a/1" }))).toEqual(["a/2", "a/b/3"]);
    const folded = await v1({ Delimiter: "/", MaxKeys: 2 });
    expect(folded.NextMarker).toBe("a/");
    const rest = await v1({ Delimiter: "/", Marker: "a/" });
    expect(rest.CommonPrefixes).toBeUndefined();
    expect(names(rest)).toEqual(SORTED.filter((key) => !key.startsWith("a")));
  });
});

describe("a page", () => {
  const key = fc.string({
    unit: fc.constantFrom("a", "b", "/", "é", "\u{ff5e}", "😀"),
    minLength: 1,
    maxLength: 6,
  });

  test("after page gives exactly what a plain reading of the rules gives", () => {
    fc.assert(
      fc.property(
        fc.uniqueArray(key, { maxLength: 40 }),
        fc.oneof(key, fc.constant("")),
        fc.constantFrom("", "/", "b/"),
        fc.integer({ min: 1, max: 5 }),
        (keys, prefix, delimiter, most) => {
          const index = createKeyIndex<{ readonly key: string }>();
          for (const one of keys) index.set(one, { key: one });
          expect(allPages(index, { prefix, delimiter, after: "", most })).toEqual(
            expectedRows(keys, prefix, delimiter),
          );
        },
      ),
    );
  });
});

function allPages(
  index: ReturnType<typeof createKeyIndex<{ readonly key: string }>>,
  request: PageRequest,
): readonly string[] {
  const rows: string[] = [];
  let after = "";
  for (;;) {
    const page = listPage(index, { ...request, after }, (entry) => [entry]);
    for (const row of page.rows) rows.push(row.kind === "item" ? row.key : row.prefix);
    if (!page.isTruncated) return rows;
    after = rows.at(-1) ?? "";
  }
}

function expectedRows(
  keys: readonly string[],
  prefix: string,
  delimiter: string,
): readonly string[] {
  const rows = keys
    .filter((key) => key.startsWith(prefix))
    .map((key) => {
      const at = delimiter === "" ? -1 : key.indexOf(delimiter, prefix.length);
      return at < 0 ? key : key.slice(0, at + delimiter.length);
    });
  return [...new Set(rows)].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
}
