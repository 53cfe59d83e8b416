import { readdirSync, readFileSync, statSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { createFolderPostman } from "../../../api/mail/folder-postman.ts";
import { MailRefused, type OutgoingMail } from "../../../api/mail/postman.ts";
import { createSmtpPostman } from "../../../api/mail/smtp-postman.ts";
import { mailText } from "../../../api/mail/texts.ts";
import { startSmtpServer } from "../../support/smtp-server.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const SENDER = { name: "Zoë & Co", address: "hello@example.com" };
const TOKEN = "t".repeat(43);
const FACTS = { sender: "Zoë & Co", siteUrl: "https://www.example.com", token: TOKEN };
const MAIL: OutgoingMail = {
  kind: "confirm",
  to: "ada@example.com",
  id: "0b1c2d3e-0000-4000-8000-000000000000",
  ...mailText("confirm", FACTS),
};

describe("a mail in a folder", () => {
  it("is one file that anybody can read, link and all, and only its owner may", async () => {
    const folder = join(await tempFolder(), "mail");
    const now = () => new Date("2026-11-30T12:00:00Z");
    const where = await createFolderPostman(folder, { sender: SENDER, now }).send(MAIL);
    const names = readdirSync(folder);
    expect(names).toEqual(["2026-11-30T12-00-00-000Z-confirm-0b1c2d3e.eml"]);
    expect(where).toBe(join(folder, names[0] ?? ""));
    expect(statSync(where).mode & 0o077).toBe(0);
    const text = readFileSync(where, "utf8");
    const [head = "", ...body] = text.split("\n\n");
    expect(head).toContain("To: ada@example.com");
    expect(head).toContain("Date: Mon, 30 Nov 2026 12:00:00 +0000");
    expect(head).toContain(`Message-ID: <${MAIL.id}@example.com>`);
    expect(head).toContain("Content-Transfer-Encoding: 8bit");
    expect(body.join("\n\n")).toBe(MAIL.text);
    expect(text).toContain(`\nhttps://www.example.com/register/confirm/#${TOKEN}\n`);
  });
});

describe("a mail by SMTP", () => {
  const open = (url: string) => {
    const postman = createSmtpPostman(url, SENDER);
    onTestFinished(() => postman.close());
    return postman;
  };

  it("reaches its one reader, from us, as a message of a machine", async () => {
    const server = await startSmtpServer();
    await open(server.url).send(MAIL);
    const [{ to, data } = { to: [], data: "" }, ...more] = server.mails;
    expect(more).toEqual([]);
    expect(to).toEqual(["ada@example.com"]);
    expect(data).toMatch(/^From: =\?UTF-8\?.*<hello@example\.com>\r$/m);
    expect(data).toMatch(/^Auto-Submitted: auto-generated\r$/m);
    expect(data.replaceAll("=\r\n", "")).toContain(`#${TOKEN}`);
  });

  it.each([
    ["550 no such user", MailRefused],
    ["451 come again", Error],
  ])("answered with %j is refused for good or for now", async (reply, kind) => {
    const server = await startSmtpServer();
    server.answerRecipients(reply);
    const failure: unknown = await open(server.url)
      .send(MAIL)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(kind);
    expect(failure instanceof MailRefused).toBe(kind === MailRefused);
  });

  it("from a sender whom the server does not take may be sent later: MAIL_FROM can be mended", async () => {
    const server = await startSmtpServer();
    server.answerSenders("553 sender not verified");
    const failure: unknown = await open(server.url)
      .send(MAIL)
      .catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: expect.stringContaining("553 sender not verified") });
    expect(failure).not.toBeInstanceOf(MailRefused);
  });

  it("to a server that is not there may be sent later", async () => {
    const failure: unknown = await open("smtp://127.0.0.1:1")
      .send(MAIL)
      .catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(Error);
    expect(failure).not.toBeInstanceOf(MailRefused);
  });

  it.each([
    ["to", "ada@example.com\r\nBcc: eve@evil.example"],
    ["subject", "Hello\nBcc: eve@evil.example"],
    ["id", "x\r\ny"],
  ])("with a line end in its %s is not sent", async (field, value) => {
    const server = await startSmtpServer();
    await expect(open(server.url).send({ ...MAIL, [field]: value })).rejects.toThrow(
      "control character",
    );
    expect(server.mails).toEqual([]);
  });
});

describe("the words of a mail", () => {
  it.each(["confirm", "already-registered", "erase", "welcome"] as const)(
    "%s fit every screen and say how to leave or whom it is from",
    (kind) => {
      const { subject, text } = mailText(kind, FACTS);
      expect(subject).toContain("Zoë & Co");
      const isLink = (line: string) => line.includes("https://");
      const long = text.split("\n").filter((line) => line.length > 76 && !isLink(line));
      expect(long).toEqual([]);
      expect(text).toContain(kind === "erase" ? "nothing changes" : "/register/leave/");
      expect(text.includes(TOKEN)).toBe(kind === "confirm" || kind === "erase");
    },
  );
});
