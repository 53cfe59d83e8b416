import type { CloudFrontClient } from "@aws-sdk/client-cloudfront";
import type { S3Client } from "@aws-sdk/client-s3";

/**
 * The XML of one exchange, beside the SDK's own reading of it: the SDK drops every element that its
 * model does not know, and an update that replaces a whole configuration must send those back.
 */
export type RawDocument = {
  /** Sent in place of what the SDK would write. */
  readonly send?: string | undefined;
  /** The answer's body, as it came. Empty until the answer is there. */
  received: string;
};

const DOCUMENT: unique symbol = Symbol("document");

/** The part of a command's input that carries the document. */
export function withDocument(document: RawDocument) {
  return { [DOCUMENT]: document };
}

/** Teaches a client to send and to keep raw documents. The signature covers what is really sent. */
export function exchangeRawDocuments(client: CloudFrontClient | S3Client): void {
  // The stack has one type a client; its steps are the same for all of them.
  const middlewareStack = client.middlewareStack as S3Client["middlewareStack"];
  middlewareStack.add(
    (next) => async (args) => {
      const document = documentOf(args.input);
      if (document?.send !== undefined && hasBody(args.request)) args.request.body = document.send;
      return await next(args);
    },
    // Before the content length is counted and the request signed.
    { step: "build", priority: "high", name: "slipwaySendDocument", override: true },
  );
  middlewareStack.add(
    (next) => async (args) => {
      const answer = await next(args);
      const document = documentOf(args.input);
      if (document === undefined || !hasBody(answer.response)) return answer;
      const bytes = await bytesOf(answer.response.body);
      document.received = new TextDecoder().decode(bytes);
      answer.response.body = bytes;
      return answer;
    },
    // Next to the network: the SDK reads the answer after us.
    { step: "deserialize", priority: "low", name: "slipwayKeepDocument", override: true },
  );
}

/** Other middleware copies the input; a symbol travels with it. */
function documentOf(input: object): RawDocument | undefined {
  return DOCUMENT in input ? (input[DOCUMENT] as RawDocument) : undefined;
}

function hasBody(message: unknown): message is { body: unknown } {
  return typeof message === "object" && message !== null && "body" in message;
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body instanceof Uint8Array) return body;
  if (typeof body !== "object" || body === null || !(Symbol.asyncIterator in body)) {
    return new Uint8Array();
  }
  const chunks: Uint8Array[] = [];
  for await (const chunk of body as AsyncIterable<Uint8Array>) chunks.push(chunk);
  return Buffer.concat(chunks);
}
