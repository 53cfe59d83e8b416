import { onTestFinished } from "vitest";
import { BrokerConnection } from "../../api/broker/connection.ts";
import { createEventPublisher } from "../../api/broker/event-message.ts";
import { ConfirmPublisher } from "../../api/broker/publisher.ts";
import { declareTopology, publishing } from "../../api/broker/topology.ts";
import { eventually } from "./eventually.ts";
import { quietLog } from "./quiet-log.ts";

/** The API's own publisher on its own connection, until the running test ends. */
export async function openPublisher(
  amqpUrl: string,
  {
    confirmMs = 5_000,
    within = 10,
  }: { readonly confirmMs?: number; readonly within?: number } = {},
) {
  const log = quietLog();
  const connection = await BrokerConnection.open({ url: amqpUrl, name: "a test", log });
  const publisher = new ConfirmPublisher({
    ...{ connection, log, confirmMs },
    prepare: (model) => declareTopology(model, publishing),
  });
  onTestFinished(async () => {
    await publisher.close();
    await connection.close();
  });
  const untilReady = async () => {
    await eventually(() => (publisher.obstacle() === undefined ? true : undefined), {
      seconds: within,
      describe: () => `${publisher.obstacle()}; ${log.lines.join("\n")}`,
    });
  };
  return {
    log,
    connection,
    publisher,
    untilReady,
    events: createEventPublisher(publisher, "test/1"),
  };
}
