import type { Readable } from "node:stream";
import type { OriginObject } from "../origin.ts";
import type { HeaderMap } from "./header-map.ts";

/** What an origin says to one question of the edge. */
export type OriginAnswer =
  /** 304: the edge's copy is still good; the headers carry its new lifetime. */
  { readonly kind: "not-modified"; readonly headers: HeaderMap } | FullAnswer;

export type FullAnswer = {
  readonly kind: "full";
  readonly status: number;
  readonly headers: HeaderMap;
  /** Bytes of the body, as announced; undefined where the origin does not say. */
  readonly size: number | undefined;
  readonly etag: string | undefined;
  /** Milliseconds since 1970. */
  readonly lastModified: number | undefined;
  readonly body: OriginBody;
};

export type OriginBody =
  /** A stored object, which can be opened again for each viewer. */
  | { readonly kind: "object"; readonly object: OriginObject }
  | { readonly kind: "bytes"; readonly bytes: Buffer }
  /** Read once. Whoever does not read it to its end destroys it. */
  | { readonly kind: "stream"; readonly stream: Readable };

/** The validators of the edge's own copy, which make a question conditional. */
export type CopyValidators = {
  readonly etag: string | undefined;
  readonly lastModified: number | undefined;
};

/** Puts the question to the origin. Rejects with OriginFailure when no answer comes. */
export type AskOrigin = (copy: CopyValidators | undefined) => Promise<OriginAnswer>;

/**
 * The origin gave no answer: 502 when it cannot be reached or says nonsense, 504 when it takes too
 * long (CF-DG "HTTP 502 status code", "HTTP 504 status code").
 */
export class OriginFailure extends Error {
  readonly status: 502 | 504;

  constructor(status: 502 | 504, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = "OriginFailure";
    this.status = status;
  }
}

/** Ends an answer that nobody will read. */
export function discard(answer: OriginAnswer): void {
  if (answer.kind === "full" && answer.body.kind === "stream") answer.body.stream.destroy();
}
