import { EventEmitter } from "node:events";
import type { OutboxSignals } from "../../outbox/outbox.ts";
import type { Store } from "../store.ts";
import { openEmbeddedDatabase } from "./database.ts";
import { takeLead } from "./lead.ts";
import { createMails } from "./mails.ts";
import { createOutbox } from "./outbox.ts";
import { createUsers } from "./users.ts";

/**
 * The store in one file of this machine, which several processes may share: one publishes, and finds
 * what another one committed when it polls. Throws StoreUnavailable when the file cannot be opened.
 */
export function openEmbeddedStore(file: string): Store {
  const database = openEmbeddedDatabase(file);
  const commits = new EventEmitter();
  // After the caller has its answer, so that a listener's fault is not the caller's.
  const committed = () => setImmediate(() => commits.emit("commit"));
  return {
    users: createUsers(database, committed),
    mails: createMails(database),
    outbox: createOutbox(database, committed),
    signals: createSignals(commits, `${file}.lead`),
    upkeep: {
      async prune(now, before) {
        const [time, old] = [now.getTime(), before.getTime()];
        return (
          database.run("delete from tokens where expires_at <= ?", time) +
          database.run("delete from consumed where consumed_at < ?", old) +
          database.run("delete from outbox where published_at < ?", old) +
          database.run("delete from users where state = 'pending' and confirm_asked_at < ?", old)
        );
      },
    },
    async check() {
      database.get("select 1");
    },
    async close() {
      database.close();
    },
  };
}

function createSignals(commits: EventEmitter, leadFile: string): OutboxSignals {
  return {
    async onCommit(wake) {
      commits.on("commit", wake);
      return async () => {
        commits.off("commit", wake);
      };
    },
    async lead() {
      const letGo = takeLead(leadFile);
      if (letGo === undefined) return undefined;
      return { lost: new AbortController().signal, release: async () => letGo() };
    },
  };
}
