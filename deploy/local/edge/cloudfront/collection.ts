import type { RecordFiles } from "./record-files.ts";

/** The resources of one kind: in memory to be read, on disk before a change counts. */
export interface Collection<R extends { readonly id: string }> {
  /** In the order of their making. */
  list(): readonly R[];
  get(id: string): R | undefined;
  /** Durable, and seen by `list` and `get`, when it resolves; unchanged when it rejects. */
  put(record: R): Promise<void>;
  remove(id: string): Promise<void>;
}

/** Takes up where the saved records end; `onChange` is told after each change, before anybody waits on it. */
export function createCollection<
  R extends { readonly id: string; readonly createdAt: number },
>(dependencies: {
  readonly files: RecordFiles<R>;
  readonly saved: readonly R[];
  readonly onChange: () => void;
}): Collection<R> {
  const { files, saved, onChange } = dependencies;
  const byId = new Map<string, R>();
  const inOrder = saved.toSorted((a, b) => a.createdAt - b.createdAt || compare(a.id, b.id));
  for (const record of inOrder) byId.set(record.id, record);
  return {
    list: () => [...byId.values()],
    get: (id) => byId.get(id),
    async put(record) {
      await files.save(record);
      byId.set(record.id, record);
      onChange();
    },
    async remove(id) {
      await files.remove(id);
      byId.delete(id);
      onChange();
    },
  };
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
