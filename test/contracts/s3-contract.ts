import {
  CompleteMultipartUploadCommand,
  CopyObjectCommand,
  CreateBucketCommand,
  CreateMultipartUploadCommand,
  DeleteObjectCommand,
  DeleteObjectsCommand,
  GetObjectCommand,
  HeadObjectCommand,
  ListObjectsV2Command,
  ListObjectVersionsCommand,
  PutBucketVersioningCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { outcome } from "../local/s3-fixture.ts";

/** A server that speaks S3, ready to be asked. */
export type S3Server = { readonly client: S3Client; close(): Promise<void> };

const ODD_KEYS = ["a b", "a+b", "100%", "é", "日本", "😀", "&<>\"'", "//x", "folder/", "~!*()"];

/** What a deploy relies on; every server that speaks S3 must do all of it. */
export function s3Contract(name: string, start: () => Promise<S3Server>): void {
  describe(name, () => {
    let server: S3Server;
    let Bucket: string;
    let count = 0;
    const send: S3Client["send"] = ((command: never) => server.client.send(command)) as never;
    const put = (Key: string, Body: string, more = {}) =>
      send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
    const head = (Key: string) => send(new HeadObjectCommand({ Bucket, Key }));
    const text = async (Key: string, more = {}) => {
      const found = await send(new GetObjectCommand({ Bucket, Key, ...more }));
      return found.Body?.transformToString();
    };
    const list = async (more = {}) => send(new ListObjectsV2Command({ Bucket, ...more }));

    beforeAll(async () => {
      server = await start();
    });
    beforeEach(async () => {
      count += 1;
      Bucket = `contract-${count}`;
      await send(new CreateBucketCommand({ Bucket }));
    });
    afterAll(() => server?.close());

    test("stores, replaces and removes", async () => {
      await put("a", "one");
      await put("a", "two");
      expect(await text("a")).toBe("two");
      await send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      expect(await outcome(head("a"))).toBe("404 NotFound");
      expect(await outcome(text("a"))).toBe("404 NoSuchKey");
    });

    test("keeps headers and metadata", async () => {
      const headers = {
        CacheControl: "max-age=31536000, immutable",
        ContentType: "text/html; charset=utf-8",
        ContentEncoding: "gzip",
        ContentDisposition: "inline",
        ContentLanguage: "en",
        Metadata: { "slipway-digest": "abc" },
      };
      await put("a", "x", headers);
      expect(await head("a")).toMatchObject({ ...headers, ContentLength: 1 });
    });

    test("takes odd keys and lists them in the order of their bytes", async () => {
      for (const key of ODD_KEYS) await put(key, key);
      for (const key of ODD_KEYS) expect(await text(key)).toBe(key);
      const { Contents } = await list();
      const sorted = ODD_KEYS.toSorted((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
      expect(Contents?.map(({ Key }) => Key)).toEqual(sorted);
    });

    test("lists page by page, with folders folded", async () => {
      for (const key of ["a", "b/1", "b/2", "c", "d/1"]) await put(key, "x");
      const seen: (string | undefined)[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await list({ Delimiter: "/", MaxKeys: 2, ContinuationToken });
        seen.push(...(page.Contents ?? []).map(({ Key }) => Key));
        seen.push(...(page.CommonPrefixes ?? []).map(({ Prefix }) => Prefix));
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      expect(seen).toEqual(["a", "b/", "c", "d/"]);
    });

    test("writes under a condition", async () => {
      expect(await outcome(put("lock", "1", { IfNoneMatch: "*" }))).toBe("ok");
      expect(await outcome(put("lock", "2", { IfNoneMatch: "*" }))).toBe("412 PreconditionFailed");
      const { ETag } = await head("lock");
      expect(await outcome(put("lock", "3", { IfMatch: '"0"' }))).toBe("412 PreconditionFailed");
      expect(await outcome(put("lock", "3", { IfMatch: ETag }))).toBe("ok");
      expect(await text("lock")).toBe("3");
    });

    test("copies with the headers of the source, or with new ones", async () => {
      await put("a", "x", { CacheControl: "max-age=1", Metadata: { m: "1" } });
      await send(new CopyObjectCommand({ Bucket, Key: "b", CopySource: `${Bucket}/a` }));
      expect(await head("b")).toMatchObject({ CacheControl: "max-age=1", Metadata: { m: "1" } });
      const replace = { MetadataDirective: "REPLACE", CacheControl: "no-cache" } as const;
      await send(
        new CopyObjectCommand({ Bucket, Key: "a", CopySource: `${Bucket}/a`, ...replace }),
      );
      expect(await head("a")).toMatchObject({ CacheControl: "no-cache", Metadata: {} });
      const self = new CopyObjectCommand({ Bucket, Key: "a", CopySource: `${Bucket}/a` });
      expect(await outcome(send(self))).toBe("400 InvalidRequest");
    });

    test("removes many and reports each", async () => {
      await put("a", "x");
      const Objects = ["a", "missing"].map((Key) => ({ Key }));
      const { Deleted, Errors } = await send(
        new DeleteObjectsCommand({ Bucket, Delete: { Objects } }),
      );
      expect(Deleted?.map(({ Key }) => Key)).toEqual(["a", "missing"]);
      expect(Errors).toBeUndefined();
    });

    test("gives ranges and answers to conditions", async () => {
      const { ETag } = await put("a", "hello");
      expect(await text("a", { Range: "bytes=1-3" })).toBe("ell");
      expect(await outcome(text("a", { Range: "bytes=9-" }))).toMatch(/^416/);
      expect(await outcome(text("a", { IfNoneMatch: ETag }))).toMatch(/^304/);
      expect(await outcome(text("a", { IfMatch: '"0"' }))).toMatch(/^412/);
    });

    test("keeps versions", async () => {
      const VersioningConfiguration = { Status: "Enabled" } as const;
      await send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
      const one = await put("a", "1");
      await put("a", "2");
      await send(new DeleteObjectCommand({ Bucket, Key: "a" }));
      expect(await outcome(head("a"))).toBe("404 NotFound");
      expect(await text("a", { VersionId: one.VersionId })).toBe("1");
      const { Versions, DeleteMarkers } = await send(new ListObjectVersionsCommand({ Bucket }));
      expect(Versions?.map(({ IsLatest }) => IsLatest)).toEqual([false, false]);
      expect(DeleteMarkers).toMatchObject([{ Key: "a", IsLatest: true }]);
      const CopySource = `${Bucket}/a?versionId=${one.VersionId}`;
      await send(new CopyObjectCommand({ Bucket, Key: "a", CopySource }));
      expect(await text("a")).toBe("1");
    });

    test("puts parts together", async () => {
      const Key = "big";
      const { UploadId } = await send(new CreateMultipartUploadCommand({ Bucket, Key }));
      const bodies = [Buffer.alloc(5 * 1024 * 1024, "1"), Buffer.from("end")];
      const Parts = [];
      for (const [index, Body] of bodies.entries()) {
        const PartNumber = index + 1;
        const { ETag } = await send(
          new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body }),
        );
        Parts.push({ PartNumber, ETag });
      }
      const MultipartUpload = { Parts };
      const { ETag } = await send(
        new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload }),
      );
      expect(ETag).toMatch(/^"[0-9a-f]{32}-2"$/);
      expect(await text(Key, { Range: "bytes=-4" })).toBe("1end");
    });
  });
}
