import {
  type AcceptedCodings,
  type Coding,
  chooseCoding,
  isCompressible,
  weakened,
} from "../../../edge/compression.ts";
import { type HeaderMap, headerLine } from "./header-map.ts";
import type { FullAnswer } from "./origin-answer.ts";
import { storedHeaders } from "./stored-headers.ts";

/** An origin's answer as viewers who take the same codings get it, but for its bytes. */
export type Variant = {
  readonly coding: Coding;
  /** Weak when the bytes are compressed here. */
  readonly etag: string | undefined;
  /** Before policy and function. */
  readonly headers: HeaderMap;
};

/** What an answer becomes; `compress`: whether its behavior compresses and its cache keeps anything. */
export function variantOf(
  answer: Omit<FullAnswer, "kind" | "body">,
  { accepted, compress }: { readonly accepted: AcceptedCodings; readonly compress: boolean },
): Variant {
  const candidate = {
    status: answer.status,
    contentType: headerLine(answer.headers, "content-type"),
    contentEncoding: headerLine(answer.headers, "content-encoding"),
    size: compress ? answer.size : undefined,
  };
  const coding = chooseCoding(accepted, candidate);
  const isWhole = coding === "identity" || answer.etag === undefined;
  const etag = isWhole ? answer.etag : weakened(answer.etag);
  const varies = isCompressible(candidate);
  return { coding, etag, headers: storedHeaders(answer, { coding, etag, varies }) };
}
