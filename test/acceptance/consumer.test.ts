import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir } from "node:fs/promises";
import { beforeAll, describe, expect, onTestFinished, test } from "vitest";
import { EVENTS } from "../../api/broker/topology.ts";
import { makeEvent } from "../../api/events/envelope.ts";
import { openEmbeddedStore } from "../../api/store/embedded/embedded-store.ts";
import { openChannel } from "../support/amqp.ts";
import { eventually } from "../support/eventually.ts";
import { hasRabbit } from "../support/rabbitmq.ts";
import { freshVhost, sharedRabbit } from "../support/shared-rabbit.ts";
import { tempFolder } from "../support/temp-folder.ts";

function launchConsumer(env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, ["--import", "tsx", "api/consumer.ts"], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      said.text += text;
    });
  }
  const ended = once(child, "exit").then(([code]) => code as number | null);
  onTestFinished(async () => {
    child.kill("SIGKILL");
    await ended;
  });
  return { child, said, ended };
}

test("npm run consumer without a broker's address says so, and ends with 2", async () => {
  const { said, ended } = launchConsumer({});
  expect(await ended).toBe(2);
  expect(said.text).toContain("- AMQP_URL is missing");
});

test("npm run consumer that cannot open the API's file says so, and ends with 1", async () => {
  const folder = await tempFolder();
  await mkdir(`${folder}/api.db`);
  const env = { AMQP_URL: "amqp://127.0.0.1:1", DATA_DIR: folder };
  const { said, ended } = launchConsumer(env);
  expect(await ended).toBe(1);
  expect(said.text).toMatch(/^The consumer did not start: .*api\.db cannot be opened: [^\n]+\n$/);
});

describe.skipIf(!hasRabbit())("npm run consumer", () => {
  beforeAll(async () => {
    await sharedRabbit();
  }, 120_000);

  test("takes a confirmed user's event, and ends in order with 0", async () => {
    const { amqpUrl } = await freshVhost();
    const folder = await tempFolder();
    await openEmbeddedStore(`${folder}/api.db`).close();
    const { child, said, ended } = launchConsumer({ AMQP_URL: amqpUrl, DATA_DIR: folder });
    const patience = { seconds: 20, describe: () => said.text };
    await eventually(() => (said.text.includes("taking events") ? true : undefined), patience);
    const userId = crypto.randomUUID();
    const { envelope, routingKey } = makeEvent("user.confirmed.v1", {
      ...{ source: "/api", subject: userId, time: new Date() },
      data: { userId, confirmedAt: new Date().toISOString() },
    });
    const { channel, publish, heard } = await openChannel(amqpUrl);
    await publish(EVENTS, routingKey, envelope, { messageId: "m1" });
    expect(heard).toEqual(["ack m1"]);
    const isEmpty = async () => (await channel.checkQueue("mailer.welcome")).messageCount === 0;
    await eventually(async () => ((await isEmpty()) ? true : undefined), patience);
    child.kill("SIGTERM");
    expect(await ended).toBe(0);
    // Acknowledged, not left for the next.
    expect(await isEmpty()).toBe(true);
    expect(said.text).not.toMatch(/dead letters|"level":"error"/);
  });
});
