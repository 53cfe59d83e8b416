import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { type IncomingHttpHeaders, request } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { CreateBucketCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { type AnsweredRequest, createAwsListener } from "../../deploy/local/edge/aws-listener.ts";
import { createS3Service } from "../../deploy/local/edge/s3/s3-service.ts";
import { canonicalRequest } from "../../deploy/local/edge/signature/canonical-request.ts";
import {
  scopeText,
  sha256,
  sign,
  signingKey,
} from "../../deploy/local/edge/signature/signing-key.ts";
import {
  openStorage,
  type Storage,
  type StorageOptions,
} from "../../deploy/local/edge/storage/storage.ts";

export const CREDENTIALS = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  secretAccessKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
};
export const REGION = "us-east-1";

export type S3Fixture = {
  readonly client: S3Client;
  readonly storage: Storage;
  readonly directory: string;
  readonly url: string;
  readonly port: number;
  readonly requests: AnsweredRequest[];
  /** A new, empty bucket with a name of its own. */
  bucket(): Promise<string>;
  close(): Promise<void>;
};

/** The S3 API on a folder of its own, with an SDK client for it. */
export async function startS3(
  options: Pick<StorageOptions, "durability"> = {},
): Promise<S3Fixture> {
  const directory = await mkdtemp(join(tmpdir(), "slipway-s3-"));
  const storage = await openStorage({ directory, ...options });
  const clock = { now: () => new Date() };
  const requests: AnsweredRequest[] = [];
  const server = createAwsListener({
    services: [createS3Service({ storage, clock, region: REGION })],
    credentials: CREDENTIALS,
    region: REGION,
    clock,
    onRequest: (answered) => requests.push(answered),
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const client = new S3Client({
    endpoint: url,
    region: REGION,
    credentials: CREDENTIALS,
    forcePathStyle: true,
    maxAttempts: 1,
  });
  return {
    client,
    storage,
    directory,
    url,
    port,
    requests,
    async bucket() {
      const name = `bucket-${randomBytes(6).toString("hex")}`;
      await client.send(new CreateBucketCommand({ Bucket: name }));
      return name;
    },
    async close() {
      client.destroy();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await storage.close();
      await rm(directory, { recursive: true });
    },
  };
}

/** "404 NoSuchKey", or "ok": what the service made of a call. */
export async function outcome(call: Promise<unknown>): Promise<string> {
  try {
    await call;
    return "ok";
  } catch (error) {
    if (!(error instanceof S3ServiceException)) throw error;
    return `${error.$metadata.httpStatusCode} ${error.name}`;
  }
}

export type RawRequest = {
  readonly method: string;
  /** Path and query as they go out. */
  readonly target: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Buffer;
  /** What x-amz-content-sha256 says; by default the hash of the body. */
  readonly payloadHash?: string;
  readonly at?: Date;
  readonly service?: string;
};

export type RawAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
};

/** The headers that sign a request, those of the request included. */
export function signedHeaders(host: string, raw: RawRequest): Record<string, string> {
  const { method, target, at = new Date(), service = "s3" } = raw;
  const timestamp = at.toISOString().replace(/[-:]|\.\d{3}/g, "");
  const payloadHash = raw.payloadHash ?? sha256(Buffer.from(raw.body ?? ""));
  const headers: Record<string, string> = {
    host,
    "x-amz-date": timestamp,
    "x-amz-content-sha256": payloadHash,
    ...raw.headers,
  };
  const names = Object.keys(headers).sort();
  const scope = { date: timestamp.slice(0, 8), region: REGION, service };
  const canonical = canonicalRequest(
    { method, target, headers: new Map(names.map((name) => [name, [headers[name] ?? ""]])) },
    { signedHeaders: names, payloadHash, pathEncoding: service === "s3" ? "once" : "twice" },
  );
  const text = ["AWS4-HMAC-SHA256", timestamp, scopeText(scope), sha256(canonical)].join("\n");
  const signature = sign(signingKey(CREDENTIALS.secretAccessKey, scope), text);
  headers.authorization = `AWS4-HMAC-SHA256 Credential=${CREDENTIALS.accessKeyId}/${scopeText(scope)}, SignedHeaders=${names.join(";")}, Signature=${signature}`;
  return headers;
}

/** Sends exactly this, signed, on a connection of its own. */
export function sendSigned(port: number, raw: RawRequest): Promise<RawAnswer> {
  const host = raw.headers?.host ?? `127.0.0.1:${port}`;
  return sendRaw(port, { ...raw, headers: signedHeaders(host, raw) });
}

/** Sends exactly this. */
export function sendRaw(port: number, raw: RawRequest): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const body = Buffer.from(raw.body ?? "");
    const outgoing = request(
      {
        host: "127.0.0.1",
        port,
        method: raw.method,
        path: raw.target,
        headers: { ...raw.headers, "content-length": body.length },
        agent: false,
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text: Buffer.concat(chunks).toString("utf8"),
          });
        });
        response.on("error", reject);
      },
    );
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
