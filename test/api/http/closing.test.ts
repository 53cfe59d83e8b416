import { once } from "node:events";
import { type AddressInfo, connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import Fastify from "fastify";
import { describe, expect, it, onTestFinished } from "vitest";
import { closeConnectionsAtTheEnd } from "../../../api/http/guards.ts";

const PATIENCE_MS = 300;
const HEAD =
  "POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 2\r\n";

describe("the server's end", () => {
  it.each([
    ["nothing", ""],
    ["half a head", HEAD],
    ["half a body", `${HEAD}\r\n{`],
  ])("does not wait for who has sent %s and no more", async (_what, bytes) => {
    const { app, visit } = await open();
    const { closed } = await visit(bytes);
    const began = performance.now();
    await app.close();
    expect(performance.now() - began).toBeLessThan(10 * PATIENCE_MS);
    await closed;
  });

  it("waits for who sends the rest in time, and answers", async () => {
    const { app, visit } = await open();
    const { socket, closed, heard } = await visit(`${HEAD}\r\n{`);
    const ended = app.close();
    await sleep(PATIENCE_MS / 3);
    socket.write("}");
    await Promise.all([ended, closed]);
    expect(heard()).toMatch(/^HTTP\/1.1 200 .*connection: close\r\n/is);
  });
});

async function open() {
  const app = Fastify();
  closeConnectionsAtTheEnd(app, PATIENCE_MS);
  app.post("/", async () => "done");
  await app.listen({ host: "127.0.0.1", port: 0 });
  const { port } = app.server.address() as AddressInfo;

  /** A connection that has sent these bytes, and the server has them. */
  async function visit(bytes: string) {
    const socket = connect(port, "127.0.0.1");
    let text = "";
    socket.setEncoding("latin1").on("data", (more: string) => {
      text += more;
    });
    socket.on("error", () => {});
    onTestFinished(() => {
      socket.destroy();
    });
    const closed = once(socket, "close");
    await once(socket, "connect");
    socket.write(bytes);
    await sleep(50);
    return { socket, closed, heard: () => text };
  }

  return { app, visit };
}
