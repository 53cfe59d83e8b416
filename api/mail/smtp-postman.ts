import { createTransport } from "nodemailer";
import { message } from "./message.ts";
import { MailRefused, type Postman, type Sender } from "./postman.ts";

const CONNECT_MS = 5_000;
/** From one answer of the server to the next. */
const SILENCE_MS = 20_000;

/** Sends by SMTP. The URL is `smtp://user:password@host:587`, or `smtps:` for TLS from the start. */
export function createSmtpPostman(url: string, sender: Sender): Postman {
  const transport = createTransport({
    url,
    pool: true,
    maxConnections: 2,
    connectionTimeout: CONNECT_MS,
    greetingTimeout: CONNECT_MS,
    socketTimeout: SILENCE_MS,
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    async send(mail) {
      try {
        await transport.sendMail(message(mail, sender));
      } catch (error) {
        throw isFinal(error)
          ? new MailRefused("the mail server refuses this mail for good", { cause: error })
          : error;
      }
      return "sent by SMTP";
    },
    close: () => transport.close(),
  };
}

/**
 * RFC 5321 4.2.1: 5yz is final. Not so for logging in and for MAIL: then it is us whom the server does not
 * take, and that is mended without the mail's doing.
 */
function isFinal(error: unknown): boolean {
  const { code, command, responseCode } = error as {
    readonly code?: unknown;
    readonly command?: unknown;
    readonly responseCode?: unknown;
  };
  const isAboutMail = code === "EMESSAGE" || (code === "EENVELOPE" && command !== "MAIL FROM");
  return isAboutMail && typeof responseCode === "number" && responseCode >= 500;
}
