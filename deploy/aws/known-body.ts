import type { Readable } from "node:stream";
import type { S3Client } from "@aws-sdk/client-s3";
import type { Digest } from "../core/keys.ts";

/** The body of a request, whose digest is known before it is read. */
export type KnownBody = {
  /** Bytes. */
  readonly size: number;
  /** SHA-256 of exactly these bytes; S3 refuses others. */
  readonly sha256: Digest;
  readonly source:
    | { readonly kind: "bytes"; readonly bytes: Uint8Array }
    /** Opened anew for every attempt. */
    | { readonly kind: "stream"; readonly open: () => Readable };
};

const BODY: unique symbol = Symbol("body");

/** Stands for a stream until the request is signed; the SDK retries no request that holds a stream. */
const PLACEHOLDER = new Uint8Array();

/** The part of a command's input that sends this body. */
export function bodyInput(body: KnownBody) {
  const bytes = body.source.kind === "bytes" ? body.source.bytes : PLACEHOLDER;
  return { Body: bytes, ContentLength: body.size, [BODY]: body };
}

/**
 * Teaches a client to send known bodies. They are signed with their own digest, in place of the SDK's
 * UNSIGNED-PAYLOAD for streams, so every S3-compatible store can refuse a changed file.
 */
export function sendKnownBodies({ middlewareStack }: S3Client): void {
  middlewareStack.add(
    (next) => async (args) => {
      const body = bodyOf(args.input);
      if (body !== undefined && isRequest(args.request)) {
        args.request.headers["x-amz-content-sha256"] = body.sha256;
      }
      return await next(args);
    },
    { step: "build", name: "slipwaySignKnownBody", override: true },
  );
  middlewareStack.add(
    (next) => async (args) => {
      const { request } = args;
      const source = bodyOf(args.input)?.source;
      if (source?.kind !== "stream" || !isRequest(request)) return await next(args);
      const stream = source.open();
      request.body = stream;
      try {
        return await next(args);
      } finally {
        stream.destroy();
        request.body = PLACEHOLDER;
      }
    },
    { step: "deserialize", priority: "low", name: "slipwayOpenKnownBody", override: true },
  );
}

/** Other middleware copies the input; a symbol travels with it. */
function bodyOf(input: object): KnownBody | undefined {
  return BODY in input ? (input[BODY] as KnownBody) : undefined;
}

type Request = { readonly headers: Record<string, string>; body: unknown };

function isRequest(request: unknown): request is Request {
  return typeof request === "object" && request !== null && "headers" in request;
}
