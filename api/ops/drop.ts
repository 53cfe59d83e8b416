import type { Held } from "../broker/held-queue.ts";
import { type ExportSink, exportLine } from "./export.ts";
import { type KindCount, KindTally } from "./kind-tally.ts";
import type { Selection } from "./selection.ts";
import { type QueuePlace, type Walked, walkQueue } from "./walk-queue.ts";

/** What is about to be removed. */
export type DropPreview = {
  readonly queue: string;
  /** Most messages first. */
  readonly kinds: readonly KindCount[];
  /** The export that holds all of it by now. */
  readonly file: string;
};

export type DropOptions = {
  readonly selection: Selection;
  readonly dryRun: boolean;
  /** Opens the file that keeps what is removed; called once there is something. */
  readonly openExport: () => Promise<ExportSink>;
  readonly confirm: (preview: DropPreview) => Promise<boolean>;
};

export type DropResult = Walked & {
  readonly queue: string;
  readonly kinds: readonly KindCount[];
} & (
    | { readonly kind: "nothing-matched" | "dry-run" }
    | { readonly kind: "declined" | "dropped"; readonly file: string }
  );

/**
 * Takes messages out of a queue for good: exactly those that were written to the export before. They
 * stay in our hand from there on, so what comes meanwhile is not touched. Purging is dropping without
 * a condition.
 */
export async function dropMessages(place: QueuePlace, options: DropOptions): Promise<DropResult> {
  const { queue } = place;
  const { selection, dryRun, openExport, confirm } = options;
  const tally = new KindTally();
  const inHand: Held["remove"][] = [];
  let sink: ExportSink | undefined;
  let fate: { readonly kind: "declined" | "dropped"; readonly file: string } | undefined;
  const visit = async ({ message, remove }: Held) => {
    tally.add(message.routingKey);
    if (!dryRun) {
      sink ??= await openExport();
      await sink.write(exportLine(message, queue));
      inHand.push(remove);
    }
    return "go-on" as const;
  };
  const finish = async () => {
    if (sink === undefined) return;
    await sink.sync();
    const file = sink.name;
    const isMeant = await confirm({ queue, kinds: tally.list(), file });
    if (isMeant) for (const remove of inHand) remove();
    fate = { kind: isMeant ? "dropped" : "declined", file };
  };
  const walked = await walkQueue(place, { selection, visit, finish });
  const facts = { ...walked, queue, kinds: tally.list() };
  if (fate !== undefined) return { ...facts, ...fate };
  return { ...facts, kind: walked.matched === 0 ? "nothing-matched" : "dry-run" };
}
