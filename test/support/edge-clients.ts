import {
  CloudFrontClient,
  GetInvalidationCommand,
  ListInvalidationsCommand,
} from "@aws-sdk/client-cloudfront";
import { GetObjectCommand, ListObjectsV2Command, S3Client } from "@aws-sdk/client-s3";
import { runCli } from "./cli-process.ts";

export type Invalidated = {
  readonly id: string;
  readonly status: string;
  readonly paths: readonly string[];
};

/** What another AWS client sees of a running edge. */
export type EdgeClients = {
  /** Every object but Slipway's own records, with what changes when it is written again. */
  objects(): Promise<ReadonlyMap<string, string>>;
  objectText(key: string): Promise<string>;
  /** Newest first. */
  invalidationIds(): Promise<readonly string[]>;
  invalidation(id: string): Promise<Invalidated>;
  close(): void;
};

/** Connects with what `slipway edge --print-env` prints, as a person would. */
export async function connectToEdge(root: string): Promise<EdgeClients> {
  const { stdout } = await runCli(root, ["edge", "--print-env"]);
  const variables = Object.fromEntries(
    [...stdout.matchAll(/^export (\w+)=(.*)$/gm)].map(([, name = "", value = ""]) => [name, value]),
  );
  const { AWS_ENDPOINT_URL: endpoint, AWS_REGION: region } = variables;
  const { SLIPWAY_BUCKET: Bucket, SLIPWAY_DISTRIBUTION: DistributionId } = variables;
  const { AWS_ACCESS_KEY_ID: accessKeyId, AWS_SECRET_ACCESS_KEY: secretAccessKey } = variables;
  if (endpoint === undefined || region === undefined || Bucket === undefined) throw odd(stdout);
  if (accessKeyId === undefined || secretAccessKey === undefined) throw odd(stdout);
  const common = { endpoint, region, credentials: { accessKeyId, secretAccessKey } };
  const s3 = new S3Client({ ...common, forcePathStyle: true });
  const cloudFront = new CloudFrontClient(common);
  return {
    async objects() {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      const own = Contents.filter(({ Key }) => !Key?.startsWith(".slipway/"));
      return new Map(
        own.map(({ Key = "", ETag, LastModified }) => [
          Key,
          `${ETag} ${LastModified?.toISOString()}`,
        ]),
      );
    },
    async objectText(Key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket, Key }));
      return (await Body?.transformToString()) ?? "";
    },
    async invalidationIds() {
      const answer = await cloudFront.send(new ListInvalidationsCommand({ DistributionId }));
      return (answer.InvalidationList?.Items ?? []).map(({ Id = "" }) => Id);
    },
    async invalidation(id) {
      const command = new GetInvalidationCommand({ DistributionId, Id: id });
      const { Invalidation } = await cloudFront.send(command);
      const paths = Invalidation?.InvalidationBatch?.Paths?.Items ?? [];
      return { id, status: Invalidation?.Status ?? "", paths: [...paths].sort() };
    },
    close() {
      s3.destroy();
      cloudFront.destroy();
    },
  };
}

function odd(printed: string): Error {
  return new Error(`slipway edge --print-env printed: ${printed}`);
}
