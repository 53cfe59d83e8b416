/** One request that somebody wonders about; nothing is sent. */
export type Question = {
  readonly method: string;
  /** Whether it comes over TLS, as a path without a scheme does; on this machine everything counts as if. */
  readonly isSecure: boolean;
  /** Percent-encoded, beginning with a slash, without query. */
  readonly uri: string;
  /** Without its question mark. */
  readonly query: string;
  /** Lower case, as the Host header would say it. */
  readonly host: string;
  readonly acceptEncoding: string;
};

/** What somebody typed, as it was typed. */
export type TypedQuestion = {
  readonly url: string;
  readonly method: string;
  readonly host: string;
  readonly acceptEncoding: string;
};

export type ReadQuestion =
  | { readonly kind: "question"; readonly question: Question }
  | { readonly kind: "problem"; readonly message: string };

export const METHODS = ["GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"] as const;
/** What browsers send over TLS, which is how they reach CloudFront. */
export const DEFAULT_ACCEPT_ENCODING = "gzip, deflate, br, zstd";

/** CF-DG "Quotas": the longest URL. */
const LONGEST_URL = 8_192;
const LONGEST_HEADER = 1_000;
const LOCAL_HOST = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::|$)/;

/** The form's fields; undefined when no question was asked. */
export function typedQuestion(parameters: URLSearchParams): TypedQuestion | undefined {
  const url = parameters.get("url")?.trim();
  if (url === undefined || url === "") return undefined;
  return {
    url,
    method: parameters.get("method") ?? METHODS[0],
    host: parameters.get("host")?.trim() ?? "",
    acceptEncoding: parameters.get("accept-encoding")?.trim() ?? DEFAULT_ACCEPT_ENCODING,
  };
}

/**
 * Reads a URL or a path. What no request line can hold is percent-encoded, as browsers do; dot
 * segments and double slashes stay, because a request may have them. `host` is asked when neither
 * the URL nor the field names one.
 */
export function readQuestion(typed: TypedQuestion, host: string): ReadQuestion {
  const [, urlHost, target = ""] = /^(?:https?:\/\/([^/?#]*))?([^#]*)/i.exec(typed.url) ?? [];
  if (!METHODS.some((method) => method === typed.method)) {
    return problem(`CloudFront knows no method ${typed.method}; it knows ${METHODS.join(", ")}.`);
  }
  if (urlHost === undefined && !target.startsWith("/")) {
    return problem("That is neither a path nor a URL. Begin with a slash, or with https://.");
  }
  const mark = target.indexOf("?");
  const path = encode(mark === -1 ? target : target.slice(0, mark));
  const query = mark === -1 ? "" : encode(target.slice(mark + 1));
  if (path.length + query.length > LONGEST_URL) {
    return problem(
      `That URL is longer than ${LONGEST_URL} characters; CloudFront answers it with 413.`,
    );
  }
  const asked = (typed.host || urlHost || host).toLowerCase();
  if (!isHeader(asked) || !/^[^\s/?#@]+$/.test(asked)) {
    return problem("That is no host name. Write it as www.example.com, without path and spaces.");
  }
  if (!isHeader(typed.acceptEncoding)) {
    return problem(
      "Accept-Encoding takes plain ASCII of at most 1,000 characters, as in: gzip, br.",
    );
  }
  const { method, acceptEncoding } = typed;
  const isSecure = !/^http:/i.test(typed.url) || LOCAL_HOST.test(asked);
  const question = { method, isSecure, uri: path || "/", query, host: asked, acceptEncoding };
  return { kind: "question", question };
}

function problem(message: string): ReadQuestion {
  return { kind: "problem", message };
}

function encode(text: string): string {
  return text.toWellFormed().replace(/[^\x21-\x7e]/gu, encodeURIComponent);
}

function isHeader(text: string): boolean {
  return text.length <= LONGEST_HEADER && /^[\x20-\x7e]*$/.test(text);
}
