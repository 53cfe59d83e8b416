import {
  CreateBucketCommand,
  HeadObjectCommand,
  PutBucketVersioningCommand,
  S3Client,
} from "@aws-sdk/client-s3";
import { describe } from "vitest";
import { createS3Client } from "../../deploy/aws/clients.ts";
import { createPace } from "../../deploy/aws/pace.ts";
import { createS3ObjectStore } from "../../deploy/aws/s3-object-store.ts";
import {
  type AnswerStatus,
  canonicalHeaders,
  type ObjectHeaders,
} from "../../deploy/core/headers.ts";
import { objectStoreContract, type StoreUnderTest } from "../contracts/object-store-contract.ts";
import { sourceFile } from "../support/builders.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { createMemoryObjectStore } from "../support/memory-object-store.ts";
import { startMoto } from "../support/moto.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createUploadWorld, type UploadWorld } from "../support/upload-world.ts";

objectStoreContract(
  "the store in memory",
  async () => {
    const store = createMemoryObjectStore();
    return {
      store,
      file: async (key, content, headers) => sourceFile(key, content, headers),
      headersOf: async (key) => canonicalHeaders(store.objects.get(key)?.headers ?? NO_HEADERS),
      refuseRemovalOf(key) {
        store.failOn = (call) => call === `removal of ${key}`;
      },
      close: async () => {},
    };
  },
  { versioned: false, conditionalCopies: true, queues: false },
);

objectStoreContract(
  "the local edge's bucket, over the SDK",
  async () => {
    const world = await createUploadWorld();
    const { client } = world.s3;
    await keepVersions(client, world.bucket);
    return overSdk(world, { client, bucket: world.bucket, store: world.store() });
  },
  { versioned: true, conditionalCopies: true, queues: true },
);

const atMoto = isInstalled("moto_server") && runsSlow("the same contract at moto takes 10 s");

describe.skipIf(!atMoto)("another implementation", () => {
  objectStoreContract(
    "moto's bucket, over the SDK",
    async () => {
      const [moto, world] = await Promise.all([startMoto(), createUploadWorld()]);
      const bucket = "object-store-contract";
      const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
      const target = { region: "us-east-1", endpoint: moto.url, credentials };
      const client = new S3Client({ ...target, forcePathStyle: true });
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      await keepVersions(client, bucket);
      const pace = createPace();
      const sender = createS3Client({ ...target, checksums: "none" }, pace);
      const store = createS3ObjectStore({ client: sender, bucket, checksums: "none", pace });
      const { close, ...rest } = overSdk(world, { client, bucket, store });
      const stop = async () => {
        client.destroy();
        sender.destroy();
        await Promise.all([moto.stop(), close()]);
      };
      return { ...rest, close: stop };
    },
    { versioned: true, conditionalCopies: false, queues: true },
  );
});

const NO_HEADERS: ObjectHeaders = { contentType: "", cacheControl: "" };

function overSdk(
  world: UploadWorld,
  {
    client,
    bucket,
    store,
  }: Pick<StoreUnderTest, "store"> & {
    readonly client: S3Client;
    readonly bucket: string;
  },
): StoreUnderTest {
  return {
    store,
    file: (key, content, headers) => world.file(key, content, headers),
    async headersOf(Key) {
      const head = await client.send(new HeadObjectCommand({ Bucket: bucket, Key }));
      const { ContentType = "", CacheControl = "" } = head;
      const { ContentEncoding, ContentDisposition, ContentLanguage, Metadata } = head;
      const answerStatus = Metadata?.["slipway-status"] as AnswerStatus | undefined;
      return canonicalHeaders({
        contentType: ContentType,
        cacheControl: CacheControl,
        ...(ContentEncoding === undefined ? {} : { contentEncoding: ContentEncoding }),
        ...(ContentDisposition === undefined ? {} : { contentDisposition: ContentDisposition }),
        ...(ContentLanguage === undefined ? {} : { contentLanguage: ContentLanguage }),
        ...(answerStatus === undefined ? {} : { answerStatus }),
      });
    },
    close: () => world.close(),
  };
}

async function keepVersions(client: S3Client, Bucket: string): Promise<void> {
  const VersioningConfiguration = { Status: "Enabled" } as const;
  await client.send(new PutBucketVersioningCommand({ Bucket, VersioningConfiguration }));
}
