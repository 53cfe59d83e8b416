import { once } from "node:events";
import { createServer } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { createSitePublisher } from "../../deploy/wiring/site-publisher.ts";
import { drain, openChannel } from "../support/amqp.ts";
import { createMemoryEventPublisher } from "../support/memory-event-publisher.ts";
import { hasRabbit } from "../support/rabbitmq.ts";
import { freshVhost } from "../support/shared-rabbit.ts";
import {
  eventPublisherContract,
  PUBLISHED,
  type PublisherUnderTest,
} from "./event-publisher-contract.ts";

describe("the publisher in memory", () => {
  eventPublisherContract(async () => {
    const publisher = createMemoryEventPublisher();
    return {
      publisher,
      want: async (kind) => void publisher.wanted.add(kind),
      heard: async () =>
        publisher.told
          .filter(({ event }) => publisher.wanted.has(event.kind))
          .map(({ event: { kind, subject, data }, time }) => {
            return { kind, subject, time: time.toISOString(), data };
          }),
      async breakOff() {
        publisher.failure = new Error("no broker");
      },
    };
  });
});

describe.skipIf(!hasRabbit())("the publisher to a broker", { timeout: 120_000 }, () => {
  eventPublisherContract(onRealBroker);
});

describe("the publisher to a broker", () => {
  it("is none where AMQP_URL is not set, or empty", () => {
    expect(createSitePublisher({ env: {} }, "site")).toBeUndefined();
    expect(createSitePublisher({ env: { AMQP_URL: "" } }, "site")).toBeUndefined();
  });

  it("gives up on a broker that takes the connection and says nothing, within seconds", async () => {
    const silent = createServer((socket) => socket.on("error", () => undefined));
    silent.listen(0, "127.0.0.1");
    await once(silent, "listening");
    onTestFinished(() => void silent.close());
    const address = silent.address();
    const port = typeof address === "object" ? address?.port : 0;
    const publisher = publisherTo(`amqp://guest:s3cret@127.0.0.1:${port}`);
    const started = performance.now();
    const error = await publisher.publish(PUBLISHED, new Date()).catch((reason: unknown) => reason);
    expect(performance.now() - started).toBeLessThan(5_000);
    expect(error).toMatchObject({ name: "SlipwayError", kind: "cloud" });
    expect(String(error)).not.toContain("s3cret");
  });
});

async function onRealBroker(): Promise<PublisherUnderTest> {
  const at = await freshVhost();
  const { channel } = await openChannel(at.amqpUrl);
  let url = at.amqpUrl;
  return {
    publisher: { publish: (event, time) => publisherTo(url).publish(event, time) },
    async want(kind) {
      await channel.assertExchange("events", "topic", { durable: true });
      await channel.assertQueue("listener", { durable: true });
      await channel.bindQueue("listener", "events", kind);
    },
    async heard() {
      const messages = await drain(channel, "listener");
      return messages.map(({ fields, content }) => {
        const { subject, time, data, source } = JSON.parse(content.toString());
        expect(source).toBe("/sites/naked-coders");
        return { kind: fields.routingKey, subject, time, data };
      });
    },
    async breakOff() {
      url = "amqp://guest:guest@127.0.0.1:9";
    },
  };
}

function publisherTo(url: string) {
  const publisher = createSitePublisher({ env: { AMQP_URL: url } }, "naked-coders");
  if (publisher === undefined) throw new Error("no publisher");
  return publisher;
}
