import type { Cdn } from "../../deploy/ports.ts";

/** A CDN that writes down what it was asked to forget, and completes after `polls` questions. */
export function createRecordingCdn(log: string[], polls = 1): Cdn {
  const tickets = new Map<string, { id: string; asked: number }>();
  return {
    async invalidate(paths, reference) {
      log.push(`invalidate ${paths.join(" ")}`);
      const known = tickets.get(reference) ?? { id: `I${tickets.size + 1}`, asked: 0 };
      tickets.set(reference, known);
      return { id: known.id, state: "in-progress" };
    },
    async invalidation(id) {
      const ticket = [...tickets.values()].find((known) => known.id === id);
      if (ticket === undefined) throw new Error(`no invalidation ${id}`);
      ticket.asked += 1;
      const state = ticket.asked >= polls ? "completed" : "in-progress";
      log.push(`asked ${id}: ${state}`);
      return { id, state };
    },
  };
}
