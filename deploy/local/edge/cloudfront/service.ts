import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsService } from "../aws-service.ts";
import { noteOperation } from "../signature/aws-request.ts";
import type { ApiAnswer, Route } from "./api.ts";
import { ApiError, notImplemented } from "./api-error.ts";
import { createRouter } from "./router.ts";
import { writeDocument } from "./xml.ts";

/** The listener in front passes on no larger bodies; here it is the bound of what is read at all. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

/** The CloudFront API of 2020-05-31. An operation that is not among the routes is answered with 501. */
export function createCloudFrontService(dependencies: {
  readonly routes: readonly Route[];
  readonly onFault?: ((error: unknown) => void) | undefined;
}): AwsService {
  const { routes, onFault } = dependencies;
  const findRoute = createRouter(routes);

  async function answer(request: IncomingMessage): Promise<ApiAnswer> {
    const [path = "", query = ""] = (request.url ?? "").split("?", 2);
    const parameters = new URLSearchParams(query);
    const found = findRoute(request.method ?? "", path, parameters);
    noteOperation(request, { operation: found.operation });
    if (found.kind === "unserved") throw notImplemented(`the operation ${found.operation}`);
    return found.route.answer({
      id: found.id,
      subId: found.subId,
      query: parameters,
      ifMatch: request.headers["if-match"],
      body: await readBody(request),
    });
  }

  return {
    name: "cloudfront",
    async handle(request, response) {
      const requestId = randomUUID();
      try {
        send(response, requestId, await answer(request));
      } catch (error) {
        if (!(error instanceof ApiError)) onFault?.(error);
        send(response, requestId, errorAnswer(error, requestId));
      }
    },
  };
}

/** All of the request's body. Throws an ApiError when it is too large. */
export async function readBody(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new ApiError(413, "RequestEntityTooLarge", "The request body is too large.");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

/** What is no ApiError is a fault of ours, and tells the client nothing but that. */
function errorAnswer(error: unknown, requestId: string): ApiAnswer {
  const { status, code, message } =
    error instanceof ApiError
      ? error
      : new ApiError(500, "InternalFailure", "The local edge failed to answer.");
  const type = status < 500 ? "Sender" : "Receiver";
  const content = writeDocument("ErrorResponse", {
    Error: { Type: type, Code: code, Message: message },
    RequestId: requestId,
  });
  return { status, content };
}

function send(response: ServerResponse, requestId: string, answer: ApiAnswer): void {
  const { status, content } = answer;
  const lengths =
    status === 204
      ? {}
      : { "content-type": "text/xml", "content-length": String(Buffer.byteLength(content)) };
  response.writeHead(status, { ...lengths, ...answer.headers, "x-amzn-requestid": requestId });
  response.end(content);
}
