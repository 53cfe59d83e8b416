import { setTimeout as sleep } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import type { DueMail, MailQueue } from "../../../api/mail/mail-queue.ts";
import { nextTry, startMailer } from "../../../api/mail/mailer.ts";
import { MailRefused, type Postman } from "../../../api/mail/postman.ts";
import { eventually } from "../../support/eventually.ts";

const NOON = new Date("2026-11-30T12:00:00Z");
const DUE: DueMail = {
  id: "m1",
  kind: "confirm",
  userId: "u1",
  address: "ada@example.com",
  attempts: 0,
  askedAt: NOON,
};

const OTHERS = ["m2", "m3"].map((id) => ({ ...DUE, id }));

/** A postman whose first mail is under way until it is told to finish. */
function slowPostman() {
  let finish = () => {};
  let begin = () => {};
  const finished = new Promise<void>((resolve) => {
    finish = resolve;
  });
  const begun = new Promise<void>((resolve) => {
    begin = resolve;
  });
  const send = async () => {
    begin();
    await finished;
    return "sent";
  };
  return { send, begun, finish };
}

/** What became of one mail that `send` deals with, and what was logged. */
async function outcomeOf(
  send: Postman["send"],
  mails: readonly DueMail[] = [DUE],
): Promise<readonly string[]> {
  const { notes, mailer } = start(send, mails);
  await eventually(() => notes.find((note) => /^(done|failed)/.test(note)), patienceFor(notes));
  await mailer.stop();
  return notes;
}

const patienceFor = (notes: readonly string[]) => ({
  ...{ seconds: 5, describe: () => notes.join("\n") },
});

/** A mailer that finds these mails due. */
function start(send: Postman["send"], waiting: readonly DueMail[]) {
  let due = waiting;
  const notes: string[] = [];
  const world: { failure: Error | undefined; now: Date } = { failure: undefined, now: NOON };
  const mails: MailQueue = {
    async claim() {
      if (world.failure !== undefined) throw world.failure;
      const claimed = due;
      due = [];
      return claimed;
    },
    issue: async () => true,
    async done(id) {
      notes.push(`done ${id}`);
    },
    async failed(id, error, nextTryAt) {
      notes.push(`failed ${id}: ${error}; again ${nextTryAt.toISOString()}`);
    },
    async release({ ids }) {
      notes.push(`given back ${ids}`);
    },
  };
  const log = (details: object, message: string) =>
    notes.push(`${message} ${JSON.stringify(details)}`);
  const mailer = startMailer({
    mails,
    postman: { send, close() {} },
    sender: "Naked Coders",
    siteUrl: "https://www.example.com",
    now: () => world.now,
    log: { info: log, warn: log, error: log },
  });
  return { notes, mailer, world };
}

describe("a mailer", () => {
  it("says once that the mails cannot be read, and once that they can again", async () => {
    const { notes, mailer, world } = start(async () => "sent", [DUE]);
    world.failure = new Error("the database is away");
    for (let tries = 0; tries < 5; tries++) {
      mailer.wake();
      await sleep(5);
    }
    world.failure = undefined;
    mailer.wake();
    await eventually(() => notes.find((note) => note.includes("again {}")), patienceFor(notes));
    await mailer.stop();
    expect(notes.filter((note) => note.startsWith("the mails"))).toEqual([
      'the mails cannot be read; trying again {"reason":"the database is away"}',
      "the mails can be read again {}",
    ]);
  });
});

describe("a mail", () => {
  it("that was claimed and not begun is given back at once when the mailer stops", async () => {
    const slow = slowPostman();
    const { notes, mailer } = start(slow.send, [DUE, ...OTHERS]);
    await slow.begun;
    const stopped = mailer.stop();
    await eventually(() => notes.find((note) => note === "given back m2,m3"), patienceFor(notes));
    slow.finish();
    await stopped;
    expect(notes).toEqual([
      "given back m2,m3",
      "done m1",
      expect.stringContaining("a mail is on its way"),
    ]);
  });

  it("that a slow server keeps from being begun in time is given back, for another claim", async () => {
    const slow = slowPostman();
    const { notes, mailer, world } = start(slow.send, [DUE, ...OTHERS]);
    await slow.begun;
    world.now = new Date(NOON.getTime() + 2 * 60_000);
    slow.finish();
    await eventually(() => notes.find((note) => note === "given back m2,m3"), patienceFor(notes));
    await mailer.stop();
  });

  it("that was sent is done", async () => {
    const notes = await outcomeOf(async () => "sent");
    expect(notes[0]).toBe("done m1");
  });

  it("that failed is tried again later, and its reader's address stays out of log and row", async () => {
    const notes = await outcomeOf(async () => {
      throw new Error("451 <ada@example.com> come again");
    });
    expect(notes.join()).not.toContain("ada@example.com");
    expect(notes.at(-1)).toBe(
      "failed m1: 451 [address] come again; again 2026-11-30T12:00:10.000Z",
    );
  });

  it("that is refused for good is forgotten", async () => {
    const notes = await outcomeOf(async () => {
      throw new MailRefused("no", { cause: new Error("550 no such user") });
    });
    expect(notes.at(-1)).toBe("done m1");
    expect(notes.join()).toContain("550 no such user");
  });

  it("that could not be sent for a day is forgotten", async () => {
    const askedAt = new Date(NOON.getTime() - 24 * 3_600_000);
    const notes = await outcomeOf(async () => {
      throw new Error("connect ECONNREFUSED");
    }, [{ ...DUE, askedAt, attempts: 60 }]);
    expect(notes.at(-1)).toBe("done m1");
  });

  it.each([
    [1, 10],
    [2, 20],
    [5, 160],
    [9, 1800],
    [1000, 1800],
  ])("that failed %i times rests %i s", (attempts, seconds) => {
    const next = nextTry({ attempts, askedAt: NOON }, NOON);
    expect(next?.getTime()).toBe(NOON.getTime() + seconds * 1000);
  });
});
