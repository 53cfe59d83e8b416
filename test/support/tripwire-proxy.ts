import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

/** Something that happens at the n-th request, counted from 1. */
export type Tripwire = {
  readonly at: number;
  /** Right after all of the request went on to the server, or right after all of the answer came back. */
  readonly when: "sent" | "answered";
  readonly trip: () => void;
};

export type TripwireProxy = {
  readonly url: string;
  /** Counts from here on, and lays a tripwire if there is one. */
  watch(tripwire?: Tripwire): void;
  /** "PUT /bucket/key", since then. */
  requests(): readonly string[];
  close(): Promise<void>;
};

type Exchange = {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly tripwire: Tripwire | undefined;
};

/** A server between a client and `target` that passes everything on, unless a tripwire is laid. */
export async function startTripwireProxy(target: string): Promise<TripwireProxy> {
  const { hostname, port } = new URL(target);
  const agent = new Agent({ keepAlive: true });
  let requests: string[] = [];
  let laid: Tripwire | undefined;

  const pass = ({ incoming, response, tripwire }: Exchange) => {
    const { method, url: path, headers } = incoming;
    // The signature covers the Host header, so it stays what the client wrote.
    const onward = request({ hostname, port, method, path, headers, agent }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.once("end", () => {
        if (tripwire?.when === "answered") tripwire.trip();
        else
          response.writeHead(answer.statusCode ?? 500, answer.headers).end(Buffer.concat(chunks));
      });
    });
    if (tripwire?.when === "sent") onward.once("finish", tripwire.trip);
    onward.on("error", () => incoming.socket.destroy());
    incoming.pipe(onward);
  };

  const server = createServer((incoming, response) => {
    requests.push(`${incoming.method} ${incoming.url}`);
    pass({ incoming, response, tripwire: laid?.at === requests.length ? laid : undefined });
  });
  const url = await listenOnLoopback(server, 0);
  return {
    url,
    watch(tripwire) {
      requests = [];
      laid = tripwire;
    },
    requests: () => requests,
    async close() {
      agent.destroy();
      await closeServer(server, 0);
    },
  };
}
