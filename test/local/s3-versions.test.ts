import {
  CopyObjectCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketVersioningCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { outcome, type S3Fixture, startS3 } from "./s3-fixture.ts";

let s3: S3Fixture;
let Bucket: string;

beforeAll(async () => {
  s3 = await startS3();
});
beforeEach(async () => {
  Bucket = await s3.bucket();
});
afterAll(() => s3.close());

const versioning = (Status: "Enabled" | "Suspended") =>
  s3.client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration: { Status } }));
const put = async (Key: string, Body: string, more = {}) =>
  (await s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }))).VersionId;
const text = async (Key: string, VersionId?: string) => {
  const found = await s3.client.send(new GetObjectCommand({ Bucket, Key, VersionId }));
  return found.Body?.transformToString();
};
const head = (Key: string, VersionId?: string) =>
  outcome(s3.client.send(new HeadObjectCommand({ Bucket, Key, VersionId })));
const remove = (Key: string, VersionId?: string) =>
  s3.client.send(new DeleteObjectCommand({ Bucket, Key, VersionId }));
const list = (more = {}) => s3.client.send(new ListObjectVersionsCommand({ Bucket, ...more }));
const keys = async () =>
  (await s3.client.send(new ListObjectsV2Command({ Bucket }))).Contents?.map(({ Key }) => Key) ??
  [];

describe("with versioning off", () => {
  test("there is no status, and versions are called null", async () => {
    const { Status } = await s3.client.send(new GetBucketVersioningCommand({ Bucket }));
    expect(Status).toBeUndefined();
    expect(await put("a", "1")).toBeUndefined();
    await put("a", "2");
    const { Versions } = await list();
    expect(Versions).toMatchObject([{ Key: "a", VersionId: "null", IsLatest: true, Size: 1 }]);
    expect(await text("a", "null")).toBe("2");
  });
});

describe("with versioning on", () => {
  beforeEach(() => versioning("Enabled"));

  test("every put is kept under an id of its own", async () => {
    const one = await put("a", "1");
    const two = await put("a", "2");
    expect(one).not.toBe(two);
    expect(await text("a")).toBe("2");
    expect(await text("a", one)).toBe("1");
    const { Versions } = await list();
    expect(Versions?.map(({ VersionId, IsLatest }) => [VersionId, IsLatest])).toEqual([
      [two, true],
      [one, false],
    ]);
  });

  test("a deletion is a marker that hides the object, and can be taken back", async () => {
    const one = await put("a", "1");
    const deleted = await remove("a");
    expect(deleted.DeleteMarker).toBe(true);
    expect(await head("a")).toBe("404 NotFound");
    expect(await head("a", deleted.VersionId)).toMatch(/^405/);
    expect(await text("a", one)).toBe("1");
    expect(await keys()).toEqual([]);
    const { DeleteMarkers } = await list();
    expect(DeleteMarkers).toMatchObject([
      { Key: "a", VersionId: deleted.VersionId, IsLatest: true },
    ]);
    const undone = await remove("a", deleted.VersionId);
    expect(undone).toMatchObject({ DeleteMarker: true, VersionId: deleted.VersionId });
    expect(await text("a")).toBe("1");
  });

  test("a version is deleted for good by its id", async () => {
    const one = await put("a", "1");
    const two = await put("a", "2");
    await remove("a", two);
    expect(await text("a")).toBe("1");
    expect(await head("a", two)).toBe("404 NotFound");
    const batch = new DeleteObjectsCommand({
      Bucket,
      Delete: { Objects: [{ Key: "a", VersionId: one }, { Key: "b" }] },
    });
    const { Deleted } = await s3.client.send(batch);
    expect(Deleted).toMatchObject([
      { Key: "a", VersionId: one },
      { Key: "b", DeleteMarker: true },
    ]);
  });

  test("unknown and impossible ids are told apart", async () => {
    await put("a", "1");
    const get = (VersionId: string) =>
      outcome(s3.client.send(new GetObjectCommand({ Bucket, Key: "a", VersionId })));
    expect(await get("0".repeat(32))).toBe("404 NoSuchVersion");
    expect(await get("?")).toBe("400 InvalidArgument");
  });

  test("an old version is brought back by copying it", async () => {
    const one = await put("a", "1", { CacheControl: "max-age=1" });
    await put("a", "2");
    const copied = await s3.client.send(
      new CopyObjectCommand({ Bucket, Key: "a", CopySource: `${Bucket}/a?versionId=${one}` }),
    );
    expect(copied.CopySourceVersionId).toBe(one);
    expect(await text("a")).toBe("1");
    const { DeleteMarkers, VersionId } = { DeleteMarkers: undefined, ...(await remove("a")) };
    expect(DeleteMarkers).toBeUndefined();
    const marker = new CopyObjectCommand({
      Bucket,
      Key: "b",
      CopySource: `${Bucket}/a?versionId=${VersionId}`,
    });
    expect(await outcome(s3.client.send(marker))).toBe("400 InvalidRequest");
  });

  test("a marker counts as no object for conditions", async () => {
    await put("a", "1");
    await remove("a");
    const write = (more: object) =>
      outcome(s3.client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x", ...more })));
    const conditional = new DeleteObjectCommand({ Bucket, Key: "a", IfMatch: "*" });
    expect(await outcome(s3.client.send(conditional))).toBe("412 PreconditionFailed");
    expect(await write({ IfMatch: '"0"' })).toBe("404 NoSuchKey");
    expect(await write({ IfNoneMatch: "*" })).toBe("ok");
  });

  test("versions are listed page by page, also while they are being deleted", async () => {
    for (const body of ["1", "2", "3"]) {
      for (const key of ["a", "b/c", "z"]) await put(key, body);
    }
    await remove("b/c");
    const seen: string[] = [];
    let page = await list({ MaxKeys: 2 });
    for (;;) {
      const shown = [...(page.Versions ?? []), ...(page.DeleteMarkers ?? [])];
      seen.push(...shown.map(({ Key = "" }) => Key));
      await Promise.all(shown.map(({ Key = "", VersionId }) => remove(Key, VersionId)));
      if (page.IsTruncated !== true) break;
      const { NextKeyMarker: KeyMarker, NextVersionIdMarker: VersionIdMarker } = page;
      page = await list({ MaxKeys: 2, KeyMarker, VersionIdMarker });
    }
    expect(seen.toSorted()).toEqual([..."aaa", "b/c", "b/c", "b/c", "b/c", ..."zzz"]);
    expect((await list()).Versions).toBeUndefined();
  });

  test("a listing folds keys, with versions too", async () => {
    await put("a/1", "x");
    await put("a/2", "x");
    await put("b", "x");
    const page = await list({ Delimiter: "/", MaxKeys: 1 });
    expect(page.CommonPrefixes).toEqual([{ Prefix: "a/" }]);
    const next = await list({ Delimiter: "/", KeyMarker: page.NextKeyMarker });
    expect(next.Versions?.map(({ Key }) => Key)).toEqual(["b"]);
    expect(next.CommonPrefixes).toBeUndefined();
  });
});

test("while suspended, the null version is replaced and the others stay", async () => {
  await put("a", "before");
  await versioning("Enabled");
  const one = await put("a", "kept");
  await versioning("Suspended");
  await put("a", "null again");
  expect(await text("a", "null")).toBe("null again");
  expect(await text("a", one)).toBe("kept");
  expect((await list()).Versions).toHaveLength(2);
  const deleted = await remove("a");
  expect(deleted).toMatchObject({ DeleteMarker: true, VersionId: "null" });
  expect((await list()).Versions?.map(({ VersionId }) => VersionId)).toEqual([one]);
});
