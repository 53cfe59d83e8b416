import { setTimeout as sleep } from "node:timers/promises";
import { type Log, messageOf, watchOutage } from "../log.ts";
import { newToken } from "../users/token.ts";
import type { DueMail, MailQueue, TokenPurpose } from "./mail-queue.ts";
import { MailRefused, type Postman } from "./postman.ts";
import { mailText } from "./texts.ts";

export type MailerDeps = {
  readonly mails: MailQueue;
  readonly postman: Postman;
  readonly sender: string;
  /** The site's address, without a slash at its end. */
  readonly siteUrl: string;
  readonly now: () => Date;
  readonly log: Log;
};

export type Mailer = {
  /** Looks for mails that are due now rather than at the next poll. */
  wake(): void;
  /** Begins no further mail, gives back at once what was not tried, and waits for the one under way. */
  stop(): Promise<void>;
};

const TOKEN_LIFE_MS = 24 * 60 * 60_000;
const POLL_MS = 5_000;
const BATCH = 10;
const LEASE_MS = 5 * 60_000;
/** How late in a lease a mail is begun: what is left is longer than a mail server may take for it. */
const BEGIN_MS = 90_000;
const FIRST_REST_MS = 10_000;
const LONGEST_REST_MS = 30 * 60_000;
/** A mail that could not be sent for so long is about yesterday; whoever asks again gets a day more. */
const GIVE_UP_MS = 24 * 60 * 60_000;

/** When a mail that failed for the `attempts`-th time is tried again, or undefined: never. */
export function nextTry(
  { attempts, askedAt }: { readonly attempts: number; readonly askedAt: Date },
  now: Date,
): Date | undefined {
  if (now.getTime() - askedAt.getTime() >= GIVE_UP_MS) return undefined;
  const rest = Math.min(LONGEST_REST_MS, FIRST_REST_MS * 2 ** Math.min(attempts - 1, 20));
  return after(now, rest);
}

/**
 * Sends what the queue holds, beside the requests: nobody waits for a mail server, and a mail is sent
 * at least once, also when this process dies on the way.
 */
export function startMailer(deps: MailerDeps): Mailer {
  const stopping = new AbortController();
  const outage = watchOutage(deps.log, {
    lost: "the mails cannot be read; trying again",
    back: "the mails can be read again",
  });
  let wakeUp = () => {};
  let isCalled = false;

  const wake = () => {
    isCalled = true;
    wakeUp();
  };

  async function rest(): Promise<void> {
    if (isCalled) return;
    const woken = new AbortController();
    wakeUp = () => woken.abort();
    await sleep(POLL_MS, undefined, { signal: woken.signal }).catch(() => {});
  }

  async function run(): Promise<void> {
    while (!stopping.signal.aborted) {
      isCalled = false;
      let sent = 0;
      try {
        sent = await sendDue(deps, stopping.signal);
        outage.works();
      } catch (error) {
        outage.fails(error);
      }
      if (sent < BATCH && !stopping.signal.aborted) await rest();
    }
  }

  const ended = run();
  return {
    wake,
    async stop() {
      stopping.abort();
      wake();
      await ended;
    },
  };
}

async function sendDue(deps: MailerDeps, stopping: AbortSignal): Promise<number> {
  const claimedAt = deps.now();
  const leaseUntil = after(claimedAt, LEASE_MS);
  const latest = after(claimedAt, BEGIN_MS);
  const due = await deps.mails.claim({ limit: BATCH, now: claimedAt, leaseUntil });
  let waiting = due;
  let given = Promise.resolve();
  const giveBack = () => {
    const ids = waiting.map(({ id }) => id);
    waiting = [];
    if (ids.length > 0) given = release(ids, leaseUntil, deps);
  };
  stopping.addEventListener("abort", giveBack, { once: true });
  try {
    while (!stopping.aborted && deps.now() < latest) {
      const [mail, ...rest] = waiting;
      if (mail === undefined) break;
      waiting = rest;
      await deliver(mail, deps);
    }
  } finally {
    stopping.removeEventListener("abort", giveBack);
    giveBack();
    await given;
  }
  return due.length;
}

/** Without this whoever comes next would wait for the end of the lease. */
async function release(
  ids: readonly string[],
  leaseUntil: Date,
  { mails, now, log }: MailerDeps,
): Promise<void> {
  try {
    await mails.release({ ids, leaseUntil, now: now() });
  } catch (error) {
    log.warn(
      { reason: messageOf(error) },
      "mails could not be given back, and wait for five minutes",
    );
  }
}

const after = (time: Date, milliseconds: number) => new Date(time.getTime() + milliseconds);

async function deliver(mail: DueMail, deps: MailerDeps): Promise<void> {
  const { mails, log } = deps;
  const facts = { mail: mail.id, kind: mail.kind, user: mail.userId };
  try {
    const where = await send(mail, deps);
    await mails.done(mail.id);
    if (where !== undefined) log.info({ ...facts, where }, "a mail is on its way");
  } catch (error) {
    const reason = reasonOf(error);
    const attempts = mail.attempts + 1;
    const next =
      error instanceof MailRefused ? undefined : nextTry({ ...mail, attempts }, deps.now());
    log.warn({ ...facts, reason, attempts, next }, "a mail could not be sent");
    await (next === undefined ? mails.done(mail.id) : mails.failed(mail.id, reason, next));
  }
}

/** Undefined when the reader has left meanwhile. */
async function send(mail: DueMail, deps: MailerDeps): Promise<string | undefined> {
  const { mails, postman, sender, siteUrl, now } = deps;
  const purpose = PURPOSES[mail.kind];
  let token = "";
  if (purpose !== undefined) {
    const fresh = newToken();
    const expiresAt = after(now(), TOKEN_LIFE_MS);
    const { userId } = mail;
    if (!(await mails.issue({ hash: fresh.hash, userId, purpose, expiresAt }))) return undefined;
    token = fresh.text;
  }
  const { kind, id, address: to } = mail;
  return await postman.send({ kind, id, to, ...mailText(kind, { sender, siteUrl, token }) });
}

const PURPOSES: Readonly<Partial<Record<DueMail["kind"], TokenPurpose>>> = {
  confirm: "confirm",
  erase: "erase",
};

/** A mail server repeats the address in its answers; a log does not. */
function reasonOf(error: unknown): string {
  const cause = error instanceof MailRefused ? error.cause : error;
  return messageOf(cause)
    .replace(/\S+@\S+/g, "[address]")
    .slice(0, 500);
}
