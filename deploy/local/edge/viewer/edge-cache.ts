import { invalidationMatcher, isTagItem } from "../../../edge/invalidation-match.ts";
import type { OriginObject } from "../origin.ts";
import { type CacheEntry, type CacheKey, isStorable, weigh } from "./cache-entry.ts";
import type { FullAnswer } from "./origin-answer.ts";

export type Fetched =
  | {
      readonly kind: "entry";
      readonly entry: CacheEntry;
      readonly result: "Miss" | "RefreshHit" | "Hit";
    }
  /** Nothing that several viewers could share. */
  | {
      readonly kind: "passing";
      /** The answer itself, for whoever takes it first; the others ask the origin for themselves. */
      take(): FullAnswer | undefined;
    };

type Stored = { readonly key: CacheKey; readonly entry: CacheEntry; readonly weight: number };
type Ticket = { readonly key: CacheKey; isValid: boolean };
type Fetch = { readonly ticket: Ticket; readonly promise: Promise<Fetched> };

/**
 * What the edge remembers: entries up to a limit of bytes, the least recently used leaving first,
 * and the fetches under way, so that equal requests wait for one.
 *
 * After `invalidate` returns, no covered entry is found, and no covered fetch that had begun before
 * is stored or joined: its answer reaches only those who already waited for it.
 */
export class EdgeCache {
  readonly #entries = new Map<string, Stored>();
  readonly #fetches = new Map<string, Fetch>();
  readonly #maxBytes: number;
  #bytes = 0;

  constructor(limits: { readonly maxBytes: number }) {
    this.#maxBytes = limits.maxBytes;
  }

  /** The bytes its entries count for; never above the limit. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The entry of the key, fresh or not. */
  find(key: CacheKey): CacheEntry | undefined {
    const id = identify(key);
    const stored = this.#entries.get(id);
    if (stored === undefined) return undefined;
    // A Map keeps the order of insertion: entering it again makes it the most recently used.
    this.#entries.delete(id);
    this.#entries.set(id, stored);
    return stored.entry;
  }

  /** As `find`, for somebody who only looks on: the order of use stays. */
  peek(key: CacheKey): CacheEntry | undefined {
    return this.#entries.get(identify(key))?.entry;
  }

  /** Runs `fetch`, or waits for the one already running for this key, and keeps what it brings. */
  fetchOnce(key: CacheKey, fetch: () => Promise<Fetched>): Promise<Fetched> {
    const id = identify(key);
    const running = this.#fetches.get(id);
    if (running !== undefined) return running.promise;
    const ticket: Ticket = { key, isValid: true };
    const promise = this.#keep(id, ticket, fetch());
    this.#fetches.set(id, { ticket, promise });
    return promise;
  }

  /** Drops what is served from this version of an object, whose bytes turned out to be gone. */
  forgetObject(object: OriginObject): void {
    for (const [id, { entry }] of this.#entries) {
      if (entry.kind !== "answer" || entry.body.kind !== "stored") continue;
      if (entry.body.object === object) this.#drop(id);
    }
  }

  /** Drops every variant of what the items, paths and `#tag`, cover in a distribution, errors included. */
  invalidate(distribution: string, items: readonly string[]): void {
    const covers = invalidationMatcher(items);
    for (const [id, { key, entry }] of this.#entries) {
      if (key.distribution !== distribution) continue;
      const tags = entry.kind === "answer" ? entry.tags : undefined;
      if (covers(key.uri, tags)) this.#drop(id);
    }
    // Nobody knows the tags of an answer before it is there, so a tag covers all that are under way.
    const coversAny = items.some(isTagItem);
    for (const [id, { ticket }] of this.#fetches) {
      if (ticket.key.distribution !== distribution) continue;
      if (!coversAny && !covers(ticket.key.uri)) continue;
      ticket.isValid = false;
      this.#fetches.delete(id);
    }
  }

  async #keep(id: string, ticket: Ticket, promise: Promise<Fetched>): Promise<Fetched> {
    try {
      const fetched = await promise;
      if (ticket.isValid) this.#keepFetched(id, ticket.key, fetched);
      return fetched;
    } finally {
      if (this.#fetches.get(id)?.ticket === ticket) this.#fetches.delete(id);
    }
  }

  #keepFetched(id: string, key: CacheKey, fetched: Fetched): void {
    if (fetched.kind === "entry") this.#store(id, key, fetched.entry);
    else this.#drop(id);
  }

  #store(id: string, key: CacheKey, entry: CacheEntry): void {
    this.#drop(id);
    const weight = weigh(key, entry);
    if (!isStorable(entry) || weight > this.#maxBytes) return;
    this.#entries.set(id, { key, entry, weight });
    this.#bytes += weight;
    for (const oldest of this.#entries.keys()) {
      if (this.#bytes <= this.#maxBytes) return;
      this.#drop(oldest);
    }
  }

  #drop(id: string): void {
    const stored = this.#entries.get(id);
    if (stored === undefined) return;
    this.#entries.delete(id);
    this.#bytes -= stored.weight;
  }
}

function identify(key: CacheKey): string {
  return `${key.distribution} ${key.accepted} ${key.uri}`;
}
