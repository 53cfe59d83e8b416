import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { expect, it, onTestFinished } from "vitest";
import { createSignals } from "../../../api/store/postgres/signals.ts";
import { eventually } from "../../support/eventually.ts";

it("a server that hangs up again and again is reported once", async () => {
  let tries = 0;
  const server = createServer((socket) => {
    tries++;
    socket.on("error", () => {});
    socket.destroy();
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  const reports: string[] = [];
  const signals = createSignals(`postgres://me@127.0.0.1:${port}/x`, ({ message }) =>
    reports.push(message),
  );
  const stop = await signals.onCommit(() => {});
  const patience = { seconds: 15, describe: () => `${tries} tries` };
  await eventually(() => (tries >= 3 ? true : undefined), patience);
  await stop();
  expect(reports).toHaveLength(1);
});
