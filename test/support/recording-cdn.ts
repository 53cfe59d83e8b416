import { SlipwayError } from "../../deploy/core/errors.ts";
import type { Cdn } from "../../deploy/ports.ts";

/** A CDN of a test's making. */
export type RecordingCdn = Cdn & {
  /** How often it says that it is busy before it accepts. */
  busyFor: number;
  /** Whether it fails instead, once that is over. */
  fails: boolean;
  readonly references: readonly string[];
};

/** A CDN that writes down what it was asked to forget, and completes each after `polls` questions. */
export function createRecordingCdn(log: string[], polls = 1): RecordingCdn {
  const tickets = new Map<string, { id: string; asked: number }>();
  const references: string[] = [];
  const cdn: RecordingCdn = {
    busyFor: 0,
    fails: false,
    references,
    async invalidate(paths, reference) {
      references.push(reference);
      if (cdn.busyFor > 0) {
        cdn.busyFor -= 1;
        log.push("busy");
        return { kind: "busy" };
      }
      if (cdn.fails) throw new SlipwayError("cloud", { what: "no", why: "told to", next: "again" });
      log.push(`invalidate ${paths.join(" ")}`);
      const known = tickets.get(reference) ?? { id: `I${tickets.size + 1}`, asked: 0 };
      tickets.set(reference, known);
      return { kind: "accepted", ticket: { id: known.id, state: "in-progress" } };
    },
    async invalidation(id) {
      const ticket = [...tickets.values()].find((known) => known.id === id);
      if (ticket === undefined) throw new Error(`no invalidation ${id}`);
      ticket.asked += 1;
      const state = ticket.asked >= polls ? "completed" : "in-progress";
      log.push(`asked ${id}: ${state}`);
      return { id, state };
    },
    async inProgress() {
      const ids: string[] = [];
      for (const ticket of tickets.values()) {
        ticket.asked += 1;
        if (ticket.asked < polls) ids.push(ticket.id);
      }
      log.push(`in progress: ${ids.join(" ")}`);
      return ids;
    },
  };
  return cdn;
}
