import { IncomingMessage, ServerResponse } from "node:http";
import type { VerifiedSignature } from "./verify-signature.ts";

/** What a service made of a request; for whoever counts requests. */
export type OperationNote = {
  readonly operation: string;
  readonly bucket?: string | undefined;
  readonly key?: string | undefined;
};

/** A request to the AWS-compatible API. It is a class because node:http makes them. */
export class AwsRequest extends IncomingMessage {
  /** Bytes of the body so far, as they came over the wire. */
  bodyBytes = 0;
  /** Set by the listener before a service sees the request. */
  signature: VerifiedSignature | undefined;
  /** Set by the service, for the request log. */
  note: OperationNote | undefined;

  override push(chunk: unknown, encoding?: BufferEncoding): boolean {
    if (Buffer.isBuffer(chunk)) this.bodyBytes += chunk.length;
    return super.push(chunk, encoding);
  }
}

/** An answer that counts the bytes of its body. */
export class AwsResponse extends ServerResponse<AwsRequest> {
  bodyBytes = 0;

  override write(chunk: unknown, ...rest: unknown[]): boolean {
    this.bodyBytes += sizeOf(chunk);
    return super.write(chunk, ...(rest as never[]));
  }

  override end(chunk?: unknown, ...rest: unknown[]): this {
    this.bodyBytes += sizeOf(chunk);
    return super.end(chunk as never, ...(rest as never[]));
  }
}

function sizeOf(chunk: unknown): number {
  if (typeof chunk === "string") return Buffer.byteLength(chunk);
  return chunk instanceof Uint8Array ? chunk.length : 0;
}

/** Lets a service say which operation a request was. Requests of another make are left alone. */
export function noteOperation(request: IncomingMessage, note: OperationNote): void {
  if (request instanceof AwsRequest) request.note = note;
}

/**
 * The same request with its body as one piece, for services whose signature covers a hash of the body
 * that no header carries, so that it had to be read first.
 */
export function replayRequest(request: AwsRequest, body: Buffer): AwsRequest {
  const replay = new AwsRequest(request.socket);
  replay.method = request.method;
  replay.url = request.url;
  replay.rawHeaders = request.rawHeaders;
  replay.headers = request.headers;
  replay.httpVersion = request.httpVersion;
  replay.signature = request.signature;
  // Otherwise its end would count as an abort, which destroys the socket.
  replay.complete = true;
  if (body.length > 0) replay.push(body);
  replay.push(null);
  return replay;
}
