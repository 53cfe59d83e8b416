import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { onTestFinished } from "vitest";

export type ReceivedMail = { readonly to: readonly string[]; readonly data: string };

/** A mail server of RFC 5321 that keeps what it gets, and answers MAIL and RCPT as a test wishes. */
export type SmtpServer = {
  readonly url: string;
  readonly mails: readonly ReceivedMail[];
  /** What it says to the next RCPT commands; 250 unless told otherwise. */
  answerRecipients(reply: string): void;
  /** The same for MAIL. */
  answerSenders(reply: string): void;
};

export async function startSmtpServer(): Promise<SmtpServer> {
  const mails: ReceivedMail[] = [];
  const sockets = new Set<Socket>();
  let recipientReply = "250 ok";
  let senderReply = "250 ok";
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    const talk = conversation({
      recipientReply: () => recipientReply,
      senderReply: () => senderReply,
      keep: (mail) => mails.push(mail),
    });
    let rest = "";
    socket.write("220 test\r\n");
    socket.setEncoding("latin1").on("data", (text: string) => {
      const lines = (rest + text).split("\r\n");
      rest = lines.pop() ?? "";
      for (const reply of lines.map(talk)) if (reply !== undefined) socket.write(`${reply}\r\n`);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return {
    url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`,
    mails,
    answerRecipients(reply) {
      recipientReply = reply;
    },
    answerSenders(reply) {
      senderReply = reply;
    },
  };
}

type Conversation = {
  readonly recipientReply: () => string;
  readonly senderReply: () => string;
  readonly keep: (mail: ReceivedMail) => void;
};

/** What the server says to each line of one client; undefined to the lines of a mail. */
function conversation({ recipientReply, senderReply, keep }: Conversation) {
  let to: readonly string[] = [];
  let data: string | undefined;
  const takeData = (sofar: string, line: string): string | undefined => {
    if (line !== ".") {
      data = `${sofar}${line.replace(/^\.\./, ".")}\r\n`;
      return undefined;
    }
    keep({ to, data: sofar });
    data = undefined;
    return "250 kept";
  };
  const replies: Readonly<Record<string, (line: string) => string>> = {
    MAIL: () => {
      to = [];
      return senderReply();
    },
    RCPT: (line) => {
      const reply = recipientReply();
      if (reply.startsWith("2")) to = [...to, /<([^>]*)>/.exec(line)?.[1] ?? ""];
      return reply;
    },
    DATA: () => {
      data = "";
      return "354 go on";
    },
    QUIT: () => "221 bye",
  };
  return (line: string): string | undefined => {
    if (data !== undefined) return takeData(data, line);
    return replies[line.slice(0, 4).toUpperCase()]?.(line) ?? "250 ok";
  };
}
