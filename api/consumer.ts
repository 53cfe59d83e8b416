import { BrokerConnection } from "./broker/connection.ts";
import { EventConsumer } from "./broker/event-consumer.ts";
import { readConfig } from "./config.ts";
import { WELCOME_MAIL, welcomeMail } from "./consumers/welcome-mail.ts";
import { type Running, refuseEnvironment, runInForeground } from "./foreground.ts";
import type { Log } from "./log.ts";
import { openStore, type StoreAddress } from "./store/open-store.ts";

/**
 * `npm run consumer`: the sample consumer in a process of its own. It notes who is to be welcomed; the
 * API's process sends the mail. Exit code 2 when the environment is wrong.
 */
async function main(): Promise<number> {
  const name = "consumer";
  const read = readConfig(process.env);
  if (read.kind === "problems") return refuseEnvironment(name, read.problems);
  const { store, amqpUrl } = read.config;
  if (amqpUrl === undefined) {
    const missing = "AMQP_URL is missing: it names the broker whose events are to be consumed.";
    return refuseEnvironment(name, [missing]);
  }
  return await runInForeground({ name, start: () => startConsumer(store, amqpUrl) });
}

async function startConsumer(address: StoreAddress, amqpUrl: string): Promise<Running> {
  const log = jsonLines();
  const store = openStore(address, ({ message: reason }) =>
    log.warn({ reason }, "a connection to the database broke"),
  );
  const connection = await BrokerConnection.open({ url: amqpUrl, name: "slipway-consumer", log });
  const consumer = EventConsumer.start({
    ...{ connection, log, settings: WELCOME_MAIL },
    handle: welcomeMail(store.users),
  });
  return {
    async close() {
      connection.cutAfter();
      await consumer.stop();
      await connection.close();
      await store.close();
    },
  };
}

function jsonLines(): Log {
  const say = (level: string) => (details: object, msg: string) => {
    console.log(JSON.stringify({ level, time: new Date().toISOString(), ...details, msg }));
  };
  return { info: say("info"), warn: say("warn"), error: say("error") };
}

process.exitCode = await main();
