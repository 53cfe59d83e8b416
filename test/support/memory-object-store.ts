import { SlipwayError } from "../../deploy/core/errors.ts";
import type { ObjectHeaders } from "../../deploy/core/headers.ts";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import type { ConditionalWrite, ObjectStore, Stored, WriteCondition } from "../../deploy/ports.ts";

type MemoryObject = {
  readonly content: string;
  readonly headers: ObjectHeaders | undefined;
  readonly body: Uint8Array;
  readonly etag: string;
};

/**
 * A bucket in memory that writes down what was asked of it, and fails on demand: give `failOn` the
 * start of a call as the log has it, such as "put a.html".
 */
export type MemoryObjectStore = ObjectStore & {
  readonly objects: ReadonlyMap<string, MemoryObject>;
  readonly log: readonly string[];
  failOn: (call: string) => boolean;
  /** Someone else's write, past the port. */
  tamper(key: string): void;
};

export function createMemoryObjectStore(log: string[] = []): MemoryObjectStore {
  const objects = new Map<string, MemoryObject>();
  let writes = 0;

  const store = (
    key: string,
    content: string,
    headers?: ObjectHeaders,
    body = new Uint8Array(),
  ): Stored => {
    writes += 1;
    const etag = `"${writes}"`;
    objects.set(key, { content, headers, body, etag });
    return { etag };
  };

  const call = (text: string) => {
    log.push(text);
    if (!memory.failOn(text)) return;
    throw new SlipwayError("cloud", { what: `${text} failed`, why: "told to", next: "again" });
  };

  const holds = (key: string, condition: WriteCondition | undefined): boolean => {
    if (condition === undefined) return true;
    const current = objects.get(key);
    if (condition.kind === "absent") return current === undefined;
    return current?.etag === condition.etag;
  };

  const memory: MemoryObjectStore = {
    objects,
    log,
    failOn: () => false,
    tamper: (key) => {
      store(key, "tampered");
    },
    async putFile(file) {
      call(`put ${file.key}`);
      return store(file.key, file.fingerprint.content, file.headers);
    },
    async replaceHeaders(key, headers, etag): Promise<ConditionalWrite> {
      call(`headers ${key}`);
      const current = objects.get(key);
      if (current === undefined || current.etag !== etag) return { kind: "moved" };
      return { kind: "written", stored: store(key, current.content, headers) };
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
    async readState(key) {
      call(`read ${key}`);
      const found = objects.get(key);
      return found === undefined ? undefined : { body: found.body, etag: found.etag };
    },
    async writeState(key, bytes, condition): Promise<ConditionalWrite> {
      const body = new Uint8Array(bytes);
      call(`write ${key.replace(/releases\/.*/, "releases/ID.json")}`);
      if (!holds(key, condition)) return { kind: "moved" };
      return { kind: "written", stored: store(key, "state", undefined, body) };
    },
  };
  return memory;
}
