import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, test } from "vitest";
import { openChannel, textsIn } from "../../support/amqp.ts";
import { hasRabbit } from "../../support/rabbitmq.ts";
import { freshVhost, sharedRabbit } from "../../support/shared-rabbit.ts";

const page = new URL("../../../docs/messaging.md", import.meta.url);
const rows = rowsOfTable(readFileSync(page, "utf8"));

describe.skipIf(!hasRabbit())("docs/messaging.md is right that an exchange", () => {
  beforeAll(async () => {
    await sharedRabbit();
  }, 120_000);

  test("can be of four types", () => {
    expect(new Set(rows.map(({ type }) => type))).toEqual(
      new Set(["direct", "fanout", "topic", "headers"]),
    );
  });

  test.each(rows)("of type $type, bound $bound and sent $sent: $gets", async (row) => {
    const { channel, publish } = await openChannel((await freshVhost()).amqpUrl);
    const exchange = `a-${row.type}-exchange`;
    await channel.assertExchange(exchange, row.type, { durable: true });
    await channel.assertQueue("a-queue", { durable: true });
    const [key, binding] = spell(row.type, row.bound);
    await channel.bindQueue("a-queue", exchange, key, binding);
    const [sentKey, headers] = spell(row.type, row.sent);
    expect(await publish(exchange, sentKey, "hello", { headers })).toBe("ack");
    expect(await textsIn(channel, "a-queue")).toEqual(row.gets === "yes" ? ["hello"] : []);
  });
});

type Row = {
  readonly type: string;
  readonly bound: string;
  readonly sent: string;
  readonly gets: string;
};

function rowsOfTable(text: string): readonly Row[] {
  const [, table = ""] = text.split(/<!-- \/?exchange-types -->\n/);
  const [, , ...lines] = table.trim().split("\n");
  return lines.map((line) => {
    const [type = "", , bound = "", sent = "", gets = ""] = line
      .split("|")
      .slice(1, -1)
      .map((cell) => cell.trim().replaceAll("`", ""));
    return { type, bound, sent, gets };
  });
}

/** A key, or for a headers exchange its arguments: `name=value` with spaces between. */
function spell(type: string, text: string): [key: string, headers: Record<string, string>] {
  if (type !== "headers") return [text, {}];
  return ["", Object.fromEntries(text.split(" ").map((pair) => pair.split("=")))];
}
