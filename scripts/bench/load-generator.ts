import { once } from "node:events";
import { connect, type Socket } from "node:net";

/**
 * Asks one server for one page again and again, over keep-alive connections with one request under
 * way on each: `node load-generator.ts ORDER`. Sends "counting" when it is warm, then a LoadCount.
 * Any answer but a 200 of the expected length ends it with an error.
 */
export type LoadOrder = {
  readonly port: number;
  /** The request as it goes over the wire. */
  readonly request: string;
  readonly bodyBytes: number;
  readonly connections: number;
  readonly warmUpMs: number;
  readonly measuredMs: number;
};

export type LoadCount = { readonly requests: number; readonly seconds: number };

async function main([text = ""]: readonly string[]): Promise<void> {
  const order: LoadOrder = JSON.parse(text);
  let answered = 0;
  const request = Buffer.from(order.request);
  const sockets = await Promise.all(
    Array.from({ length: order.connections }, async () => {
      const socket = connect({ port: order.port, host: "127.0.0.1", noDelay: true });
      await once(socket, "connect");
      socket.on("end", () => fail("the server closed a connection"));
      onAnswer(socket, order.bodyBytes, () => {
        answered += 1;
        socket.write(request);
      });
      return socket;
    }),
  );
  for (const socket of sockets) socket.write(request);
  await passed(order.warmUpMs);
  const [before, from] = [answered, performance.now()];
  process.send?.("counting");
  await passed(order.measuredMs);
  const requests = answered - before;
  const seconds = (performance.now() - from) / 1000;
  process.send?.({ requests, seconds } satisfies LoadCount, () => process.exit());
}

/** Calls back at the end of each answer; reads no more of its head than it must. */
function onAnswer(socket: Socket, bodyBytes: number, done: () => void): void {
  let start: Buffer = Buffer.alloc(0);
  /** Of the body under way; undefined between a request and the end of the answer's head. */
  let missing: number | undefined;
  socket.on("data", (chunk) => {
    if (missing === undefined) {
      start = start.length === 0 ? chunk : Buffer.concat([start, chunk]);
      const body = bodyIn(start);
      if (body === undefined) return;
      missing = bodyBytes - body;
      start = start.subarray(0, 0);
    } else {
      missing -= chunk.length;
    }
    if (missing < 0) fail("an answer was longer than expected");
    if (missing > 0) return;
    missing = undefined;
    done();
  });
}

/** How much of the body has come, once the whole head has. */
function bodyIn(start: Buffer): number | undefined {
  const end = start.indexOf("\r\n\r\n");
  if (end < 0) return undefined;
  if (start.toString("latin1", 0, 13) !== "HTTP/1.1 200 ") {
    fail(`unexpected answer: ${start.toString("latin1", 0, end)}`);
  }
  return start.length - end - 4;
}

function passed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function fail(reason: string): never {
  console.error(reason);
  process.exit(1);
}

await main(process.argv.slice(2));
