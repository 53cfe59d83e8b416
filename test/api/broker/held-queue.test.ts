import { describe, expect, it } from "vitest";
import { visit } from "../../support/ops-visit.ts";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost } from "../../support/shared-rabbit.ts";

/** What the broker takes back late is late now and then only. */
const LOOKS = 100;

describe.skipIf(!hasRabbit())("a queue taken in hand", { timeout: 60_000 }, () => {
  it("is whole, for whoever asks next, once it is given back", async () => {
    const { session, channel } = await visit(await freshVhost());
    await channel.assertQueue("jobs");
    for (const id of ["1", "2", "3"]) {
      channel.sendToQueue("jobs", Buffer.from("x"), { messageId: id });
    }
    await channel.waitForConfirms();
    const depths = new Set<number>();
    for (let look = 0; look < LOOKS; look += 1) {
      const held = await session.hold("jobs");
      const ids = [await held.next(), await held.next(), await held.next()];
      expect(ids.map((one) => one?.message.id)).toEqual(["1", "2", "3"]);
      await held.close();
      depths.add((await channel.checkQueue("jobs")).messageCount);
    }
    expect(depths).toEqual(new Set([3]));
  });
});
