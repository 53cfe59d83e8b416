import type { AddressInfo } from "node:net";
import { buildApp } from "./app.ts";
import { startBus } from "./bus.ts";
import type { Config, MailConfig } from "./config.ts";
import type { BrokerHealth } from "./http/health.ts";
import { type Log, messageOf } from "./log.ts";
import { createFolderPostman } from "./mail/folder-postman.ts";
import { startMailer } from "./mail/mailer.ts";
import type { Postman } from "./mail/postman.ts";
import { createSmtpPostman } from "./mail/smtp-postman.ts";
import { openStore } from "./store/open-store.ts";
import type { Store } from "./store/store.ts";

export type Service = {
  /** Where it listens: `http://127.0.0.1:8790`. */
  readonly url: string;
  /** Answers what is under way, sends what was begun, lets go of broker and database. Never rejects. */
  close(): Promise<void>;
};

export type ServiceOptions = {
  readonly config: Config;
  readonly now?: () => Date;
  /** Where the log goes, a line of JSON at a time; to standard output without one. */
  readonly logStream?: { write(line: string): void };
};

const UPKEEP_MS = 60 * 60_000;
const KEEP_MS = 30 * 24 * 60 * 60_000;

/**
 * The whole service: HTTP, mails, outbox and broker in one process. Rejects when the port cannot be had
 * or the embedded file cannot be opened. A database server or a broker that is away is waited for: the
 * service says so in its log and at /api/readyz.
 */
export async function startService(options: ServiceOptions): Promise<Service> {
  const { config, now = () => new Date(), logStream } = options;
  const wiring = { mailAsked: () => {}, broker: (): BrokerHealth => "not-configured" };
  let log: Log | undefined;
  const store = openStore(config.store, ({ message: reason }) =>
    log?.warn({ reason }, "a connection to the database broke"),
  );
  const app = await buildApp({
    ...config,
    store,
    // What these call needs the log, and the log comes with the app.
    broker: () => wiring.broker(),
    mailAsked: () => wiring.mailAsked(),
    now,
    log: { level: config.logLevel, ...(logStream === undefined ? {} : { stream: logStream }) },
  });
  log = app.log;
  const rest = await startRest({ config, store, log, now });
  wiring.mailAsked = rest.mailAsked;
  wiring.broker = rest.broker;
  try {
    await app.listen({ host: config.host, port: config.port });
  } catch (error) {
    await rest.close();
    throw error;
  }
  const { port } = app.server.address() as AddressInfo;
  return {
    url: `http://${config.host.includes(":") ? `[${config.host}]` : config.host}:${port}`,
    async close() {
      // First whoever asks, then what they asked for, then what that is kept in.
      await app.close();
      await rest.close();
    },
  };
}

type Parts = {
  readonly config: Config;
  readonly store: Store;
  readonly log: Log;
  readonly now: () => Date;
};

/** What works beside the requests: mails, broker, and tidying up. */
async function startRest({ config, store, log, now }: Parts) {
  const postman = createPostman(config.mail, now);
  const mailer = startMailer({
    mails: store.mails,
    postman,
    sender: config.mail.sender.name,
    siteUrl: config.siteUrl,
    now,
    log,
  });
  const mailAsked = () => mailer.wake();
  const bus = await startBus({ amqpUrl: config.amqpUrl, store, mailAsked, log, now });
  const upkeep = setInterval(() => void tidyUp({ store, log, now }), UPKEEP_MS);
  const mail = config.mail.kind === "smtp" ? "by SMTP" : config.mail.folder;
  log.info({ mail, store: config.store.kind, site: config.siteUrl }, "taking registrations");
  void store.check().then(
    () => tidyUp({ store, log, now }),
    (error: unknown) => {
      log.error({ reason: messageOf(error) }, "no registration can be stored yet");
    },
  );
  return {
    mailAsked,
    broker: () => bus.health(),
    async close() {
      clearInterval(upkeep);
      // A mail server may be slower than our end.
      await Promise.all([mailer.stop(), bus.close()]);
      postman.close();
      await store.close();
    },
  };
}

function createPostman(mail: MailConfig, now: () => Date): Postman {
  return mail.kind === "smtp"
    ? createSmtpPostman(mail.url, mail.sender)
    : createFolderPostman(mail.folder, { sender: mail.sender, now });
}

async function tidyUp({ store, log, now }: Omit<Parts, "config">): Promise<void> {
  try {
    const pruned = await store.upkeep.prune(now(), new Date(now().getTime() - KEEP_MS));
    if (pruned > 0) log.info({ pruned }, "forgot what is not needed any more");
  } catch (error) {
    log.warn({ reason: messageOf(error) }, "could not tidy up; trying again in an hour");
  }
}
