import { randomBytes } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { OriginObject } from "../origin.ts";
import { type Answer, dropAnswer } from "./answer.ts";
import { hasBody } from "./edge-request.ts";
import { headerLine } from "./header-map.ts";

/** One edge location: what it calls itself in Via and X-Amz-Cf-Pop. */
export type EdgeIdentity = { readonly host: string; readonly pop: string };

/** One request on its way through the edge. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  /** The X-Amz-Cf-Id of the answer. */
  readonly requestId: string;
  /** Whether the viewer's connection is TLS. */
  readonly isSecure: boolean;
};

/** Names as CloudFront's look, made up once for a process. */
export function createIdentity(): EdgeIdentity {
  return { host: `${randomBytes(16).toString("hex")}.cloudfront.net`, pop: "LCL50-C1" };
}

const ID_BYTES = 40;
const IDS_IN_STOCK = 128;
let stock = Buffer.alloc(0);

/** Random bytes are fetched for many requests at once, which makes an id ten times cheaper. */
export function createRequestId(): string {
  if (stock.length === 0) stock = randomBytes(ID_BYTES * IDS_IN_STOCK);
  const id = stock.toString("base64url", 0, ID_BYTES);
  stock = stock.subarray(ID_BYTES);
  return `${id}==`;
}

/** An object's bytes could not be opened, and nothing was sent yet. */
export class BodyGone extends Error {
  readonly object: OriginObject;

  constructor(object: OriginObject, cause: unknown) {
    super("the object's bytes are gone", { cause });
    this.name = "BodyGone";
    this.object = object;
  }
}

/**
 * Sends the answer; HEAD gets all but the body. Resolves when the last byte is handed to the socket
 * or the viewer has left, which also ends the origin's stream. Rejects with BodyGone as long as
 * another answer can still be sent; a stream that breaks later breaks the connection, so that the
 * viewer sees a body that is too short.
 */
export async function sendAnswer(
  answer: Answer,
  { request, response, requestId }: Exchange,
  identity: EdgeIdentity,
): Promise<void> {
  if (response.destroyed) return dropAnswer(answer);
  const body = request.method === "HEAD" ? withoutBody(answer) : answer.body;
  const stream = await openStream(body);
  // Set, not only written, so that whoever watches the response can read it back.
  response.setHeader("x-cache", `${answer.result} from cloudfront`);
  const closes = answer.close === true || (hasBody(request) && !request.complete);
  const origins = headerLine(answer.headers, "via");
  const own = `${request.httpVersion} ${identity.host} (CloudFront)`;
  response.writeHead(answer.status, answer.statusText || undefined, {
    ...(answer.headers as Record<string, string | string[]>),
    via: origins === undefined ? own : `${origins}, ${own}`,
    "x-amz-cf-pop": identity.pop,
    "x-amz-cf-id": requestId,
    ...(closes ? { connection: "close" } : {}),
  });
  if (stream !== undefined) {
    // An event stream's head must not wait for its first event.
    response.flushHeaders();
    return sendStream(stream, response);
  }
  const chunks = body.kind === "bytes" ? body.chunks : [];
  for (const chunk of chunks.slice(0, -1)) response.write(chunk);
  response.end(chunks.at(-1));
}

/** A relayed answer to HEAD has an end, which its connection must reach to be used again. */
function withoutBody({ body }: Answer): Answer["body"] {
  if (body.kind === "relay") body.stream.resume();
  return { kind: "none" };
}

async function openStream(body: Answer["body"]): Promise<Readable | undefined> {
  switch (body.kind) {
    case "object":
      return openReady(body);
    case "relay":
      return body.stream;
    case "none":
    case "bytes":
      return undefined;
  }
}

async function openReady(body: Extract<Answer["body"], { kind: "object" }>): Promise<Readable> {
  try {
    const stream = body.object.open(body.range);
    await untilReadable(stream);
    return stream;
  } catch (error) {
    throw new BodyGone(body.object, error);
  }
}

function untilReadable(stream: Readable): Promise<void> {
  return new Promise((resolve, reject) => {
    // Stays for good: an error may come before the pipeline has begun to listen.
    stream.on("error", reject);
    stream.once("close", () => reject(new Error("the stream closed before its first byte")));
    stream.once("end", resolve);
    stream.once("readable", resolve);
  });
}

/** A break on either side destroys both; there is nobody left to tell. */
async function sendStream(stream: Readable, response: ServerResponse): Promise<void> {
  await pipeline(stream, response).catch(() => response.destroy());
}
