import { expect, it } from "vitest";
import { matchesTopic } from "../../../api/broker/topic-pattern.ts";
import { drain, openChannel } from "../../support/amqp.ts";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { pick, type Random, seededRandom } from "../../support/seeded-random.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";

const SIZE = 75;

it.skipIf(!hasRabbit())(
  "the topic matcher agrees with the broker on 5,625 pairs of pattern and key",
  { timeout: 120_000 },
  async () => {
    const { channel } = await openChannel((await freshVhost()).amqpUrl);
    const random = seededRandom(7);
    const patterns = texts(["a", "b", "", "*", "#"], random);
    const keys = texts(["a", "b", "c", ""], random);
    await channel.assertExchange("events", "topic");
    for (const [index, pattern] of patterns.entries()) {
      await channel.assertQueue(`q${index}`, { exclusive: true });
      await channel.bindQueue(`q${index}`, "events", pattern);
    }
    for (const key of keys) channel.publish("events", key, Buffer.alloc(0));
    await channel.waitForConfirms();
    let matches = 0;
    for (const [index, pattern] of patterns.entries()) {
      const arrived = (await drain(channel, `q${index}`)).map(({ fields }) => fields.routingKey);
      const expected = keys.filter((key) => matchesTopic(pattern, key));
      expect(arrived, `pattern ${JSON.stringify(pattern)}`).toEqual(expected);
      matches += expected.length;
    }
    // Neither all of them nor none: the agreement says something.
    expect(matches).toBeGreaterThan(SIZE);
    expect(matches).toBeLessThan((SIZE * SIZE) / 2);
  },
);

/** As many different texts of up to five words; the empty one is among them. */
function texts(words: readonly string[], random: Random): readonly string[] {
  const found = new Set([""]);
  while (found.size < SIZE) {
    const length = 1 + Math.floor(random() * 5);
    found.add(Array.from({ length }, () => pick(random, words)).join("."));
  }
  return [...found];
}
