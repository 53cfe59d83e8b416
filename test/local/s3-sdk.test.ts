import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import {
  AbortMultipartUploadCommand,
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteBucketCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetBucketLocationCommand,
  GetObjectAttributesCommand,
  GetObjectCommand,
  HeadBucketCommand,
  HeadObjectCommand,
  ListBucketsCommand,
  ListMultipartUploadsCommand,
  ListPartsCommand,
  PutObjectCommand,
  UploadPartCommand,
  UploadPartCopyCommand,
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

const put = (Key: string, Body: string | Buffer = "x", more = {}) =>
  s3.client.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more = {}) =>
  s3.client.send(new GetObjectCommand({ Bucket, Key, ...more }));
const head = (Key: string, more = {}) =>
  s3.client.send(new HeadObjectCommand({ Bucket, Key, ...more }));
const copy = (from: string, Key: string, more = {}) =>
  s3.client.send(
    new CopyObjectCommand({ Bucket, Key, CopySource: encodeURI(`${Bucket}/${from}`), ...more }),
  );
const text = async (Key: string, more = {}) => (await get(Key, more)).Body?.transformToString();
const md5 = (data: string | Buffer) => createHash("md5").update(data).digest("hex");

describe("buckets", () => {
  test("are created, found, listed and deleted", async () => {
    const { Buckets, Owner } = await s3.client.send(new ListBucketsCommand({ Prefix: Bucket }));
    expect(Buckets).toMatchObject([{ Name: Bucket, BucketRegion: "us-east-1" }]);
    expect(Owner?.ID).toMatch(/^[0-9a-f]{64}$/);
    expect(await s3.client.send(new HeadBucketCommand({ Bucket }))).toMatchObject({
      BucketRegion: "us-east-1",
    });
    const location = await s3.client.send(new GetBucketLocationCommand({ Bucket }));
    expect(location.LocationConstraint).toBeFalsy();
    await s3.client.send(new DeleteBucketCommand({ Bucket }));
    expect(await outcome(s3.client.send(new HeadBucketCommand({ Bucket })))).toBe("404 NotFound");
    expect(await outcome(put("a"))).toBe("404 NoSuchBucket");
  });

  test("may be created twice in us-east-1, and keep what they hold", async () => {
    await put("a");
    expect(await outcome(s3.client.send(new CreateBucketCommand({ Bucket })))).toBe("ok");
    expect(await text("a")).toBe("x");
  });

  test("are not deleted while they hold something", async () => {
    await put("a");
    expect(await outcome(s3.client.send(new DeleteBucketCommand({ Bucket })))).toBe(
      "409 BucketNotEmpty",
    );
  });

  test.each(["UPPER", "ab", "a..b", "10.0.0.1", "-a-", "a_b"])(
    "cannot be called %s",
    async (name) => {
      expect(await outcome(s3.client.send(new CreateBucketCommand({ Bucket: name })))).toBe(
        "400 InvalidBucketName",
      );
    },
  );

  test("cannot be created for another region, nor with a public ACL", async () => {
    const elsewhere = new CreateBucketCommand({
      Bucket: "elsewhere",
      CreateBucketConfiguration: { LocationConstraint: "eu-west-1" },
    });
    expect(await outcome(s3.client.send(elsewhere))).toBe("400 IllegalLocationConstraintException");
    const open = new CreateBucketCommand({ Bucket: "open-bucket", ACL: "public-read" });
    expect(await outcome(s3.client.send(open))).toBe("400 InvalidBucketAclWithObjectOwnership");
  });

  test("belong to one account", async () => {
    expect(await outcome(head("a", { ExpectedBucketOwner: "111111111111" }))).toBe("403 Unknown");
    expect(await outcome(put("a", "x", { ExpectedBucketOwner: "000000000000" }))).toBe("ok");
  });
});

describe("objects", () => {
  test("come back with bytes, headers and metadata as they were stored", async () => {
    const headers = {
      CacheControl: "max-age=60",
      ContentDisposition: 'attachment; filename="a.txt"',
      ContentEncoding: "gzip",
      ContentLanguage: "de",
      ContentType: "text/plain; charset=utf-8",
      Expires: new Date("2030-01-01T00:00:00Z"),
      StorageClass: "STANDARD_IA",
      WebsiteRedirectLocation: "/elsewhere",
      Metadata: { one: "1", two: "a  b" },
    } as const;
    const stored = await put("a", "hello", headers);
    expect(stored).toMatchObject({ ETag: `"${md5("hello")}"`, ServerSideEncryption: "AES256" });
    const { Expires: expires, ...others } = headers;
    const found = await get("a");
    expect(found).toMatchObject({ ...others, ContentLength: 5, AcceptRanges: "bytes" });
    expect(found.ExpiresString).toBe(expires.toUTCString());
    expect(await found.Body?.transformToString()).toBe("hello");
    expect(await head("a")).toMatchObject({ ...others, ContentLength: 5 });
  });

  test("have S3's type when none is given, and no storage class header when it is the usual", async () => {
    await put("a");
    const found = await head("a");
    expect(found.ContentType).toBe("application/octet-stream");
    expect(found.StorageClass).toBeUndefined();
  });

  test("that are empty are stored", async () => {
    await put("empty", "");
    expect(await text("empty")).toBe("");
    expect(await head("empty")).toMatchObject({ ContentLength: 0, ETag: `"${md5("")}"` });
  });

  test("arrive as streams, and keep their own encoding only", async () => {
    const data = Buffer.alloc(300_000, "abc");
    await s3.client.send(
      new PutObjectCommand({
        Bucket,
        Key: "stream",
        Body: Readable.from([data.subarray(0, 100_000), data.subarray(100_000)]),
        ContentLength: data.length,
        ContentEncoding: "br",
      }),
    );
    const found = await get("stream");
    expect(found.ContentEncoding).toBe("br");
    expect(Buffer.from((await found.Body?.transformToByteArray()) ?? [])).toEqual(data);
    expect(found.ETag).toBe(`"${md5(data)}"`);
  });

  test("that do not exist are 404, with a body for GET and none for HEAD", async () => {
    expect(await outcome(get("nothing"))).toBe("404 NoSuchKey");
    expect(await outcome(head("nothing"))).toBe("404 NotFound");
  });

  test("are deleted, and deleting again is no error", async () => {
    await put("a");
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(await outcome(get("a"))).toBe("404 NoSuchKey");
  });

  test("are answered with the headers that the request asks for", async () => {
    await put("a", "x", { CacheControl: "no-cache" });
    const found = await get("a", {
      ResponseContentType: "text/css",
      ResponseCacheControl: "max-age=1",
      ResponseContentDisposition: "inline",
      ResponseContentEncoding: "identity",
      ResponseContentLanguage: "en",
    });
    expect(found).toMatchObject({
      ContentType: "text/css",
      CacheControl: "max-age=1",
      ContentDisposition: "inline",
      ContentEncoding: "identity",
      ContentLanguage: "en",
    });
  });

  test("have no ACLs", async () => {
    expect(await outcome(put("a", "x", { ACL: "public-read" }))).toBe(
      "400 AccessControlListNotSupported",
    );
    expect(await outcome(put("a", "x", { ACL: "bucket-owner-full-control" }))).toBe("ok");
    expect(await outcome(put("a", "x", { ACL: "private" }))).toBe("ok");
  });

  test("with too much metadata, an unknown class or another encryption are refused", async () => {
    expect(await outcome(put("a", "x", { Metadata: { a: "x".repeat(2048) } }))).toBe(
      "400 MetadataTooLarge",
    );
    expect(await outcome(put("a", "x", { StorageClass: "CHEAP" }))).toBe("400 InvalidStorageClass");
    expect(await outcome(put("a", "x", { ServerSideEncryption: "aws:kms" }))).toBe(
      "501 NotImplemented",
    );
  });
});

describe("checksums", () => {
  const sums = {
    CRC32: { ChecksumCRC32: "NhCmhg==" },
    CRC32C: { ChecksumCRC32C: "mnG7TA==" },
    CRC64NVME: { ChecksumCRC64NVME: "M3eFcAZSQlc=" },
    SHA1: { ChecksumSHA1: "qvTGHdzF6KLavt4PO0gs2a6pQ00=" },
    SHA256: { ChecksumSHA256: "LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=" },
  } as const;

  test.each(Object.entries(sums))("%s is verified, kept and returned", async (_, sum) => {
    expect(await put("a", "hello", sum)).toMatchObject(sum);
    expect(await head("a", { ChecksumMode: "ENABLED" })).toMatchObject({
      ...sum,
      ChecksumType: "FULL_OBJECT",
    });
    expect(await outcome(put("b", "hellO", sum))).toBe("400 BadDigest");
    expect(await outcome(head("b"))).toBe("404 NotFound");
  });

  test("are computed when the client sends none", async () => {
    const plain = s3.client.config.requestChecksumCalculation;
    s3.client.config.requestChecksumCalculation = async () => "WHEN_REQUIRED" as const;
    await put("a", "hello");
    s3.client.config.requestChecksumCalculation = plain;
    expect(await head("a", { ChecksumMode: "ENABLED" })).toMatchObject(sums.CRC64NVME);
  });

  test("Content-MD5 is verified", async () => {
    const digest = createHash("md5").update("hello").digest("base64");
    expect(await outcome(put("a", "hello", { ContentMD5: digest }))).toBe("ok");
    expect(await outcome(put("a", "hellO", { ContentMD5: digest }))).toBe("400 BadDigest");
    expect(await outcome(put("a", "hello", { ContentMD5: "abc" }))).toBe("400 InvalidDigest");
    expect(await text("a")).toBe("hello");
  });
});

describe("ranges and conditional reads", () => {
  test.each([
    ["bytes=0-0", "h", "bytes 0-0/5"],
    ["bytes=1-3", "ell", "bytes 1-3/5"],
    ["bytes=3-", "lo", "bytes 3-4/5"],
    ["bytes=-2", "lo", "bytes 3-4/5"],
    ["bytes=-99", "hello", "bytes 0-4/5"],
    ["bytes=2-99", "llo", "bytes 2-4/5"],
  ])("%s gives %s", async (Range, part, ContentRange) => {
    await put("a", "hello");
    const found = await get("a", { Range });
    expect(found.$metadata.httpStatusCode).toBe(206);
    expect(found).toMatchObject({ ContentRange, ContentLength: part.length });
    expect(await found.Body?.transformToString()).toBe(part);
  });

  test.each(["bytes=5-", "bytes=9-10", "bytes=-0"])("%s cannot be satisfied", async (Range) => {
    await put("a", "hello");
    expect(await outcome(get("a", { Range }))).toBe("416 InvalidRange");
  });

  test.each(["bytes=0-1,3-4", "bytes=x-y", "items=0-1"])("%s gives all of it", async (Range) => {
    await put("a", "hello");
    expect(await text("a", { Range })).toBe("hello");
  });

  test("conditions on ETag and time", async () => {
    const { ETag } = await put("a", "hello");
    const { LastModified } = await head("a");
    const before = new Date((LastModified?.getTime() ?? 0) - 1000);
    expect(await outcome(get("a", { IfMatch: ETag }))).toBe("ok");
    expect(await outcome(get("a", { IfMatch: '"0"' }))).toBe("412 PreconditionFailed");
    expect(await outcome(get("a", { IfNoneMatch: ETag }))).toBe("304 Unknown");
    expect(await outcome(get("a", { IfNoneMatch: '"0"' }))).toBe("ok");
    expect(await outcome(get("a", { IfModifiedSince: LastModified }))).toBe("304 Unknown");
    expect(await outcome(get("a", { IfModifiedSince: before }))).toBe("ok");
    expect(await outcome(get("a", { IfUnmodifiedSince: before }))).toBe("412 PreconditionFailed");
    expect(await outcome(get("a", { IfMatch: ETag, IfUnmodifiedSince: before }))).toBe("ok");
    expect(await outcome(get("a", { IfNoneMatch: '"0"', IfModifiedSince: LastModified }))).toBe(
      "ok",
    );
    expect(await outcome(head("a", { IfNoneMatch: ETag }))).toBe("304 Unknown");
  });
});

describe("conditional writes", () => {
  test("If-None-Match: * creates only", async () => {
    expect(await outcome(put("a", "1", { IfNoneMatch: "*" }))).toBe("ok");
    expect(await outcome(put("a", "2", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
    expect(await text("a")).toBe("1");
    expect(await outcome(put("a", "2", { IfNoneMatch: '"0"' }))).toBe("501 NotImplemented");
  });

  test("If-Match replaces only what it names", async () => {
    expect(await outcome(put("a", "1", { IfMatch: '"0"' }))).toBe("404 NoSuchKey");
    const { ETag } = await put("a", "1");
    expect(await outcome(put("a", "2", { IfMatch: '"0"' }))).toBe("412 PreconditionFailed");
    expect(await outcome(put("a", "2", { IfMatch: ETag }))).toBe("ok");
    expect(await text("a")).toBe("2");
  });

  test("of many that create at once, one wins", async () => {
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, (_, i) => outcome(put("lock", `${i}`, { IfNoneMatch: "*" }))),
    );
    expect(outcomes.filter((one) => one === "ok")).toHaveLength(1);
    expect(outcomes.filter((one) => one === "412 PreconditionFailed")).toHaveLength(19);
  });

  test("hold for deletions too", async () => {
    const { ETag } = await put("a", "1");
    const remove = (IfMatch: string | undefined) =>
      outcome(s3.client.send(new DeleteObjectCommand({ Bucket, Key: "a", IfMatch })));
    expect(await remove('"0"')).toBe("412 PreconditionFailed");
    expect(await remove(ETag)).toBe("ok");
    expect(await remove("*")).toBe("404 NoSuchKey");
  });
});

describe("copies", () => {
  test("keep headers and tags, but not the redirect", async () => {
    await put("a b+é", "hello", {
      CacheControl: "max-age=1",
      Metadata: { m: "1" },
      Tagging: "k=v",
      WebsiteRedirectLocation: "/x",
    });
    const CopySource = `${Bucket}/${encodeURIComponent("a b+é")}`;
    const { CopyObjectResult } = await copy("", "b", { CopySource });
    expect(CopyObjectResult?.ETag).toBe(`"${md5("hello")}"`);
    const found = await get("b");
    expect(found).toMatchObject({ CacheControl: "max-age=1", Metadata: { m: "1" }, TagCount: 1 });
    expect(found.WebsiteRedirectLocation).toBeUndefined();
    expect(await found.Body?.transformToString()).toBe("hello");
  });

  test("take new headers, all of them, when told to", async () => {
    await put("a", "hello", { CacheControl: "max-age=1", ContentType: "text/html" });
    await copy("a", "a", { MetadataDirective: "REPLACE", CacheControl: "no-cache" });
    const found = await head("a");
    expect(found.CacheControl).toBe("no-cache");
    expect(found.ContentType).toBe("binary/octet-stream");
  });

  test("of an object onto itself need a change", async () => {
    await put("a");
    expect(await outcome(copy("a", "a"))).toBe("400 InvalidRequest");
    expect(await outcome(copy("a", "a", { StorageClass: "GLACIER_IR" }))).toBe("ok");
  });

  test("depend on source and destination", async () => {
    const { ETag } = await put("a", "1");
    await put("b", "2");
    const failed = "412 PreconditionFailed";
    expect(await outcome(copy("a", "c", { CopySourceIfMatch: '"0"' }))).toBe(failed);
    expect(await outcome(copy("a", "c", { CopySourceIfNoneMatch: ETag }))).toBe(failed);
    expect(await outcome(copy("a", "c", { CopySourceIfMatch: ETag }))).toBe("ok");
    expect(await outcome(copy("a", "b", { IfNoneMatch: "*" }))).toBe(failed);
    expect(await outcome(copy("a", "b", { IfMatch: '"0"' }))).toBe(failed);
    expect(await outcome(copy("a", "new", { IfMatch: ETag }))).toBe("404 NoSuchKey");
    expect(await outcome(copy("nothing", "b"))).toBe("404 NoSuchKey");
  });

  test("outlive their source", async () => {
    await put("a", "hello");
    await copy("a", "b");
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: "a" }));
    expect(await text("b")).toBe("hello");
  });

  test("set tags anew when told to", async () => {
    await put("a", "x", { Tagging: "k=v" });
    await copy("a", "b", { TaggingDirective: "REPLACE", Tagging: "n=1&o=2" });
    expect((await head("b")).TagCount).toBe(2);
  });
});

describe("DeleteObjects", () => {
  const removeAll = (Objects: { Key: string; ETag?: string }[], Quiet = false) =>
    s3.client.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet } }));

  test("reports each key, missing ones as deleted", async () => {
    await put("a");
    const { Deleted, Errors } = await removeAll([{ Key: "a" }, { Key: "missing" }]);
    expect(Deleted).toEqual([{ Key: "a" }, { Key: "missing" }]);
    expect(Errors).toBeUndefined();
    expect(await outcome(head("a"))).toBe("404 NotFound");
  });

  test("reports failed conditions and goes on", async () => {
    const { ETag = "" } = await put("a");
    await put("b");
    const { Deleted, Errors } = await removeAll([
      { Key: "b", ETag: '"0"' },
      { Key: "a", ETag },
    ]);
    expect(Deleted).toEqual([{ Key: "a" }]);
    expect(Errors).toMatchObject([{ Key: "b", Code: "PreconditionFailed" }]);
  });

  test("says nothing of what went well when quiet", async () => {
    await put("a");
    expect(await removeAll([{ Key: "a" }], true)).not.toHaveProperty("Deleted");
  });

  test("takes odd keys, carriage returns included", async () => {
    const keys = ["a\rb", " a ", "a&<>\"'b", "a\nb", "日本/😀"];
    for (const key of keys) await put(key);
    const { Deleted } = await removeAll(keys.map((Key) => ({ Key })));
    expect(Deleted?.map(({ Key }) => Key)).toEqual(keys);
    for (const key of keys) expect(await outcome(head(key))).toBe("404 NotFound");
  });

  test("takes 1,000 keys and no more", async () => {
    const keys = Array.from({ length: 1001 }, (_, i) => ({ Key: `${i}` }));
    expect((await removeAll(keys.slice(1))).Deleted).toHaveLength(1000);
    expect(await outcome(removeAll(keys))).toBe("400 MalformedXML");
  });
});

describe("multipart uploads", () => {
  const MiB = 1024 * 1024;
  const start = async (Key: string, more = {}) =>
    (await s3.client.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId;
  const part = async (
    Key: string,
    UploadId: string | undefined,
    PartNumber: number,
    Body: Buffer,
  ) => {
    const sent = await s3.client.send(
      new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
    );
    return { PartNumber, ETag: sent.ETag, ChecksumCRC32: sent.ChecksumCRC32 };
  };
  const complete = (Key: string, UploadId: string | undefined, Parts: object[], more = {}) =>
    s3.client.send(
      new CompleteMultipartUploadCommand({
        Bucket,
        Key,
        UploadId,
        MultipartUpload: { Parts },
        ...more,
      }),
    );
  const first = Buffer.alloc(5 * MiB, "1");
  const second = Buffer.from("second");

  test("make one object of the parts", async () => {
    const id = await start("big", {
      ChecksumAlgorithm: "CRC32",
      CacheControl: "max-age=9",
      Metadata: { a: "b" },
    });
    const two = await part("big", id, 2, second);
    const one = await part("big", id, 1, first);
    const listed = await s3.client.send(new ListPartsCommand({ Bucket, Key: "big", UploadId: id }));
    expect(listed.Parts).toMatchObject([
      { PartNumber: 1, Size: first.length, ETag: one.ETag },
      { PartNumber: 2, Size: second.length },
    ]);
    const page = await s3.client.send(
      new ListPartsCommand({ Bucket, Key: "big", UploadId: id, MaxParts: 1 }),
    );
    expect(page).toMatchObject({ IsTruncated: true, NextPartNumberMarker: "1" });

    const done = await complete("big", id, [one, two]);
    const digests = [first, second].map((data) => createHash("md5").update(data).digest());
    expect(done.ETag).toBe(`"${md5(Buffer.concat(digests))}-2"`);
    expect(done.ChecksumCRC32).toMatch(/-2$/);

    const found = await get("big");
    expect(found).toMatchObject({ CacheControl: "max-age=9", Metadata: { a: "b" } });
    const bytes = Buffer.from((await found.Body?.transformToByteArray()) ?? []);
    expect(bytes.equals(Buffer.concat([first, second]))).toBe(true);
    expect(await text("big", { Range: `bytes=${5 * MiB - 2}-${5 * MiB + 2}` })).toBe("11sec");
    const byPart = await get("big", { PartNumber: 2 });
    expect(byPart).toMatchObject({ PartsCount: 2, ContentLength: 6 });
    expect(await byPart.Body?.transformToString()).toBe("second");
    const attributes = await s3.client.send(
      new GetObjectAttributesCommand({
        Bucket,
        Key: "big",
        ObjectAttributes: ["ETag", "ObjectSize", "ObjectParts", "Checksum", "StorageClass"],
      }),
    );
    expect(attributes).toMatchObject({
      ObjectSize: first.length + second.length,
      ObjectParts: { TotalPartsCount: 2 },
      Checksum: { ChecksumType: "COMPOSITE" },
    });
  });

  test("become a single part when copied, so their ETag changes", async () => {
    const id = await start("big");
    const parts = [await part("big", id, 1, first), await part("big", id, 2, second)];
    await complete("big", id, parts);
    const { CopyObjectResult } = await copy("big", "copy");
    expect(CopyObjectResult?.ETag).toBe(`"${md5(Buffer.concat([first, second]))}"`);
  });

  test("copy parts from other objects, whole or in ranges", async () => {
    await put("source", first);
    const id = await start("big");
    const target = { Bucket, Key: "big", UploadId: id, CopySource: `${Bucket}/source` };
    const whole = await s3.client.send(new UploadPartCopyCommand({ ...target, PartNumber: 1 }));
    const range = await s3.client.send(
      new UploadPartCopyCommand({ ...target, PartNumber: 2, CopySourceRange: "bytes=0-3" }),
    );
    const parts = [whole, range].map(({ CopyPartResult }, i) => ({
      PartNumber: i + 1,
      ETag: CopyPartResult?.ETag,
    }));
    await s3.client.send(new DeleteObjectCommand({ Bucket, Key: "source" }));
    await complete("big", id, parts);
    expect((await head("big")).ContentLength).toBe(first.length + 4);
    const bad = new UploadPartCopyCommand({
      ...target,
      PartNumber: 1,
      CopySource: `${Bucket}/none`,
    });
    expect(await outcome(s3.client.send(bad))).toBe("404 NoSuchUpload");
  });

  test("are listed until they end, and leave nothing when aborted", async () => {
    const ids = [await start("b"), await start("a"), await start("a/c")];
    await part("b", ids[0], 1, second);
    const list = (more = {}) =>
      s3.client.send(new ListMultipartUploadsCommand({ Bucket, ...more }));
    expect((await list()).Uploads?.map(({ Key }) => Key)).toEqual(["a", "a/c", "b"]);
    expect((await list({ Delimiter: "/" })).CommonPrefixes).toEqual([{ Prefix: "a/" }]);
    const page = await list({ MaxUploads: 1 });
    expect(page).toMatchObject({
      IsTruncated: true,
      NextKeyMarker: "a",
      NextUploadIdMarker: ids[1],
    });
    const next = await list({ KeyMarker: "a", UploadIdMarker: ids[1] });
    expect(next.Uploads?.map(({ Key }) => Key)).toEqual(["a/c", "b"]);
    const abort = () =>
      outcome(
        s3.client.send(new AbortMultipartUploadCommand({ Bucket, Key: "b", UploadId: ids[0] })),
      );
    expect(await abort()).toBe("ok");
    expect(await abort()).toBe("404 NoSuchUpload");
    expect(await outcome(part("b", ids[0], 1, second))).toBe("404 NoSuchUpload");
  });

  test("are completed only with parts that exist, in order, and large enough", async () => {
    const id = await start("big");
    const one = await part("big", id, 1, second);
    const two = await part("big", id, 2, second);
    expect(await outcome(complete("big", id, [two, one]))).toBe("400 InvalidPartOrder");
    expect(await outcome(complete("big", id, [one, two]))).toBe("400 EntityTooSmall");
    expect(await outcome(complete("big", id, [{ PartNumber: 1, ETag: '"0"' }]))).toBe(
      "400 InvalidPart",
    );
    expect(await outcome(complete("big", id, [{ PartNumber: 7, ETag: one.ETag }]))).toBe(
      "400 InvalidPart",
    );
    expect(await outcome(complete("big", id, []))).toBe("400 MalformedXML");
    expect(await outcome(complete("big", "no-such-id", [one]))).toBe("404 NoSuchUpload");
    expect(await outcome(complete("big", id, [two]))).toBe("ok");
    expect(await text("big")).toBe("second");
  });

  test("can be conditional, and a failed condition keeps the upload", async () => {
    const id = await start("big");
    const parts = [await part("big", id, 1, second)];
    await put("big", "other");
    expect(await outcome(complete("big", id, parts, { IfNoneMatch: "*" }))).toBe(
      "412 PreconditionFailed",
    );
    const { ETag } = await head("big");
    expect(await outcome(complete("big", id, parts, { IfMatch: ETag }))).toBe("ok");
  });

  test("can have a checksum of the whole object", async () => {
    const id = await start("big", { ChecksumAlgorithm: "CRC32", ChecksumType: "FULL_OBJECT" });
    const parts = [await part("big", id, 1, first), await part("big", id, 2, second)];
    const { ChecksumCRC32, ChecksumType } = await complete("big", id, parts);
    expect(ChecksumType).toBe("FULL_OBJECT");
    const { ChecksumCRC32: same } = await put("plain", Buffer.concat([first, second]));
    expect(ChecksumCRC32).toBe(same);
  });
});
