import { BrokerConnection } from "./broker/connection.ts";
import { EventConsumer } from "./broker/event-consumer.ts";
import { readConfig } from "./config.ts";
import { WELCOME_MAIL, welcomeMail } from "./consumers/welcome-mail.ts";
import type { Log } from "./log.ts";
import { openStore } from "./store/open-store.ts";

/**
 * `npm run consumer`: the sample consumer in a process of its own, until SIGTERM or Ctrl-C. It notes who
 * is to be welcomed; the API's process sends the mail. Exit code 2 when the environment is wrong.
 */
async function main(): Promise<number> {
  const read = readConfig(process.env);
  if (read.kind === "problems") return refuse(read.problems);
  const { store: address, amqpUrl } = read.config;
  if (amqpUrl === undefined) {
    return refuse(["AMQP_URL is missing: it names the broker whose events are to be consumed."]);
  }
  const log = jsonLines();
  const store = openStore(address, ({ message: reason }) =>
    log.warn({ reason }, "a connection to the database broke"),
  );
  const asked = untilSignal();
  const connection = await BrokerConnection.open({ url: amqpUrl, name: "slipway-consumer", log });
  const consumer = EventConsumer.start({
    ...{ connection, log, settings: WELCOME_MAIL },
    handle: welcomeMail(store.users),
  });
  await asked;
  await consumer.stop();
  await connection.close();
  await store.close();
  return 0;
}

function refuse(problems: readonly string[]): number {
  console.error(["The environment is not what the consumer needs:", ...problems].join("\n- "));
  return 2;
}

function untilSignal(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, () => resolve());
  });
}

function jsonLines(): Log {
  const say = (level: string) => (details: object, msg: string) => {
    console.log(JSON.stringify({ level, time: new Date().toISOString(), ...details, msg }));
  };
  return { info: say("info"), warn: say("warn"), error: say("error") };
}

process.exitCode = await main();
