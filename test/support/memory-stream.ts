import { PassThrough, Writable } from "node:stream";

/** A stream that keeps what is written to it, and may say that it is a terminal. */
export class MemoryStream extends Writable {
  readonly isTTY: boolean;
  text = "";

  constructor({ isTTY = false }: { readonly isTTY?: boolean } = {}) {
    super({ decodeStrings: false });
    this.isTTY = isTTY;
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.text += chunk.toString();
    done();
  }
}

/** A keyboard: a terminal on which `lines` are typed; without a last line it is then closed. */
export function typed(...lines: readonly string[]): PassThrough & { readonly isTTY: true } {
  const keyboard = Object.assign(new PassThrough(), { isTTY: true as const });
  keyboard.end(lines.map((line) => `${line}\n`).join(""));
  return keyboard;
}
