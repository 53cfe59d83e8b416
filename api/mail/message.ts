import { domainToASCII } from "node:url";
import type { SendMailOptions } from "nodemailer";
import type { OutgoingMail, Sender } from "./postman.ts";

const CONTROLS = /\p{Cc}/u;

/**
 * A mail as nodemailer takes it. Throws on a control character in what becomes a header line: nothing
 * that a person typed comes here unread, and a second look costs nothing.
 */
export function message(mail: OutgoingMail, sender: Sender): SendMailOptions {
  for (const line of [mail.to, mail.subject, mail.id, sender.name, sender.address]) {
    if (CONTROLS.test(line)) throw new TypeError("a control character in a header of a mail");
  }
  const host = domainToASCII(sender.address.slice(sender.address.lastIndexOf("@") + 1));
  return {
    from: sender,
    to: { name: "", address: mail.to },
    subject: mail.subject,
    text: mail.text,
    messageId: `<${mail.id}@${host}>`,
    // RFC 3834: no out-of-office note may answer.
    headers: { "Auto-Submitted": "auto-generated" },
  };
}
