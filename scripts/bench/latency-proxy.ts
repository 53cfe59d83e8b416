import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

/**
 * A TCP proxy on loopback that stands for a distant server: `node latency-proxy.ts PORT MILLISECONDS`.
 * Every byte arrives half the time later, in either direction; opening a connection takes as long as
 * one exchange. Sends its own port to its parent.
 */
async function main([port = "", milliseconds = ""]: readonly string[]): Promise<void> {
  const oneWay = Number(milliseconds) / 2;
  const server = createServer({ allowHalfOpen: true, noDelay: true }, (client) => {
    const target = connect({ port: Number(port), host: "127.0.0.1", allowHalfOpen: true });
    target.setNoDelay(true);
    // The client believes itself connected at once, so the handshake is paid with its first bytes.
    delay(client, target, oneWay, 2 * oneWay);
    delay(target, client, oneWay, 0);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  process.send?.((server.address() as AddressInfo).port);
  process.once("disconnect", () => process.exit());
}

/** Passes on what comes, each piece after its delay, in order; the end of the stream as well. */
function delay(from: Socket, to: Socket, milliseconds: number, handshake: number): void {
  const waiting: { readonly due: number; readonly pass: () => void }[] = [];
  const connected = performance.now() + handshake;
  const passDue = () => {
    const now = performance.now();
    while (waiting[0] !== undefined && waiting[0].due <= now) waiting.shift()?.pass();
    if (waiting[0] !== undefined) setTimeout(passDue, waiting[0].due - now);
  };
  const later = (pass: () => void) => {
    waiting.push({ due: Math.max(performance.now(), connected) + milliseconds, pass });
    if (waiting.length === 1) setTimeout(passDue, milliseconds);
  };
  from.on("data", (chunk) => later(() => to.writable && to.write(chunk)));
  from.on("end", () => later(() => to.end()));
  from.on("error", () => later(() => to.destroy()));
  from.on("close", () => later(() => to.destroySoon()));
}

await main(process.argv.slice(2));
