/** How many messages of a kind. */
export type KindCount = { readonly kind: string; readonly count: number };

/** Counts by kind. */
export class KindTally {
  readonly #counts = new Map<string, number>();

  add(kind: string): void {
    this.#counts.set(kind, (this.#counts.get(kind) ?? 0) + 1);
  }

  /** Most messages first. */
  list(): readonly KindCount[] {
    return [...this.#counts]
      .map(([kind, count]) => ({ kind, count }))
      .sort((a, b) => b.count - a.count || (a.kind < b.kind ? -1 : 1));
  }
}
