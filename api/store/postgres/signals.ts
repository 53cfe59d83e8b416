import { setTimeout as sleep } from "node:timers/promises";
import { Client } from "pg";
import type { Leadership, OutboxSignals } from "../../outbox/outbox.ts";

/** Any number of our own; it names the lead of the outbox among PostgreSQL's advisory locks. */
const LEAD = 7_203_114_001;
const CONNECT_MS = 3000;
const LISTEN_AGAIN_MS = 2000;

/**
 * LISTEN and a session's advisory lock. Both belong to one connection, so the address must be that of
 * the server itself or of a session pooler, never of a transaction pooler.
 */
export function createSignals(url: string, report: (error: Error) => void): OutboxSignals {
  return {
    async onCommit(wake) {
      const ended = new AbortController();
      const listening = listenUntil(ended.signal, { url, wake, report });
      return async () => {
        ended.abort();
        await listening;
      };
    },
    async lead() {
      const client = connection(url);
      const lost = new AbortController();
      const lose = () => lost.abort();
      client.on("error", lose);
      client.on("end", lose);
      try {
        await client.connect();
        const { rows } = await client.query<{ won: boolean }>(
          "select pg_try_advisory_lock($1) as won",
          [LEAD],
        );
        if (rows[0]?.won === true) return leadership(client, lost.signal);
      } catch (error) {
        await close(client);
        throw error;
      }
      await close(client);
      return undefined;
    },
  };
}

function leadership(client: Client, lost: AbortSignal): Leadership {
  // The lock goes with the session.
  return { lost, release: () => close(client) };
}

type Listening = {
  readonly url: string;
  readonly wake: () => void;
  readonly report: (error: Error) => void;
};

/**
 * Listens again whenever the connection breaks; what was missed meanwhile is woken for. Why it cannot is
 * reported once, however often it is tried.
 */
async function listenUntil(ended: AbortSignal, { url, wake, report }: Listening): Promise<void> {
  let reported: string | undefined;
  const reportNews = (error: Error) => {
    if (error.message !== reported) report(error);
    reported = error.message;
  };
  while (!ended.aborted) {
    const client = connection(url);
    // So that a database that is away for a day leaves no thousand listeners behind.
    const attempt = new AbortController();
    const once = { once: true, signal: attempt.signal };
    const broken = new Promise<void>((resolve) => {
      client.on("error", (error: Error) => {
        reportNews(error);
        resolve();
      });
      client.on("end", () => resolve());
      ended.addEventListener("abort", () => resolve(), once);
    });
    client.on("notification", wake);
    try {
      await client.connect();
      await client.query("listen outbox");
      reported = undefined;
      wake();
      await broken;
    } catch (error) {
      reportNews(error as Error);
    }
    attempt.abort();
    await close(client);
    if (!ended.aborted) {
      await sleep(LISTEN_AGAIN_MS, undefined, { signal: ended }).catch(() => {});
    }
  }
}

function connection(url: string): Client {
  return new Client({
    connectionString: url,
    application_name: "slipway-outbox",
    connectionTimeoutMillis: CONNECT_MS,
    query_timeout: CONNECT_MS,
    keepAlive: true,
  });
}

async function close(client: Client): Promise<void> {
  await client.end().catch(() => {});
}
