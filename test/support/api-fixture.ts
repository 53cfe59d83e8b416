import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FastifyInstance } from "fastify";
import { onTestFinished } from "vitest";
import { type AppDeps, buildApp } from "../../api/app.ts";
import { type Mailer, startMailer } from "../../api/mail/mailer.ts";
import type { OutgoingMail, Postman } from "../../api/mail/postman.ts";
import { openEmbeddedStore } from "../../api/store/embedded/embedded-store.ts";
import type { Store } from "../../api/store/store.ts";
import { eventually } from "./eventually.ts";

export const SITE = "https://www.nakedcoders.example";
export const NOON = Date.parse("2026-11-30T12:00:00Z");

/** The API on an embedded store, without a port, with a clock that a test moves and mails in memory. */
export type ApiFixture = {
  readonly app: FastifyInstance;
  readonly store: Store;
  readonly mails: readonly OutgoingMail[];
  /** What was logged, a line of JSON each. */
  readonly log: readonly string[];
  move(milliseconds: number): void;
  post(
    path: string,
    body: unknown,
    headers?: Readonly<Record<string, string>>,
  ): ReturnType<typeof post>;
  /** Waits for the next mail, and gives it. */
  mail(): Promise<OutgoingMail>;
  /** The token that a mail carries. */
  token(): Promise<string>;
};

export async function openApi(overrides: Partial<AppDeps> = {}): Promise<ApiFixture> {
  const folder = await mkdtemp(join(tmpdir(), "slipway-api-"));
  const store = openEmbeddedStore(join(folder, "api.db"));
  const log: string[] = [];
  const mails: OutgoingMail[] = [];
  let now = NOON;
  let read = 0;
  let mailer: Mailer | undefined;
  const app = await buildApp({
    store,
    siteUrl: SITE,
    proxyHops: 0,
    originSecrets: [],
    broker: () => "connected",
    mailAsked: () => mailer?.wake(),
    now: () => new Date(now),
    log: { level: "info", stream: { write: (line) => log.push(line) } },
    ...overrides,
  });
  mailer = startMailer({
    mails: store.mails,
    postman: memoryPostman(mails),
    sender: "Naked Coders",
    siteUrl: SITE,
    now: () => new Date(now),
    log: app.log,
  });
  onTestFinished(async () => {
    await app.close();
    await mailer?.stop();
    await store.close();
    await rm(folder, { recursive: true, force: true });
  });
  const fixture: ApiFixture = {
    app,
    store,
    mails,
    log,
    move(milliseconds) {
      now += milliseconds;
    },
    post: (path, body, headers = {}) => post(app, path, body, headers),
    async mail() {
      const mail = await eventually(() => mails[read], {
        seconds: 5,
        describe: () => `no mail; the log says ${log.join("")}`,
      });
      read++;
      return mail;
    },
    async token() {
      const { text } = await fixture.mail();
      return tokenIn(text);
    },
  };
  return fixture;
}

export function tokenIn(text: string): string {
  const [, token] = /#([A-Za-z0-9_-]{43})$/m.exec(text) ?? [];
  if (token === undefined) throw new Error(`no token in ${text}`);
  return token;
}

function post(
  app: FastifyInstance,
  url: string,
  body: unknown,
  headers: Readonly<Record<string, string>>,
) {
  const payload = typeof body === "string" ? body : JSON.stringify(body);
  const all = { "content-type": "application/json", ...headers };
  return app.inject({ method: "POST", url, payload, headers: all });
}

function memoryPostman(mails: OutgoingMail[]): Postman {
  return {
    async send(mail) {
      mails.push(mail);
      return "in memory";
    },
    close() {},
  };
}
