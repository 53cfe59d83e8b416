import { createHash } from "node:crypto";
import { sameSignature, sha256, sign } from "./signing-key.ts";
import type { VerifiedSignature } from "./verify-signature.ts";

/**
 * Takes the framing off an `aws-chunked` body: `hex[;chunk-signature=…]\r\n bytes \r\n`, a chunk of
 * length 0, then trailers (S3-API "Signature calculations: transferring payload in multiple chunks").
 */
export interface ChunkDecoder {
  /** The data in these bytes. Throws a ChunkError as soon as something is wrong. */
  push(bytes: Buffer): readonly Buffer[];
  /** The trailers, names in lower case. Throws if the end of the body has not been seen. */
  finish(): ReadonlyMap<string, string>;
}

/** `signed` chunks each carry a signature that is chained to the one before. */
export type ChunkForm = {
  readonly chunks: "signed" | "unsigned";
  readonly trailer: "expected" | "none";
};

/** A body that is not framed or signed as it should be; `code` is S3's. */
export class ChunkError extends Error {
  readonly code: "IncompleteBody" | "SignatureDoesNotMatch" | "InvalidChunkSizeError";

  constructor(code: ChunkError["code"], message: string) {
    super(message);
    this.name = "ChunkError";
    this.code = code;
  }
}

const NEWLINE = 10;
const LONGEST_LINE = 8192;
/** Only the last chunk may be smaller (S3 error InvalidChunkSizeError). */
const SMALLEST_CHUNK = 8192;

type Expecting =
  | { readonly kind: "size" }
  | { readonly kind: "data"; readonly left: number }
  | { readonly kind: "data-end" }
  | { readonly kind: "trailer" }
  | { readonly kind: "nothing" };

/** A decoder for one body. */
export function createChunkDecoder(form: ChunkForm, signature: VerifiedSignature): ChunkDecoder {
  const chain = createSignatureChain(signature);
  const trailers = new Map<string, string>();
  let expecting: Expecting = { kind: "size" };
  let line = Buffer.alloc(0);
  let claimed: string | undefined;
  let sawSmallChunk = false;

  function startChunk(text: string): Expecting {
    const { size, chunkSignature } = parseChunkLine(text, form);
    claimed = chunkSignature;
    if (size === 0) {
      if (claimed !== undefined) chain.endChunk(claimed);
      return { kind: "trailer" };
    }
    if (sawSmallChunk) {
      throw new ChunkError(
        "InvalidChunkSizeError",
        "Only the last chunk is allowed to have a size less than 8192 bytes",
      );
    }
    sawSmallChunk = size < SMALLEST_CHUNK;
    return { kind: "data", left: size };
  }

  function afterLine(text: string): Expecting {
    switch (expecting.kind) {
      case "size":
        return startChunk(text);
      case "data-end":
        if (text !== "") throw incomplete("a chunk is longer than it says");
        if (claimed !== undefined) chain.endChunk(claimed);
        return { kind: "size" };
      case "trailer":
        if (text === "") return endTrailers();
        readTrailer(text, trailers);
        return expecting;
      case "data":
      case "nothing":
        throw incomplete("there are bytes behind the end of the body");
    }
  }

  function endTrailers(): Expecting {
    if (form.trailer === "none" && trailers.size > 0) throw incomplete("an unannounced trailer");
    const trailerSignature = trailers.get(TRAILER_SIGNATURE);
    trailers.delete(TRAILER_SIGNATURE);
    if (form.chunks === "signed" && form.trailer === "expected") {
      chain.endTrailers(trailers, trailerSignature ?? "");
    }
    return { kind: "nothing" };
  }

  /** Takes the bytes up to the end of a line; returns how many. */
  function takeLine(bytes: Buffer): number {
    const stop = bytes.indexOf(NEWLINE);
    const taken = stop < 0 ? bytes.length : stop + 1;
    line = Buffer.concat([line, bytes.subarray(0, taken)]);
    if (line.length > LONGEST_LINE) throw incomplete("a line of the framing is too long");
    if (stop >= 0) {
      const text = withoutEnd(line.toString("latin1"), expecting.kind);
      line = Buffer.alloc(0);
      expecting = afterLine(text);
    }
    return taken;
  }

  return {
    push(bytes) {
      const data: Buffer[] = [];
      let rest = bytes;
      while (rest.length > 0) {
        if (expecting.kind !== "data") {
          rest = rest.subarray(takeLine(rest));
          continue;
        }
        const piece = rest.subarray(0, expecting.left);
        if (form.chunks === "signed") chain.update(piece);
        data.push(piece);
        const left: number = expecting.left - piece.length;
        expecting = left > 0 ? { kind: "data", left } : { kind: "data-end" };
        rest = rest.subarray(piece.length);
      }
      return data;
    },
    finish() {
      if (expecting.kind !== "nothing") throw incomplete("the body ends too early");
      return trailers;
    },
  };
}

/** A trailer may end in a bare newline, as S3 allows; nothing else may. */
function withoutEnd(line: string, kind: Expecting["kind"]): string {
  if (kind !== "trailer" && !line.endsWith("\r\n")) {
    throw incomplete("a line of the framing does not end in CR LF");
  }
  return line.replace(/\r?\n$/, "");
}

const TRAILER_SIGNATURE = "x-amz-trailer-signature";

function parseChunkLine(
  text: string,
  form: ChunkForm,
): { readonly size: number; readonly chunkSignature: string | undefined } {
  const fields = /^([0-9a-fA-F]{1,12})(?:;chunk-signature=([0-9a-f]{64}))?$/.exec(text);
  if (fields?.[1] === undefined) throw incomplete("a chunk does not begin with its length");
  const isSigned = fields[2] !== undefined;
  if (isSigned !== (form.chunks === "signed")) {
    throw incomplete(isSigned ? "an unannounced chunk signature" : "a chunk has no signature");
  }
  return { size: Number.parseInt(fields[1], 16), chunkSignature: fields[2] };
}

function readTrailer(text: string, trailers: Map<string, string>): void {
  const colon = text.indexOf(":");
  if (colon < 1 || trailers.size >= 16) throw incomplete("a trailer cannot be read");
  trailers.set(text.slice(0, colon).trim().toLowerCase(), text.slice(colon + 1).trim());
}

function createSignatureChain(signature: VerifiedSignature) {
  const { signingKey, timestamp, scope } = signature;
  let previous = signature.signature;
  let hash = createHash("sha256");

  function check(stringToSign: readonly string[], claimed: string): void {
    const right = sign(signingKey, stringToSign.join("\n"));
    if (!sameSignature(right, claimed)) {
      throw new ChunkError(
        "SignatureDoesNotMatch",
        "The signature of a chunk does not match what we calculated.",
      );
    }
    previous = right;
  }

  return {
    update(data: Buffer): void {
      hash.update(data);
    },
    endChunk(claimed: string): void {
      const parts = ["AWS4-HMAC-SHA256-PAYLOAD", timestamp, scope, previous, sha256("")];
      check([...parts, hash.digest("hex")], claimed);
      hash = createHash("sha256");
    },
    endTrailers(trailers: ReadonlyMap<string, string>, claimed: string): void {
      const text = [...trailers].map(([name, value]) => `${name}:${value}\n`).join("");
      check(["AWS4-HMAC-SHA256-TRAILER", timestamp, scope, previous, sha256(text)], claimed);
    },
  };
}

function incomplete(message: string): ChunkError {
  return new ChunkError("IncompleteBody", `The request body terminated unexpectedly: ${message}`);
}
