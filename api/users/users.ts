import type { NewEvent } from "../events/new-event.ts";
import type { EmailAddress } from "./email-address.ts";

/** An event about a user whose id only the store knows. */
export type AboutUser = (userId: string) => NewEvent;

/** What a person asked for, and since when a mail of that sort may be sent again. */
type Asked = {
  readonly address: EmailAddress;
  readonly now: Date;
  /** The same sort of mail went out after this: ask for none. */
  readonly notSince: Date;
};

export type Registration = Asked & {
  /** The id that the user gets if the address is new: a fresh UUID. */
  readonly userId: string;
  readonly locale: string;
  /** Told when the address is new. */
  readonly registered: AboutUser;
  /** Told when the address is known. */
  readonly repeated: AboutUser;
};

export type Redemption = {
  /** SHA-256 of the token, 32 bytes; the token itself is stored nowhere. */
  readonly hash: Uint8Array;
  readonly now: Date;
  readonly tell: AboutUser;
};

/** Whether the token was good: it was ours, for this purpose, in time and never used before. */
export type Redeemed = "redeemed" | "refused";

/**
 * The registrations. Each method is one transaction: users, their mails and the events about them are
 * written together or not at all. Rejects with StoreUnavailable when the database cannot be reached.
 */
export interface Users {
  /** Stores a new address, or notes that a known one came again, and asks for the mail that fits. */
  register(registration: Registration): Promise<void>;
  /** Asks for one more confirmation mail, if the address waits for its confirmation. */
  resend(asked: Asked): Promise<void>;
  /** Asks for the mail by which a user erases the registration, if the address is known. */
  askErasure(asked: Asked): Promise<void>;
  /** The user is confirmed afterwards; told only when that is new. */
  confirm(redemption: Redemption): Promise<Redeemed>;
  /** Afterwards nothing is left of the user but the id and the time of the erasure. */
  erase(redemption: Redemption): Promise<Redeemed>;
  /**
   * Asks for the mail that welcomes a confirmed user, once for each message id, however often that
   * message is delivered.
   */
  welcome(message: {
    readonly messageId: string;
    readonly userId: string;
    readonly now: Date;
  }): Promise<"asked" | "seen-before" | "no-such-user">;
}
