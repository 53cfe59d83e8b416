import { connect } from "amqplib";
import { describe, expect, test } from "vitest";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";

describe.skipIf(!hasRabbit())("the broker of the tests", () => {
  test("has a vhost for each who asks", async () => {
    const [one, other] = [await freshVhost(), await freshVhost()];
    expect(one.amqpPort).toBe(other.amqpPort);
    expect(one.name).not.toBe(other.name);
    const connection = await connect(one.amqpUrl);
    await connection.close();
  }, 120_000);
});
