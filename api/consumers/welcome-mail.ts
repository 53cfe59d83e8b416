import type { ConsumerSettings, Handled, Handler } from "../broker/event-consumer.ts";
import type { Envelope } from "../events/envelope.ts";

const SECOND = 1_000;

export const WELCOME_MAIL: ConsumerSettings = {
  queue: "mailer.welcome",
  patterns: ["user.confirmed.*"],
  prefetch: 20,
  // A database that restarts is back by then.
  restsMs: [1, 5, 15, 60, 240].map((seconds) => seconds * SECOND),
};

/** What the store does for this consumer, in one transaction with its note of the message's id. */
export interface Welcomes {
  /** Asks for the mail to a confirmed user, once for each message id. */
  welcome(message: {
    readonly messageId: string;
    readonly userId: string;
    readonly now: Date;
  }): Promise<"asked" | "seen-before" | "no-such-user">;
}

/**
 * Asks for the mail that welcomes a confirmed user. An event holds no address, so the store looks it up:
 * who was erased meanwhile gets none.
 */
export function welcomeMail(users: Welcomes, now = () => new Date()): Handler {
  return async (envelope: Envelope): Promise<Handled> => {
    if (envelope.type !== "user.confirmed.v1") {
      return { kind: "hopeless", reason: `no mail is known for ${envelope.type}` };
    }
    const { userId } = envelope.data;
    const outcome = await users.welcome({ messageId: envelope.id, userId, now: now() });
    switch (outcome) {
      case "asked":
      case "no-such-user":
        return { kind: "done" };
      case "seen-before":
        return { kind: "seen-before" };
    }
  };
}
