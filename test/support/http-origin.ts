import {
  createServer,
  type IncomingHttpHeaders,
  type IncomingMessage,
  type ServerResponse,
} from "node:http";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

type Asked = {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
};

/** An HTTP server of the site's author: answers what a test tells it to, and records what it was asked. */
export type HttpOrigin = {
  readonly url: string;
  readonly asked: readonly Asked[];
  /** Connections opened so far. */
  readonly connections: () => number;
  handle: (request: IncomingMessage, response: ServerResponse) => void;
  /** Answers everything alike. */
  says(status: number, headers?: Record<string, string>, body?: string): void;
  close(): Promise<void>;
};

export async function startHttpOrigin(): Promise<HttpOrigin> {
  const asked: Asked[] = [];
  let connections = 0;
  const server = createServer((request, response) => {
    const { method = "", url = "", headers } = request;
    asked.push({ method, url, headers });
    origin.handle(request, response);
  });
  server.on("connection", () => {
    connections += 1;
  });
  const url = await listenOnLoopback(server, 0);
  const origin: HttpOrigin = {
    url,
    asked,
    connections: () => connections,
    handle: (_request, response) => void response.end("origin"),
    says(status, headers = {}, body = "origin") {
      origin.handle = (_request, response) => {
        const length = String(Buffer.byteLength(body));
        response.writeHead(status, { "content-length": length, ...headers });
        response.end(body);
      };
    },
    close: () => closeServer(server, 0),
  };
  return origin;
}
