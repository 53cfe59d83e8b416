import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the range that systems hand out for outgoing connections, so nobody takes one meanwhile. */
const LOWEST = 20_000;
const HIGHEST = 30_000;
const ATTEMPTS = 100;

/** A free port on loopback whose successor is free too: the local edge takes both. */
export async function findFreePortPair(): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const port = randomInt(LOWEST, HIGHEST);
    if ((await isPortFree(port)) && (await isPortFree(port + 1))) return port;
  }
  throw new Error(`no two free ports in a row in ${ATTEMPTS} tries`);
}

/** Whether a server could listen there now. */
export async function isPortFree(port: number): Promise<boolean> {
  const probe = await occupyPort(port).catch(() => undefined);
  await probe?.release();
  return probe !== undefined;
}

/** Listens on a loopback port and says nothing, as any other program would. */
export async function occupyPort(port: number): Promise<{ release(): Promise<void> }> {
  const server = createServer((socket) => socket.destroy());
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  return {
    async release() {
      server.close();
      await once(server, "close");
    },
  };
}
