import { mkdirSync } from "node:fs";
import { rename, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { createTransport } from "nodemailer";
import { message } from "./message.ts";
import type { Postman, Sender } from "./postman.ts";

/**
 * Puts each mail into a file that every mail program opens, and any editor shows: for a laptop, where
 * there is no mail server. Throws when the folder cannot be made.
 */
export function createFolderPostman(
  folder: string,
  { sender, now }: { readonly sender: Sender; readonly now: () => Date },
): Postman {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const transport = createTransport({ streamTransport: true, buffer: true, newline: "unix" });
  return {
    async send(mail) {
      const { message: bytes } = await transport.sendMail({
        ...message(mail, sender),
        date: now(),
      });
      const stamp = now().toISOString().replace(/[:.]/g, "-");
      const file = join(resolve(folder), `${stamp}-${mail.kind}-${mail.id.slice(0, 8)}.eml`);
      // Whoever watches the folder sees whole mails only.
      await writeFile(`${file}.part`, readable(String(bytes), mail.text), { mode: 0o600 });
      await rename(`${file}.part`, file);
      return file;
    },
    close: () => transport.close(),
  };
}

/** The same mail with its text as it is, which no line end in the middle of a link breaks in two. */
function readable(mail: string, text: string): string {
  const [head = ""] = mail.split("\n\n", 1);
  return `${head.replace(/^Content-Transfer-Encoding: .*$/m, "Content-Transfer-Encoding: 8bit")}\n\n${text}`;
}
