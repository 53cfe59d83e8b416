import type { IncomingMessage, ServerResponse } from "node:http";

export type ViewAnswer = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Nothing but the view's own files, no frame around it, and nobody else may embed or read it. */
const HEADERS = {
  "content-security-policy":
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; " +
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-frame-options": "DENY",
  "x-robots-tag": "noindex",
  "cache-control": "no-store",
};

export function plainText(
  status: number,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): ViewAnswer {
  return { status, type: "text/plain; charset=utf-8", body: `${message}\n`, headers };
}

/** Sends the answer; to HEAD without its body. */
export function sendViewAnswer(
  { method }: IncomingMessage,
  response: ServerResponse,
  { status, type, body, headers = {} }: ViewAnswer,
): void {
  const length = String(Buffer.byteLength(body));
  response.writeHead(status, {
    ...HEADERS,
    ...headers,
    "content-type": type,
    "content-length": length,
  });
  response.end(method === "HEAD" ? undefined : body);
}
