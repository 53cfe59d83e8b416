import type { MailKind } from "./mail-queue.ts";

export type OutgoingMail = {
  readonly kind: MailKind;
  /** An address that `readEmailAddress` let through. */
  readonly to: string;
  readonly subject: string;
  /** Plain text with `\n` between its lines. */
  readonly text: string;
  /** Unique to this mail, of letters, digits and dashes; it becomes part of the Message-ID. */
  readonly id: string;
};

/** How mails leave us. */
export interface Postman {
  /**
   * Gives where the mail went, for the log: never to whom. Rejects with MailRefused when no later try
   * can succeed, and with any other error when one may.
   */
  send(mail: OutgoingMail): Promise<string>;
  close(): void;
}

/** The mail server will never take this mail: it knows no such mailbox, for instance. */
export class MailRefused extends Error {
  override readonly name = "MailRefused";
}

/** Who writes: `Naked Coders <hello@example.com>`, in its parts. */
export type Sender = { readonly name: string; readonly address: string };
