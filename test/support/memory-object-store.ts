import { SlipwayError } from "../../deploy/core/errors.ts";
import type { ObjectHeaders } from "../../deploy/core/headers.ts";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import { compareKeys } from "../../deploy/core/keys.ts";
import type {
  ConditionalWrite,
  ObjectStore,
  StateStore,
  Stored,
  VersionStore,
  WriteCondition,
} from "../../deploy/ports.ts";

type MemoryObject = {
  readonly content: string;
  readonly headers: ObjectHeaders | undefined;
  readonly body: Uint8Array;
  readonly etag: string;
  readonly size: number;
};

/**
 * A bucket in memory that writes down what was asked of it, and fails on demand: give `failOn` the
 * start of a call as the log has it, such as "put a.html".
 */
export type MemoryObjectStore = ObjectStore & {
  /** Slipway's own records, in the same bucket. */
  readonly state: StateStore;
  readonly versions: VersionStore;
  /** What a lifecycle rule does. */
  expireVersions(): void;
  readonly objects: ReadonlyMap<string, MemoryObject>;
  readonly log: readonly string[];
  failOn: (call: string) => boolean;
  /** Someone else's write, past the port. */
  tamper(key: string, body?: Uint8Array): void;
};

export function createMemoryObjectStore(log: string[] = []): MemoryObjectStore {
  const objects = new Map<string, MemoryObject>();
  const versions = new Map<string, MemoryObject>();
  let writes = 0;

  const store = (key: string, object: Partial<MemoryObject>): Stored => {
    writes += 1;
    const etag = `"${writes}"`;
    const nothing = { content: "", headers: undefined, body: new Uint8Array(), size: 0 };
    const stored = { ...nothing, ...object, etag };
    const versionId = `v${writes}`;
    objects.set(key, stored);
    versions.set(versionId, stored);
    return { etag, versionId };
  };

  const call = (text: string) => {
    log.push(text);
    if (!memory.failOn(text)) return;
    throw new SlipwayError("cloud", { what: `${text} failed`, why: "told to", next: "again" });
  };

  const holds = (key: string, condition: WriteCondition): boolean => {
    const current = objects.get(key);
    if (condition.kind === "absent") return current === undefined;
    return current?.etag === condition.etag;
  };

  const memory: MemoryObjectStore = {
    objects,
    log,
    failOn: () => false,
    expireVersions: () => versions.clear(),
    versions: {
      async has(_, versionId) {
        return versions.has(versionId);
      },
    },
    tamper: (key, body = new Uint8Array()) => {
      store(key, { content: "tampered", body: new Uint8Array(body) });
    },
    async putFile(file) {
      call(`put ${file.key}`);
      const { origin, size, fingerprint } = file;
      if (origin.kind === "version")
        return store(file.key, versions.get(origin.versionId) ?? gone());
      return store(file.key, { content: fingerprint.content, headers: origin.headers, size });
    },
    async replaceHeaders(key, { headers, etag }): Promise<ConditionalWrite> {
      call(`headers ${key}`);
      const current = objects.get(key);
      if (current === undefined || current.etag !== etag) return { kind: "moved" };
      return { kind: "written", stored: store(key, { ...current, headers }) };
    },
    async remove(keys: readonly ObjectKey[]) {
      call(`remove ${keys.join(" ")}`);
      return keys.map((key) => {
        if (memory.failOn(`removal of ${key}`)) {
          return { key, kind: "failed", code: "AccessDenied", message: "told to" };
        }
        objects.delete(key);
        return { key, kind: "removed" };
      });
    },
    async list({ prefix, after, upTo }) {
      call(`list ${prefix}`);
      return [...objects.keys()]
        .filter((key) => key.startsWith(prefix))
        .filter((key) => after === undefined || compareKeys(key, after) > 0)
        .filter((key) => upTo === undefined || compareKeys(key, upTo) <= 0)
        .sort(compareKeys)
        .map((key) => {
          const { etag = "", size = 0 } = objects.get(key) ?? {};
          return { key: key as ObjectKey, etag, size };
        });
    },
    async read(key) {
      call(`get ${key}`);
      return objects.get(key)?.body;
    },
    state: {
      async read(key, known) {
        call(`read ${key}`);
        const found = objects.get(key);
        if (found === undefined) return { kind: "absent" };
        if (found.etag === known) return { kind: "unchanged" };
        return { kind: "found", body: found.body, etag: found.etag };
      },
      async write(key, bytes, condition): Promise<ConditionalWrite> {
        call(`write ${key.replace(/releases\/.*/, "releases/ID.json")}`);
        if (!holds(key, condition)) return { kind: "moved" };
        const content = { content: "state", body: new Uint8Array(bytes) };
        return { kind: "written", stored: store(key, content) };
      },
      async remove(key, etag) {
        call(`remove ${key}`);
        if (objects.get(key)?.etag !== etag) return false;
        objects.delete(key);
        return true;
      },
    },
  };
  return memory;
}

function gone(): never {
  const next = "Deploy that commit again.";
  throw new SlipwayError("cloud", { what: "That version is gone", why: "it expired", next });
}
