import { createHash } from "node:crypto";
import { Readable } from "node:stream";
import type { ByteRange, Origin, OriginObject } from "../../deploy/local/edge/origin.ts";

type Put = {
  readonly headers?: Readonly<Record<string, string>>;
  readonly lastModified?: Date;
  /** Announced instead of the true one. */
  readonly size?: number;
};

/**
 * A bucket in memory that counts what is asked of it, and fails or waits on demand. Objects that
 * were replaced lose their bytes, as in a bucket without versions.
 */
export class MemoryOrigin implements Origin {
  readonly #objects = new Map<string, { object: OriginObject; drop: () => void }>();
  /** Keys asked for, in order. */
  readonly asked: string[] = [];
  /** How often bytes were opened. */
  opened = 0;
  /** Streams opened and not yet closed. */
  streaming = 0;
  /** When set, every look-up fails with it. */
  failure: Error | undefined;
  /** When set, look-ups have read the object but answer only once it resolves. */
  hold: Promise<void> | undefined;
  /** When set, streams give their first bytes only once it resolves. */
  holdBytes: Promise<void> | undefined;

  put(key: string, body: string | Buffer, { headers = {}, lastModified, size }: Put = {}): void {
    const bytes = Buffer.from(body);
    let gone = false;
    this.#objects.get(key)?.drop();
    const object: OriginObject = {
      size: size ?? bytes.length,
      etag: `"${createHash("md5").update(bytes).digest("hex")}"`,
      lastModified: lastModified ?? new Date("2026-01-01T00:00:00Z"),
      headers: { "content-type": "text/html; charset=utf-8", ...headers },
      open: (range) => this.#open(bytes, () => gone, range),
    };
    this.#objects.set(key, {
      object,
      drop: () => {
        gone = true;
      },
    });
  }

  /** The object stays listed, but its bytes can be opened no more. */
  loseBytes(key: string): void {
    this.#objects.get(key)?.drop();
  }

  remove(key: string): void {
    this.loseBytes(key);
    this.#objects.delete(key);
  }

  async get(key: string): Promise<OriginObject | undefined> {
    this.asked.push(key);
    if (this.failure !== undefined) throw this.failure;
    const object = this.#objects.get(key)?.object;
    await this.hold;
    return object;
  }

  #open(bytes: Buffer, gone: () => boolean, range?: ByteRange): Readable {
    this.opened += 1;
    if (gone()) {
      return new Readable({
        read() {
          this.destroy(new Error("ENOENT: /secret/path"));
        },
      });
    }
    this.streaming += 1;
    const wanted = range === undefined ? bytes : bytes.subarray(range.start, range.end + 1);
    let sent = 0;
    const origin = this;
    return new Readable({
      async read(size) {
        await origin.holdBytes;
        const chunk = wanted.subarray(sent, sent + size);
        sent += chunk.length;
        this.push(chunk.length === 0 ? null : chunk);
      },
      destroy(error, done) {
        origin.streaming -= 1;
        done(error);
      },
    });
  }
}
