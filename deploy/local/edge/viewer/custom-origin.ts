import { Agent, type IncomingMessage, request as startHttp } from "node:http";
import { request as startHttps, Agent as TlsAgent } from "node:https";
import type { Readable } from "node:stream";
import type { HeaderValue } from "./header-map.ts";
import { OriginFailure } from "./origin-answer.ts";

export type OriginCall = {
  readonly url: URL;
  readonly method: string;
  /** Path and query, as they stand in the request line. */
  readonly target: string;
  readonly headers: Record<string, HeaderValue>;
  /** Sent as it comes, never held; undefined for none. */
  readonly body: Readable | undefined;
  /** From one sign of life to the next. */
  readonly readTimeoutMs: number;
  /** Ends the call, also when its answer has begun. */
  readonly signal: AbortSignal | undefined;
};

export type OriginClient = {
  /** Resolves with the answer's head; its body is the caller's to read. Rejects with OriginFailure. */
  call(call: OriginCall): Promise<IncomingMessage>;
  /** Closes the connections that wait for the next call. */
  close(): void;
};

/** Connections to one origin; more calls than these wait for one. */
const MAX_CONNECTIONS = 256;

/** HTTP/1.1 to custom origins, over connections that are kept for the next call. */
export function createOriginClient(): OriginClient {
  const agents = {
    "http:": new Agent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
    "https:": new TlsAgent({ keepAlive: true, maxSockets: MAX_CONNECTIONS }),
  };

  function attempt(call: OriginCall): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const isSecure = call.url.protocol === "https:";
      const outgoing = (isSecure ? startHttps : startHttp)({
        hostname: call.url.hostname,
        port: call.url.port,
        path: call.target,
        method: call.method,
        headers: call.headers as Record<string, string | string[]>,
        agent: isSecure ? agents["https:"] : agents["http:"],
        ...(call.signal === undefined ? {} : { signal: call.signal }),
      });
      outgoing.setTimeout(call.readTimeoutMs, () =>
        outgoing.destroy(new OriginFailure(504, `no sign of life for ${call.readTimeoutMs} ms`)),
      );
      outgoing.on("error", (error) => reject(explain(error, outgoing.reusedSocket)));
      outgoing.once("response", resolve);
      if (call.body === undefined) outgoing.end();
      else sendBody(call.body, outgoing);
    });
  }

  return {
    async call(call) {
      try {
        return await attempt(call);
      } catch (error) {
        // The origin may close a kept connection in the moment in which it is used again.
        if (!(error instanceof KeptConnectionLost) || call.body !== undefined) throw error;
        return attempt(call);
      }
    },
    close() {
      agents["http:"].destroy();
      agents["https:"].destroy();
    },
  };
}

class KeptConnectionLost extends OriginFailure {}

function explain(error: NodeJS.ErrnoException, isReused: boolean): OriginFailure {
  if (error instanceof OriginFailure) return error;
  const lost = error.code === "ECONNRESET" || error.code === "EPIPE";
  if (lost && isReused) return new KeptConnectionLost(502, error.message, error);
  return new OriginFailure(error.code === "ETIMEDOUT" ? 504 : 502, error.message, error);
}

/** An origin may answer before it has read everything; what it does not read is not its fault. */
function sendBody(body: Readable, outgoing: ReturnType<typeof startHttp>): void {
  body.on("error", (error) => outgoing.destroy(error));
  body.pipe(outgoing);
}
