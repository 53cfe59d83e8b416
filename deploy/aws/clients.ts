import { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import { S3Client } from "@aws-sdk/client-s3";
import { HIGHEST_LIMIT } from "./adaptive-limit.ts";
import { sendKnownBodies } from "./known-body.ts";
import type { AttemptObserver } from "./pace.ts";
import { createRetryStrategy, MAX_ATTEMPTS } from "./retries.ts";
import type { Checksums } from "./s3-answers.ts";

/** Where and as whom we talk to S3 and CloudFront. Without credentials the SDK's default chain decides. */
export type AwsTarget = {
  readonly region: string;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Another S3-compatible store; addressed path-style. */
  readonly endpoint?: string;
  /** Another CloudFront-compatible API. */
  readonly cdnEndpoint?: string;
};

const CONNECTION_TIMEOUT_MS = 10_000;
/** How long a connection may be silent in both directions; a large body that moves is not silent. */
const SILENCE_MS = 30_000;
/** One connection for each write, kept open, and some for the records and the parts of large files. */
const MAX_SOCKETS = HIGHEST_LIMIT + 32;

/** Bodies from here on wait for S3's leave (100-continue), so that a refusal is read, not reset. */
const ASK_FIRST_BYTES = 8 * 1024 * 1024;

/** Sends nothing until a command is sent. `observer` is told of every attempt. */
export function createS3Client(
  target: AwsTarget & { readonly checksums: Checksums },
  observer: AttemptObserver,
): S3Client {
  const { endpoint, checksums } = target;
  const client = new S3Client({
    ...clientSettings(target, observer),
    ...(endpoint === undefined ? {} : { endpoint, forcePathStyle: true }),
    ...(checksums === "sha256" ? {} : WITHOUT_CHECKSUMS),
    expectContinueHeader: ASK_FIRST_BYTES,
    // Resolving the middleware anew costs a tenth of each small request; no command here has its own.
    cacheMiddleware: true,
  });
  sendKnownBodies(client);
  return client;
}

/** The SDK's own checksums break some S3-compatible stores (see `Checksums`). */
const WITHOUT_CHECKSUMS = {
  requestChecksumCalculation: "WHEN_REQUIRED",
  responseChecksumValidation: "WHEN_REQUIRED",
} as const;

/** CloudFront is a global service whose requests are signed for us-east-1 (BC cloudfront endpoint rules). */
export function createCloudFrontClient(target: AwsTarget): CloudFrontClient {
  return new CloudFrontClient({
    ...clientSettings({ ...target, region: "us-east-1" }),
    ...(target.cdnEndpoint === undefined ? {} : { endpoint: target.cdnEndpoint }),
  });
}

/** Credentials, patience and connections, the same for every service. */
export function clientSettings({ region, credentials }: AwsTarget, observer?: AttemptObserver) {
  return {
    region,
    maxAttempts: MAX_ATTEMPTS,
    retryStrategy: createRetryStrategy({ observer }),
    requestHandler: {
      connectionTimeout: CONNECTION_TIMEOUT_MS,
      socketTimeout: SILENCE_MS,
      httpAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
      httpsAgent: { keepAlive: true, maxSockets: MAX_SOCKETS },
    },
    ...(credentials === undefined ? {} : { credentials }),
  };
}
