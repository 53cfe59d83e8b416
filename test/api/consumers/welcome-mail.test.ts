import { describe, expect, test } from "vitest";
import { type Welcomes, welcomeMail } from "../../../api/consumers/welcome-mail.ts";
import { makeEvent, readEnvelope } from "../../../api/events/envelope.ts";

const userId = "0b8f6c1e-5d0a-4f0e-9c55-0d1f4f6f2a11";
const facts = { source: "/api", subject: userId, time: new Date("2026-11-30T12:00:00Z") };
const confirmed = makeEvent("user.confirmed.v1", {
  ...{ ...facts, data: { userId, confirmedAt: "2026-11-30T12:00:00Z" } },
});

describe("the welcome mail", () => {
  test.each([
    ["asked", "done"],
    ["no-such-user", "done"],
    ["seen-before", "seen-before"],
  ] as const)("is %s, so the event is %s", async (outcome, kind) => {
    const asked: Parameters<Welcomes["welcome"]>[0][] = [];
    const now = new Date("2026-11-30T12:00:01Z");
    const users: Welcomes = {
      async welcome(message) {
        asked.push(message);
        return outcome;
      },
    };
    expect(await welcomeMail(users, () => now)(envelopeOf(confirmed.envelope))).toEqual({ kind });
    expect(asked).toEqual([{ messageId: confirmed.id, userId, now }]);
  });

  test("is not for any other event", async () => {
    const erased = makeEvent("user.erased.v1", { ...facts, data: { userId } });
    const users: Welcomes = { welcome: () => Promise.reject(new Error("not to be asked")) };
    expect(await welcomeMail(users)(envelopeOf(erased.envelope))).toEqual({
      ...{ kind: "hopeless", reason: "no mail is known for user.erased.v1" },
    });
  });

  test("waits for another try when the database is away", async () => {
    const users: Welcomes = { welcome: () => Promise.reject(new Error("away")) };
    await expect(welcomeMail(users)(envelopeOf(confirmed.envelope))).rejects.toThrow("away");
  });
});

function envelopeOf(text: string) {
  const read = readEnvelope(text);
  if (read.kind !== "event") throw new Error("it was made by the catalogue");
  return read.envelope;
}
