import type { Readable } from "node:stream";
import type { ByteRange, OriginObject } from "../origin.ts";
import type { HeaderMap } from "./header-map.ts";

/** One answer to a viewer, but for the headers that every answer gets. */
export type Answer = {
  readonly status: number;
  /** The reason phrase; that of the status where there is none. */
  readonly statusText?: string | undefined;
  readonly headers: HeaderMap;
  readonly result: ResultType;
  readonly body: AnswerBody;
  /** The connection ends after this answer, because the request was not read to its end. */
  readonly close?: boolean;
};

export type AnswerBody =
  | { readonly kind: "none" }
  | { readonly kind: "bytes"; readonly chunks: readonly Buffer[] }
  | { readonly kind: "object"; readonly object: OriginObject; readonly range?: ByteRange }
  /** A custom origin's body, passed on as it comes. */
  | { readonly kind: "relay"; readonly stream: Readable };

/**
 * The first word of X-Cache (CF-DG "Standard log reference", x-edge-result-type; those of functions
 * are as seen on answers of CloudFront, and in no document).
 */
export type ResultType =
  | "Hit"
  | "Miss"
  | "RefreshHit"
  | "Error"
  | "Redirect"
  | "FunctionGeneratedResponse"
  | "FunctionExecutionError"
  | "FunctionValidationError";

/** Ends the origin's stream of an answer that nobody will see. */
export function dropAnswer({ body }: Answer): void {
  if (body.kind === "relay") body.stream.destroy();
}
