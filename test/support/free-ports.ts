import { randomInt } from "node:crypto";
import { once } from "node:events";
import { createServer } from "node:net";

/** Below the range that systems hand out for outgoing connections, so nobody takes one meanwhile. */
const LOWEST = 20_000;
const HIGHEST = 30_000;
const ATTEMPTS = 100;

/** A free port on loopback whose successor is free too: the local edge takes both. */
export async function findFreePortPair(): Promise<number> {
  return await findFreePorts(2);
}

/** The first of this many free ports in a row on loopback. */
export async function findFreePorts(count: number): Promise<number> {
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const first = randomInt(LOWEST, HIGHEST);
    const ports = Array.from({ length: count }, (_, index) => first + index);
    const areFree = await Promise.all(ports.map(isPortFree));
    if (areFree.every(Boolean)) return first;
  }
  throw new Error(`no ${count} free ports in a row in ${ATTEMPTS} tries`);
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
