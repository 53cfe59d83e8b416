import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { Clock } from "../../ports.ts";
import { type RequestIds, s3ErrorDocument, serviceErrorDocument } from "./aws-error.ts";
import type { AwsService } from "./aws-service.ts";
import { AwsRequest, AwsResponse, replayRequest } from "./signature/aws-request.ts";
import { type SignableRequest, splitTarget } from "./signature/canonical-request.ts";
import { claimedPayloadHash } from "./signature/payload-hash.ts";
import {
  readClaim,
  type SignatureClaim,
  type SignatureRefusal,
} from "./signature/signature-claim.ts";
import { sha256 } from "./signature/signing-key.ts";
import { type Credentials, verifySignature } from "./signature/verify-signature.ts";

/** One request that has been answered, or whose client has gone (then `status` is 499). */
export type AnsweredRequest = {
  readonly service: string;
  /** S3's name of the operation, or method and path for a service that gives no names. */
  readonly operation: string;
  readonly method: string;
  readonly bucket: string | undefined;
  readonly key: string | undefined;
  readonly status: number;
  /** Bytes of the bodies. */
  readonly bytesIn: number;
  readonly bytesOut: number;
};

export type AwsListenerOptions = {
  readonly services: readonly AwsService[];
  readonly credentials: Credentials;
  /** The region that S3 requests must be signed for; any when absent. */
  readonly region?: string;
  readonly clock: Pick<Clock, "now">;
  /** Called once a request, after its answer has gone out. */
  readonly onRequest?: (request: AnsweredRequest) => void;
  /** Told of failures whose details no client sees. */
  readonly onFault?: ((error: unknown) => void) | undefined;
};

const LARGEST_SIGNED_BODY = 1024 * 1024;
/** Longer than the idle time of the clients' connection pools, so that they close first. */
const KEEP_ALIVE = 75_000;
const CLIENT_GONE = 499;

/**
 * The AWS-compatible API: checks the signature of every request, then hands it to the service that
 * the signature was made for. Nothing is answered without a valid signature and no CORS header is
 * ever sent, so a page in a browser can neither read nor write here. The server is not listening yet;
 * bind it to loopback.
 */
export function createAwsListener(options: AwsListenerOptions): Server {
  const server = createServer<typeof IncomingMessage, typeof ServerResponse>({
    IncomingMessage: AwsRequest,
    ServerResponse: AwsResponse as typeof ServerResponse,
  });
  // A large upload may take longer than node's five minutes.
  server.requestTimeout = 0;
  server.keepAliveTimeout = KEEP_ALIVE;
  server.on("request", (request, response) => {
    void answer(request as AwsRequest, response as AwsResponse, options);
  });
  server.on("checkContinue", (request, response) => {
    void answer(request as AwsRequest, response as AwsResponse, options, () =>
      response.writeContinue(),
    );
  });
  return server;
}

async function answer(
  request: AwsRequest,
  response: AwsResponse,
  options: AwsListenerOptions,
  proceed: () => void = () => undefined,
): Promise<void> {
  const ids = newRequestIds();
  response.setHeader("x-amz-request-id", ids.requestId);
  const signable = signableOf(request);
  const reading = readClaim(signable);
  const service = reading.kind === "claim" ? reading.claim.scope.service : "s3";
  if (service === "s3")
    response.setHeader("x-amz-id-2", ids.hostId).setHeader("server", "AmazonS3");
  if (options.onRequest !== undefined) report(request, response, service, options.onRequest);
  try {
    const refusal =
      reading.kind === "refused"
        ? reading.refusal
        : await handle({ request, response, signable, claim: reading.claim, options, proceed });
    if (refusal !== undefined) refuse(request, response, { service, refusal, ids });
  } catch (error) {
    options.onFault?.(error);
    const refusal = { code: "InternalError", status: 500, message: "The edge failed." };
    refuse(request, response, { service, refusal, ids });
  }
}

type Turn = {
  readonly request: AwsRequest;
  readonly response: AwsResponse;
  readonly signable: SignableRequest;
  readonly claim: SignatureClaim;
  readonly options: AwsListenerOptions;
  readonly proceed: () => void;
};

/** Has the service answer, or returns why not. */
async function handle(turn: Turn): Promise<SignatureRefusal | undefined> {
  const { request, response, signable, claim, options, proceed } = turn;
  const name = claim.scope.service;
  const isS3 = name === "s3";
  let body: Buffer | undefined;
  let payloadHash = claimedPayloadHash(signable, claim);
  if (!isS3) {
    proceed();
    body = await readBody(request);
    if (body === undefined) return TOO_LARGE;
    payloadHash = sha256(body);
  }
  if (payloadHash === undefined) return HASH_MISSING;
  const verdict = verifySignature(signable, claim, {
    credentials: options.credentials,
    region: isS3 ? options.region : undefined,
    now: options.clock.now().getTime(),
    payloadHash,
  });
  if (verdict.kind === "refused") return verdict.refusal;
  const service = options.services.find((candidate) => candidate.name === name);
  if (service === undefined) return unknownService(name, options.services);
  request.signature = verdict.signature;
  if (isS3) proceed();
  const given = body === undefined ? request : replayRequest(request, body);
  await service.handle(given, response);
  request.note = given.note;
  return undefined;
}

const HASH_MISSING: SignatureRefusal = {
  code: "InvalidRequest",
  status: 400,
  message: "Missing required header for this request: x-amz-content-sha256",
};

const TOO_LARGE: SignatureRefusal = {
  code: "RequestEntityTooLarge",
  status: 413,
  message: "The request body is larger than 1 MiB.",
};

function unknownService(name: string, services: readonly AwsService[]): SignatureRefusal {
  const known = services.map((service) => service.name).join(", ");
  return {
    code: "NotImplemented",
    status: 501,
    message: `The local edge has no service "${name}"; it has: ${known}.`,
  };
}

async function readBody(request: AwsRequest): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > LARGEST_SIGNED_BODY) return undefined;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

type Refused = {
  readonly service: string;
  readonly refusal: SignatureRefusal;
  readonly ids: RequestIds;
};

function refuse(
  request: AwsRequest,
  response: AwsResponse,
  { service, refusal, ids }: Refused,
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const document =
    service === "s3"
      ? s3ErrorDocument(refusal, splitTarget(request.url ?? "/").path, ids)
      : serviceErrorDocument(service, request.headers["content-type"] ?? "", refusal, ids);
  response.writeHead(refusal.status, {
    "content-type": document.contentType,
    "content-length": Buffer.byteLength(document.body),
  });
  response.end(request.method === "HEAD" ? undefined : document.body);
}

function report(
  request: AwsRequest,
  response: AwsResponse,
  service: string,
  onRequest: (request: AnsweredRequest) => void,
): void {
  response.once("close", () => {
    const method = request.method ?? "";
    const { path } = splitTarget(request.url ?? "/");
    onRequest({
      service,
      operation: request.note?.operation ?? `${method} ${path}`,
      method,
      bucket: request.note?.bucket,
      key: request.note?.key,
      status: response.writableFinished ? response.statusCode : CLIENT_GONE,
      bytesIn: request.bodyBytes,
      bytesOut: request.method === "HEAD" ? 0 : response.bodyBytes,
    });
  });
}

function signableOf(request: AwsRequest): SignableRequest {
  const headers = new Map<string, string[]>();
  for (let i = 0; i + 1 < request.rawHeaders.length; i += 2) {
    const name = (request.rawHeaders[i] ?? "").toLowerCase();
    const values = headers.get(name) ?? [];
    values.push(request.rawHeaders[i + 1] ?? "");
    headers.set(name, values);
  }
  return { method: request.method ?? "", target: request.url ?? "/", headers };
}

/** Random, in the form of S3's. */
function newRequestIds(): RequestIds {
  return {
    requestId: randomBytes(8).toString("hex").toUpperCase(),
    hostId: randomBytes(48).toString("base64"),
  };
}
