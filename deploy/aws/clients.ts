import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { S3Client } from "@aws-sdk/client-s3";

/** Where and as whom we talk to S3 and CloudFront. Without credentials the SDK's default chain decides. */
export type AwsTarget = {
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Another S3-compatible store; addressed path-style. */
  readonly endpoint?: string;
  /** Another CloudFront-compatible API. */
  readonly cdnEndpoint?: string;
};

/** The SDK retries with jitter; five tries outlast a short SlowDown (S3-UG "Best practices"). */
const MAX_ATTEMPTS = 5;
const CONNECTION_TIMEOUT_MS = 10_000;

/** Sends nothing until a command is sent. */
export function createS3Client(target: AwsTarget): S3Client {
  return new S3Client({
    ...commonOf(target),
    ...(target.endpoint === undefined ? {} : { endpoint: target.endpoint, forcePathStyle: true }),
  });
}

/** CloudFront is a global service whose requests are signed for us-east-1 (BC cloudfront endpoint rules). */
export function createCloudFrontClient(target: AwsTarget): CloudFrontClient {
  return new CloudFrontClient({
    ...commonOf({ ...target, region: "us-east-1" }),
    ...(target.cdnEndpoint === undefined ? {} : { endpoint: target.cdnEndpoint }),
  });
}

function commonOf({ region, credentials }: AwsTarget) {
  return {
    region,
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { connectionTimeout: CONNECTION_TIMEOUT_MS },
    ...(credentials === undefined ? {} : { credentials }),
  };
}
