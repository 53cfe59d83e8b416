import { createServer } from "node:http";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

export type RecordingServer = {
  readonly url: string;
  /** "GET /bucket/key?query", in order. */
  readonly requests: readonly string[];
  close(): Promise<void>;
};

const NO_SUCH_KEY = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>NoSuchKey</Code></Error>';

/** An empty bucket that writes down what it is asked, and has nothing to give. */
export async function startEmptyBucket(): Promise<RecordingServer> {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    request.resume();
    response.writeHead(404, { "content-type": "application/xml" }).end(NO_SUCH_KEY);
  });
  const url = await listenOnLoopback(server, 0);
  return { url, requests, close: () => closeServer(server, 0) };
}
