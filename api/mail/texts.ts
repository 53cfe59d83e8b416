import type { MailKind } from "./mail-queue.ts";

export type MailText = { readonly subject: string; readonly text: string };

export type MailFacts = {
  /** Who writes. */
  readonly sender: string;
  /** The site's address, without a slash at its end. */
  readonly siteUrl: string;
  /** Of 43 letters, digits, dashes and underscores; empty for the kinds that have none. */
  readonly token: string;
};

/**
 * The words of our mails. The token stands behind a # because browsers keep that to themselves: it
 * reaches no log. And it stands there once more by itself, for who has no JavaScript to read it.
 */
export function mailText(kind: MailKind, { sender, siteUrl, token }: MailFacts): MailText {
  const leave = `To leave, now or later: ${siteUrl}/register/leave/`;
  switch (kind) {
    case "confirm":
      return letter(`${sender}: please confirm your address`, [
        "Hello,",
        "somebody, most likely you, registered this address with us.\nTo confirm it, open this page and press the button:",
        `${siteUrl}/register/confirm/#${token}`,
        `If the page asks for a code, it is this one:\n\n${token}`,
        "The code works once, within 24 hours.",
        "It was not you? Then do nothing. We write no news to an address that is\nnot confirmed.",
        leave,
        sender,
      ]);
    case "already-registered":
      return letter(`${sender}: you are registered already`, [
        "Hello,",
        "somebody, most likely you, registered this address with us once\nmore. It was confirmed before, so there is nothing to do.",
        leave,
        sender,
      ]);
    case "erase":
      return letter(`${sender}: shall we erase your registration?`, [
        "Hello,",
        "somebody, most likely you, asked us to erase the registration of\nthis address. To do that, open this page and press the button:",
        `${siteUrl}/register/leave/confirm/#${token}`,
        `If the page asks for a code, it is this one:\n\n${token}`,
        "The code works once, within 24 hours. Afterwards we know nothing\nof you but a number, and the time at which you left.",
        "It was not you? Then do nothing, and nothing changes.",
        sender,
      ]);
    case "welcome":
      return letter(`Welcome to ${sender}`, [
        "Hello,",
        "your address is confirmed. From now on we write to you when we publish\nsomething: now and then, and never more than we have to say.",
        `Until then, this is what there is to read: ${siteUrl}/blog/`,
        leave,
        sender,
      ]);
  }
}

function letter(subject: string, paragraphs: readonly string[]): MailText {
  return { subject, text: `${paragraphs.join("\n\n")}\n` };
}
