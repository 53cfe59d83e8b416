import type { IncomingMessage, ServerResponse } from "node:http";
import { pipeline } from "node:stream/promises";
import { SlipwayError } from "../../../core/errors.ts";
import { s3ErrorDocument } from "../aws-error.ts";
import type { AwsService } from "../aws-service.ts";
import { AwsRequest, noteOperation } from "../signature/aws-request.ts";
import { ChunkError } from "../signature/chunk-decoder.ts";
import { readAddress } from "./address.ts";
import { operationName } from "./operation-name.ts";
import { OPERATIONS } from "./operations.ts";
import { ClientGone } from "./receive-body.ts";
import type { S3Answer, S3Call, S3Dependencies } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";

export type S3ServiceOptions = Pick<S3Dependencies, "storage" | "clock"> & {
  /** Where buckets are said to lie. Default us-east-1. */
  readonly region?: string;
  /** Default 000000000000. */
  readonly accountId?: string;
};

/** The S3 API over a storage. Expects requests that the listener has verified. */
export function createS3Service(options: S3ServiceOptions): AwsService {
  const dependencies: S3Dependencies = {
    storage: options.storage,
    clock: options.clock,
    region: options.region ?? "us-east-1",
    accountId: options.accountId ?? "000000000000",
  };
  return {
    name: "s3",
    async handle(request, response) {
      try {
        const call = readCall(request);
        await send(response, call.method, await perform(call, dependencies));
      } catch (error) {
        sendError(request, response, error);
      }
    },
  };
}

function readCall(request: IncomingMessage): S3Call {
  if (!(request instanceof AwsRequest) || request.signature === undefined) {
    throw new S3Error("AccessDenied");
  }
  const address = readAddress(request.url ?? "/", request.headers.host ?? "");
  const headers = readHeaders(request, address.query);
  const operation = operationName({
    method: request.method ?? "",
    level: levelOf(address.bucket, address.key),
    query: address.query,
    isCopy: headers.has("x-amz-copy-source"),
  });
  noteOperation(request, {
    operation,
    bucket: address.bucket || undefined,
    key: address.key || undefined,
  });
  return {
    operation,
    method: request.method ?? "",
    bucket: address.bucket,
    key: address.key,
    resource: address.path,
    query: address.query,
    headers,
    body: request,
    signature: request.signature,
  };
}

function levelOf(bucket: string, key: string): "service" | "bucket" | "object" {
  if (bucket === "") return "service";
  return key === "" ? "bucket" : "object";
}

/**
 * A presigned URL may carry x-amz-* headers as parameters; they count as headers, and like those have
 * one character a byte.
 */
function readHeaders(
  request: IncomingMessage,
  query: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const [name, value] of query) {
    if (/^x-amz-/.test(name)) headers.set(name, Buffer.from(value, "utf8").toString("latin1"));
  }
  for (const [name, values] of Object.entries(request.headersDistinct)) {
    if (values !== undefined) headers.set(name, values.join(","));
  }
  return headers;
}

async function perform(call: S3Call, dependencies: S3Dependencies): Promise<S3Answer> {
  const operation = OPERATIONS[call.operation];
  if (operation === undefined) {
    throw new S3Error("NotImplemented", {
      message: `The local edge does not implement ${call.operation}.`,
    });
  }
  for (const name of ["x-amz-expected-bucket-owner", "x-amz-source-expected-bucket-owner"]) {
    const owner = call.headers.get(name) ?? dependencies.accountId;
    if (owner !== dependencies.accountId) throw new S3Error("AccessDenied");
  }
  return operation(call, dependencies);
}

async function send(response: ServerResponse, method: string, answer: S3Answer): Promise<void> {
  const { status, headers = {}, body } = answer;
  if (body === undefined) {
    const hasLength = status !== 204 && status !== 304 && headers["content-length"] === undefined;
    response.writeHead(status, hasLength ? { ...headers, "content-length": "0" } : headers).end();
    return;
  }
  if (body.kind !== "bytes") {
    const type = body.kind === "xml" ? "application/xml" : "application/json";
    response
      .writeHead(status, {
        "content-type": type,
        ...headers,
        "content-length": Buffer.byteLength(body.text),
      })
      .end(method === "HEAD" ? undefined : body.text);
    return;
  }
  response.writeHead(status, { ...headers, "content-length": body.length });
  if (method === "HEAD") {
    response.end();
    return;
  }
  // When the client goes away in the middle, there is nobody left to tell.
  await pipeline(body.open(), response).catch(() => response.destroy());
}

function sendError(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (error instanceof ClientGone || response.headersSent) {
    response.destroy();
    return;
  }
  const told = toS3Error(error);
  const ids = {
    requestId: String(response.getHeader("x-amz-request-id") ?? ""),
    hostId: String(response.getHeader("x-amz-id-2") ?? ""),
  };
  const document = s3ErrorDocument(told, (request.url ?? "/").replace(/\?.*$/s, ""), ids);
  const isBare = request.method === "HEAD";
  response.writeHead(told.status, {
    ...told.headers,
    "content-type": document.contentType,
    ...(isBare ? {} : { "content-length": Buffer.byteLength(document.body) }),
  });
  response.end(isBare ? undefined : document.body);
}

/** What we cannot explain to the client is thrown on, to the listener. */
function toS3Error(error: unknown): S3Error {
  if (error instanceof S3Error) return error;
  if (error instanceof ChunkError) return new S3Error(error.code, { message: error.message });
  if (error instanceof SlipwayError) {
    const { what, why, next } = error.text;
    return new S3Error("InternalError", { message: `${what}: ${why}. ${next}` });
  }
  throw error;
}
