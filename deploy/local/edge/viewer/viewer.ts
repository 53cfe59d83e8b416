import { createServer, type Server } from "node:http";
import type { Socket } from "node:net";
import { DEFAULT_EDGE_CONFIG } from "../../../edge/decide.ts";
import type { Clock } from "../../../ports.ts";
import type { LiveDistribution } from "../live-distribution.ts";
import type { Origin } from "../origin.ts";
import { createAnswerer } from "./answer-request.ts";
import { edgeError, originFailure } from "./edge-answers.ts";
import type { EdgeCache } from "./edge-cache.ts";
import { createLookup } from "./lookup.ts";
import { BodyGone, createIdentity, createRequestId, type Exchange, sendAnswer } from "./send.ts";
import { MAX_HEADER_BYTES } from "./viewer-request.ts";

/** One request served, told when its answer has left or its viewer has. */
export type ViewerEvent = {
  readonly method: string;
  /** As the viewer sent it, query included. */
  readonly url: string;
  readonly status: number;
  /** The value of X-Cache. */
  readonly cache: string;
  readonly milliseconds: number;
};

export type ViewerDependencies = {
  /** Asked once for each request, which then goes by that one value. */
  readonly live: () => LiveDistribution;
  readonly cache: EdgeCache;
  readonly clock: Pick<Clock, "now">;
  readonly onRequest?: ((event: ViewerEvent) => void) | undefined;
  /** Told of failures whose details no viewer sees. */
  readonly onFault?: ((error: unknown) => void) | undefined;
};

/** A viewer has this long to send its headers, and this long to take the next part of an answer. */
const HEADERS_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
const CHECK_INTERVAL_MS = 2_000;

/**
 * The edge as browsers see it: an HTTP server, not yet listening, that answers for any host name as
 * the distribution would. No answer names a detail of a failure.
 */
export function createViewer(dependencies: ViewerDependencies): Server {
  const { cache, live, onRequest, onFault } = dependencies;
  const config = DEFAULT_EDGE_CONFIG;
  const origin: Origin = { get: (key) => bucketOf(live()).get(key) };
  const lookup = createLookup({ ...dependencies, origin, config });
  const answer = createAnswerer({ ...dependencies, config, lookup });
  const identity = createIdentity();

  async function serve(exchange: Exchange): Promise<void> {
    try {
      await answerAndSend(exchange);
    } catch (error) {
      onFault?.(error);
      const { response, requestId } = exchange;
      if (response.headersSent) response.destroy();
      else await sendAnswer(edgeError(503, "The edge failed.", requestId), exchange, identity);
    }
  }

  /** A cached version whose bytes are gone has a successor, which the second attempt finds. */
  async function answerAndSend(exchange: Exchange): Promise<void> {
    const { request, requestId } = exchange;
    let gone: unknown;
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        return await sendAnswer(await answer(request, requestId), exchange, identity);
      } catch (error) {
        if (!(error instanceof BodyGone)) throw error;
        cache.forgetObject(error.object);
        gone = error.cause;
      }
    }
    onFault?.(gone);
    await sendAnswer(originFailure(requestId), exchange, identity);
  }

  const server = createServer(
    {
      maxHeaderSize: MAX_HEADER_BYTES,
      headersTimeout: HEADERS_TIMEOUT_MS,
      requestTimeout: HEADERS_TIMEOUT_MS,
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
    },
    (request, response) => {
      if (onRequest !== undefined) tellWhenOver({ request, response }, onRequest);
      serve({ request, response, requestId: createRequestId() }).catch((error: unknown) => {
        response.destroy();
        onFault?.(error);
      });
    },
  );
  server.setTimeout(IDLE_TIMEOUT_MS);
  server.on("clientError", refuseUnreadable);
  return server;
}

function bucketOf(distribution: LiveDistribution): Origin {
  const origin = distribution.behaviors.at(-1)?.origin;
  if (origin?.kind !== "bucket") throw new Error("the default behavior has no bucket");
  return origin.bucket;
}

function tellWhenOver(
  { request, response }: Pick<Exchange, "request" | "response">,
  onRequest: (event: ViewerEvent) => void,
): void {
  const started = performance.now();
  response.once("close", () => {
    onRequest({
      method: request.method ?? "",
      url: request.url ?? "",
      status: response.statusCode,
      cache: String(response.getHeader("x-cache") ?? ""),
      milliseconds: performance.now() - started,
    });
  });
}

const UNREADABLE: Readonly<Record<string, string>> = {
  HPE_HEADER_OVERFLOW: "413 Request Entity Too Large",
  ERR_HTTP_REQUEST_TIMEOUT: "408 Request Timeout",
};

/** Requests that never become one: CloudFront answers oversized headers with 413 (CF-DG "Quotas"). */
function refuseUnreadable(error: NodeJS.ErrnoException, socket: Socket): void {
  if (!socket.writable || error.code === "ECONNRESET") {
    socket.destroy();
    return;
  }
  const status = UNREADABLE[error.code ?? ""] ?? "400 Bad Request";
  socket.end(
    `HTTP/1.1 ${status}\r\nServer: CloudFront\r\nX-Cache: Error from cloudfront\r\n` +
      "Content-Length: 0\r\nConnection: close\r\n\r\n",
  );
}
