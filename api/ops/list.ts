import type { Held } from "../broker/held-queue.ts";
import type { StoredMessage } from "../broker/stored-message.ts";
import type { Selection } from "./selection.ts";
import { type QueuePlace, type Walked, walkQueue } from "./walk-queue.ts";

/** The messages of one kind. */
export type KindGroup = {
  readonly kind: string;
  readonly count: number;
  /** Bytes of their bodies. */
  readonly bytes: number;
  /** By the times that their publishers gave them. */
  readonly oldest: Date | undefined;
  readonly newest: Date | undefined;
  /** How many were replayed before, and are here again. */
  readonly replayed: number;
  /** Which queues gave them away, and why; empty for those that no queue was bound for. */
  readonly deaths: readonly DeathCount[];
};

export type DeathCount = {
  readonly queue: string;
  readonly reason: string;
  readonly count: number;
};

export type MessageList = Walked & {
  readonly queue: string;
  /** Most messages first. */
  readonly groups: readonly KindGroup[];
};

/** What lies in a queue, grouped by kind. */
export async function listMessages(place: QueuePlace, selection: Selection): Promise<MessageList> {
  const groups = new Map<string, Gathered>();
  const visit = async ({ message }: Held) => {
    const group = groups.get(message.routingKey) ?? emptyGroup();
    groups.set(message.routingKey, group);
    gather(group, message);
    return "go-on" as const;
  };
  const walked = await walkQueue(place, { selection, visit });
  return { ...walked, queue: place.queue, groups: [...groups].map(groupOf).sort(byCount) };
}

type Gathered = {
  count: number;
  bytes: number;
  oldest: Date | undefined;
  newest: Date | undefined;
  replayed: number;
  readonly deaths: Map<string, DeathCount>;
};

function emptyGroup(): Gathered {
  const times = { oldest: undefined, newest: undefined };
  return { count: 0, bytes: 0, ...times, replayed: 0, deaths: new Map() };
}

function gather(group: Gathered, { time, content, replays, death }: StoredMessage): void {
  group.count += 1;
  group.bytes += content.length;
  if (replays > 0) group.replayed += 1;
  if (time !== undefined) {
    if (group.oldest === undefined || time < group.oldest) group.oldest = time;
    if (group.newest === undefined || time > group.newest) group.newest = time;
  }
  if (death === undefined) return;
  const { queue, reason } = death;
  const key = JSON.stringify([queue, reason]);
  const count = (group.deaths.get(key)?.count ?? 0) + 1;
  group.deaths.set(key, { queue, reason, count });
}

function groupOf([kind, gathered]: readonly [string, Gathered]): KindGroup {
  const deaths = [...gathered.deaths.values()].sort((a, b) => b.count - a.count);
  return { kind, ...gathered, deaths };
}

function byCount(a: KindGroup, b: KindGroup): number {
  return b.count - a.count || (a.kind < b.kind ? -1 : 1);
}
