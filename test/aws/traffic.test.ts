import { Readable } from "node:stream";
import { CloudFrontClient, GetInvalidationCommand } from "@aws-sdk/client-cloudfront";
import { GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { expect, it } from "vitest";
import { createTrafficMeter } from "../../deploy/aws/traffic.ts";
import { totalTraffic } from "../../deploy/core/traffic.ts";

/** Answers with these statuses, one after the other; then with 200. */
function clientConfig(...statuses: readonly number[]) {
  const left = [...statuses];
  const requestHandler = {
    handle: async () => ({
      response: { statusCode: left.shift() ?? 200, headers: {}, body: Readable.from([]) },
    }),
  };
  const credentials = { accessKeyId: "test", secretAccessKey: "test" };
  return { region: "us-east-1", credentials, requestHandler, maxAttempts: 3 };
}

it("counts each attempt by service and operation, with the bytes of its body", async () => {
  const meter = createTrafficMeter();
  const s3 = new S3Client(clientConfig(503));
  const cloudFront = new CloudFrontClient(clientConfig());
  meter.watch(s3);
  meter.watch(cloudFront);
  expect(meter.read()).toEqual([]);
  await s3.send(new PutObjectCommand({ Bucket: "b", Key: "k", Body: Buffer.from("hello") }));
  await s3.send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
  await cloudFront.send(new GetInvalidationCommand({ DistributionId: "D", Id: "I" }));
  expect(meter.read()).toEqual([
    { service: "CloudFront", operation: "GetInvalidation", requests: 1, bytesSent: 0 },
    { service: "S3", operation: "GetObject", requests: 1, bytesSent: 0 },
    { service: "S3", operation: "PutObject", requests: 2, bytesSent: 10 },
  ]);
  expect(totalTraffic(meter.read())).toEqual({ requests: 4, bytesSent: 10 });
});

it("does not count what another client sends", async () => {
  const meter = createTrafficMeter();
  meter.watch(new S3Client(clientConfig()));
  await new S3Client(clientConfig()).send(new GetObjectCommand({ Bucket: "b", Key: "k" }));
  expect(meter.read()).toEqual([]);
});
