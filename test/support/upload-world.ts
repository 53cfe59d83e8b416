import { createHash } from "node:crypto";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  GetObjectCommand,
  ListMultipartUploadsCommand,
  ListObjectsV2Command,
} from "@aws-sdk/client-s3";
import { createS3Client } from "../../deploy/aws/clients.ts";
import { createPace } from "../../deploy/aws/pace.ts";
import type { Checksums } from "../../deploy/aws/s3-answers.ts";
import { createS3ObjectStore } from "../../deploy/aws/s3-object-store.ts";
import { canonicalHeaders, headersFor, type ObjectHeaders } from "../../deploy/core/headers.ts";
import { digest, objectKey } from "../../deploy/core/keys.ts";
import type { SourceFile } from "../../deploy/core/source.ts";
import type { ObjectStore } from "../../deploy/ports.ts";
import { CREDENTIALS, REGION, type S3Fixture, startS3 } from "../local/s3-fixture.ts";
import { sha256 } from "./builders.ts";

/** A real S3 API, a bucket in it, and a folder with files to upload. */
export type UploadWorld = {
  readonly s3: S3Fixture;
  readonly bucket: string;
  /** The store as `connect` makes it; `url`: a server in between. */
  store(url?: string, checksums?: Checksums): ObjectStore;
  /** Writes a file, and describes it as a scan would. */
  file(
    key: string,
    content: Uint8Array | string,
    headers?: Partial<ObjectHeaders>,
  ): Promise<SourceFile>;
  pathOf(key: string): string;
  /** The SHA-256 of what is stored, or undefined. */
  stored(key: string): Promise<string | undefined>;
  /** Keys and uploads that are there. */
  contents(): Promise<{ readonly keys: number; readonly uploads: number }>;
  close(): Promise<void>;
};

export async function createUploadWorld(): Promise<UploadWorld> {
  const [s3, folder] = await Promise.all([
    startS3({ durability: "memory" }),
    mkdtemp(join(tmpdir(), "slipway-upload-")),
  ]);
  const bucket = await s3.bucket();
  const pathOf = (key: string) => join(folder, key.replaceAll("/", "_"));
  return {
    s3,
    bucket,
    pathOf,
    store(endpoint = s3.url, checksums = "sha256") {
      const pace = createPace();
      const target = { region: REGION, credentials: CREDENTIALS, endpoint, checksums };
      return createS3ObjectStore({ client: createS3Client(target, pace), bucket, checksums, pace });
    },
    async file(key, content, headers) {
      await writeFile(pathOf(key), content);
      return await describeFile(key, pathOf(key), content, headers);
    },
    async stored(Key) {
      const command = new GetObjectCommand({ Bucket: bucket, Key });
      const answer = await s3.client.send(command).catch(() => undefined);
      const bytes = await answer?.Body?.transformToByteArray();
      return bytes && createHash("sha256").update(bytes).digest("hex");
    },
    async contents() {
      const objects = await s3.client.send(new ListObjectsV2Command({ Bucket: bucket }));
      const uploads = await s3.client.send(new ListMultipartUploadsCommand({ Bucket: bucket }));
      return { keys: objects.KeyCount ?? 0, uploads: uploads.Uploads?.length ?? 0 };
    },
    async close() {
      await s3.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function describeFile(
  name: string,
  path: string,
  content: Uint8Array | string,
  changed: Partial<ObjectHeaders> = {},
): Promise<SourceFile> {
  const key = objectKey(name);
  const headers = { ...headersFor(key, []), ...changed };
  return {
    key,
    size: (await stat(path)).size,
    fingerprint: {
      content: digest(createHash("sha256").update(content).digest("hex")),
      headers: sha256(canonicalHeaders(headers)),
    },
    origin: { kind: "file", path, headers },
  };
}
