import { Agent, createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";

/** What a bad day does to one attempt. */
export type Fate =
  | { readonly kind: "pass" }
  /** Refused before anything happened. */
  | { readonly kind: "refuse"; readonly status: number; readonly code: string }
  /** The connection breaks before anything happened. */
  | { readonly kind: "reset" }
  /** The write takes effect; its answer is lost. */
  | { readonly kind: "lose-answer" }
  /** Nothing ever comes. */
  | { readonly kind: "hang" };

export const PASS: Fate = { kind: "pass" };
export const SLOW_DOWN: Fate = { kind: "refuse", status: 503, code: "SlowDown" };

export type Attempt = { readonly method: string; readonly url: string; readonly sequence: number };

export type FaultyProxy = {
  readonly url: string;
  readonly attempts: readonly Attempt[];
  /** The most attempts that were under way at once. */
  readonly peak: () => number;
  close(): Promise<void>;
};

/** A server between a client and `target` that delays every request, and lets `fateOf` decide its end. */
export async function startFaultyProxy(
  target: string,
  fateOf: (attempt: Attempt) => Fate,
  latencyMs = 0,
): Promise<FaultyProxy> {
  const agent = new Agent({ keepAlive: true });
  const attempts: Attempt[] = [];
  let open = 0;
  let peak = 0;
  const server = createServer(async (incoming, response) => {
    const { method = "", url = "" } = incoming;
    const attempt = { method, url, sequence: attempts.length };
    attempts.push(attempt);
    open += 1;
    peak = Math.max(peak, open);
    response.once("close", () => {
      open -= 1;
    });
    const fate = fateOf(attempt);
    if (latencyMs > 0) await sleep(latencyMs);
    await meet(fate, { incoming, response, target, agent });
  });
  const url = await listenOnLoopback(server, 0);
  return {
    url,
    attempts,
    peak: () => peak,
    async close() {
      agent.destroy();
      await closeServer(server, 0);
    },
  };
}

type Exchange = {
  readonly incoming: IncomingMessage;
  readonly response: ServerResponse;
  readonly target: string;
  readonly agent: Agent;
};

async function meet(fate: Fate, exchange: Exchange): Promise<void> {
  const { incoming, response } = exchange;
  switch (fate.kind) {
    case "pass":
      return pass(exchange, "answer");
    case "lose-answer":
      return pass(exchange, "lose");
    case "reset":
      incoming.socket.destroy();
      return;
    case "hang":
      incoming.resume();
      return;
    case "refuse": {
      incoming.resume();
      const body = `<Error><Code>${fate.code}</Code><Message>told to</Message></Error>`;
      response.writeHead(fate.status, { "content-type": "application/xml" }).end(body);
      return;
    }
  }
}

function pass({ incoming, response, target, agent }: Exchange, then: "answer" | "lose"): void {
  const { hostname, port } = new URL(target);
  const { method, url: path, headers } = incoming;
  // The signature covers the Host header, so it stays what the client wrote.
  const onward = request({ hostname, port, method, path, headers, agent }, (answer) => {
    if (then === "lose") {
      answer.resume().once("end", () => incoming.socket.destroy());
      return;
    }
    response.writeHead(answer.statusCode ?? 500, answer.headers);
    answer.pipe(response);
  });
  onward.on("error", () => incoming.socket.destroy());
  incoming.on("error", () => onward.destroy());
  incoming.on("close", () => {
    if (!incoming.complete) onward.destroy();
  });
  incoming.pipe(onward);
}
