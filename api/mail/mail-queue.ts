/** Why we write: each kind has its own text in texts.ts. */
export type MailKind = "confirm" | "already-registered" | "erase" | "welcome";

/** What the token in a mail may be redeemed for. */
export type TokenPurpose = "confirm" | "erase";

export type DueMail = {
  readonly id: string;
  readonly kind: MailKind;
  readonly userId: string;
  readonly address: string;
  /** How often it was tried in vain. */
  readonly attempts: number;
  readonly askedAt: Date;
};

export type IssuedToken = {
  readonly hash: Uint8Array;
  readonly userId: string;
  readonly purpose: TokenPurpose;
  readonly expiresAt: Date;
};

/**
 * Mails that have been asked for and not sent yet. They hold no token: one is made when the mail is
 * sent, so that neither a crash nor a mail server that is down loses a mail or stores a secret.
 */
export interface MailQueue {
  /**
   * At most `limit` mails that are due, oldest first. Until `leaseUntil` no other process gets them,
   * so that a mail whose sender died is tried again.
   */
  claim(wanted: {
    readonly limit: number;
    readonly now: Date;
    readonly leaseUntil: Date;
  }): Promise<readonly DueMail[]>;
  /** Keeps the hash of a token. False when its user is gone meanwhile: then nothing is kept. */
  issue(token: IssuedToken): Promise<boolean>;
  /** Forgets the mail: it is sent, or will never be. */
  done(id: string): Promise<void>;
  failed(id: string, error: string, nextTryAt: Date): Promise<void>;
  /**
   * Gives back mails that were claimed until `leaseUntil` and not tried: they are due at `now`. One that
   * another process holds meanwhile stays its own.
   */
  release(claimed: {
    readonly ids: readonly string[];
    readonly leaseUntil: Date;
    readonly now: Date;
  }): Promise<void>;
}
