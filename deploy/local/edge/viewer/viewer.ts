import {
  createServer,
  type IncomingMessage,
  type RequestListener,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createTlsServer, type Server as TlsServer } from "node:https";
import type { Socket } from "node:net";
import type { Clock } from "../../../ports.ts";
import type { LiveDistribution } from "../live-distribution.ts";
import { createAnswerer } from "./answer-request.ts";
import { createCustomOrigins } from "./ask-custom-origin.ts";
import { createOriginClient } from "./custom-origin.ts";
import { edgeError, originFailure } from "./edge-answers.ts";
import type { EdgeCache } from "./edge-cache.ts";
import { createContentFetcher } from "./fetch-content.ts";
import { createLookup } from "./lookup.ts";
import { BodyGone, createIdentity, createRequestId, type Exchange, sendAnswer } from "./send.ts";
import type { FunctionReport } from "./viewer-functions.ts";
import { MAX_HEADER_BYTES } from "./viewer-request.ts";

/** One request served, told when its answer has left or its viewer has. */
export type ViewerEvent = {
  readonly method: string;
  /** As the viewer sent it, query included. */
  readonly url: string;
  readonly status: number;
  /** The value of X-Cache. */
  readonly cache: string;
  /** The value of Age, in seconds; only hits have one. */
  readonly age: number | undefined;
  readonly milliseconds: number;
};

export type ViewerDependencies = {
  /** Asked once for each request, with its Host header; the request then goes by that one value. */
  readonly live: (host: string | undefined) => LiveDistribution;
  readonly cache: EdgeCache;
  readonly clock: Pick<Clock, "now">;
  /** Answers by itself what is none of the distribution's business, and says whether it did. */
  readonly intercept?:
    | ((request: IncomingMessage, response: ServerResponse) => boolean)
    | undefined;
  readonly onRequest?: ((event: ViewerEvent) => void) | undefined;
  /** Told of each run of a function that logged something or failed. */
  readonly onFunction?: ((report: FunctionReport) => void) | undefined;
  /** Told of failures whose details no viewer sees. */
  readonly onFault?: ((error: unknown) => void) | undefined;
  /** Where viewers reach the server with a certificate; without one, plain connections stand for https. */
  readonly httpsPort?: (() => number | undefined) | undefined;
  /** From 0 to below 1, for the sampling of Server-Timing. Default Math.random. */
  readonly random?: (() => number) | undefined;
};

/** PEM texts. */
export type TlsCertificate = { readonly key: string; readonly cert: string };

export type Viewer = {
  /** For plain connections; not yet listening. */
  readonly server: Server;
  /** A second server for the same distribution and cache, whose connections count as https. */
  createTlsServer(certificate: TlsCertificate): TlsServer;
  /** Closes the connections to custom origins. The servers are closed by whoever made them listen. */
  close(): void;
};

/** A viewer has this long to send its headers, and this long to take or send the next part of a body. */
const HEADERS_TIMEOUT_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
const CHECK_INTERVAL_MS = 2_000;

const SERVER_OPTIONS = {
  maxHeaderSize: MAX_HEADER_BYTES,
  headersTimeout: HEADERS_TIMEOUT_MS,
  // An upload takes as long as it takes, while it goes on.
  requestTimeout: 0,
  connectionsCheckingInterval: CHECK_INTERVAL_MS,
};

/**
 * The edge as browsers see it: HTTP servers that answer for any host name as the distribution of that name would.
 * No answer names a detail of a failure.
 */
export function createViewer(dependencies: ViewerDependencies): Viewer {
  const { cache, clock, live, onRequest, onFunction, onFault } = dependencies;
  const identity = createIdentity();
  const client = createOriginClient();
  const answer = createAnswerer({
    live,
    clock,
    identity,
    onFunction,
    random: dependencies.random ?? Math.random,
    httpsPort: dependencies.httpsPort ?? (() => undefined),
    fetchContent: createContentFetcher({
      lookup: createLookup({ cache, clock, onFault }),
      customOrigins: createCustomOrigins(client, identity),
      clock,
      onFault,
    }),
  });

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
    let gone: unknown;
    for (let attempt = 0; attempt < 2; attempt++) {
      try {
        return await sendAnswer(await answer(exchange), exchange, identity);
      } catch (error) {
        if (!(error instanceof BodyGone)) throw error;
        cache.forgetObject(error.object);
        gone = error.cause;
      }
    }
    onFault?.(gone);
    await sendAnswer(originFailure(502, exchange.requestId), exchange, identity);
  }

  function listener(isSecure: boolean): RequestListener {
    return (request, response) => {
      if (dependencies.intercept?.(request, response) === true) return;
      if (onRequest !== undefined) tellWhenOver({ request, response }, onRequest);
      const exchange = { request, response, isSecure, requestId: createRequestId() };
      serve(exchange).catch((error: unknown) => {
        response.destroy();
        onFault?.(error);
      });
    };
  }

  return {
    server: prepared(createServer(SERVER_OPTIONS, listener(false))),
    createTlsServer: ({ key, cert }) =>
      prepared(createTlsServer({ ...SERVER_OPTIONS, key, cert }, listener(true))),
    close: () => client.close(),
  };
}

function prepared<T extends Server | TlsServer>(server: T): T {
  server.setTimeout(IDLE_TIMEOUT_MS);
  server.on("clientError", refuseUnreadable);
  return server;
}

function tellWhenOver(
  { request, response }: Pick<Exchange, "request" | "response">,
  onRequest: (event: ViewerEvent) => void,
): void {
  const started = performance.now();
  response.once("close", () => {
    const age = response.getHeader("age");
    onRequest({
      method: request.method ?? "",
      url: request.url ?? "",
      status: response.statusCode,
      cache: String(response.getHeader("x-cache") ?? ""),
      age: age === undefined ? undefined : Number(age),
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
