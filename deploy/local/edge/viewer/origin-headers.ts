import type { Behavior, BehaviorOrigin } from "../live-distribution.ts";
import type { EdgeRequest } from "./edge-request.ts";
import { type HeaderMap, type HeaderValue, headerLine, withoutHeaders } from "./header-map.ts";

/** Of one connection only (RFC 9110 7.6.1), and never passed on in either direction. */
const HOP_BY_HOP = [
  "connection",
  "keep-alive",
  "proxy-authenticate",
  "proxy-authorization",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
] as const;

/** CF-DG "Request and response behavior for custom origins": removed or replaced on the way. */
const NOT_FORWARDED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  "content-length",
  "expect",
  "host",
  "via",
  "x-amz-cf-id",
  "x-forwarded-for",
  "x-forwarded-proto",
  "x-real-ip",
]);

/** What an origin gets of the viewer's headers even when no policy asks for any: those of the body. */
const OF_THE_BODY = ["content-type", "content-encoding", "content-language"] as const;
const CONDITIONS = [
  "if-match",
  "if-modified-since",
  "if-none-match",
  "if-range",
  "if-unmodified-since",
  "range",
] as const;
const CONDITIONAL: ReadonlySet<string> = new Set(CONDITIONS);

type CustomOrigin = Extract<BehaviorOrigin, { kind: "custom" }>;

/**
 * The headers of a question to a custom origin. The viewer's go as far as the origin request policy
 * lets them; the origin's configured headers win over all (CF-DG "Request and response behavior for
 * custom origins", "Add custom headers to origin requests").
 */
export function originRequestHeaders(
  request: EdgeRequest,
  parts: {
    readonly origin: CustomOrigin;
    readonly policy: Behavior["originRequest"];
    readonly viewerIp: string;
    readonly requestId: string;
    /** The edge's host in Via. */
    readonly edgeHost: string;
    /** What the edge asks on its own behalf rather than the viewer's: conditions, its codings. */
    readonly own: HeaderMap | undefined;
  },
): Record<string, HeaderValue> {
  const { origin, policy, own } = parts;
  const viewers = viewerHeaders(request, policy);
  const headers: Record<string, HeaderValue> = {
    ...(own === undefined ? viewers : withoutHeaders(viewers, CONDITIONAL)),
    ...own,
  };
  const viewersHost = policy === "all-viewer" ? headerLine(request.headers, "host") : undefined;
  headers.host = viewersHost ?? new URL(origin.url).host;
  headers["user-agent"] ??= "Amazon CloudFront";
  headers.via = appended(
    request.headers,
    "via",
    `${request.httpVersion} ${parts.edgeHost} (CloudFront)`,
  );
  headers["x-forwarded-for"] = appended(request.headers, "x-forwarded-for", parts.viewerIp);
  headers["x-amz-cf-id"] = parts.requestId;
  return { ...headers, ...origin.headers };
}

function viewerHeaders({ headers }: EdgeRequest, policy: Behavior["originRequest"]): HeaderMap {
  switch (policy) {
    case "nothing":
      return pick(headers, [...OF_THE_BODY, ...CONDITIONS]);
    case "all-viewer":
    case "all-viewer-except-host":
      return forwardable(headers);
  }
}

/** The headers that belong to one connection too, because it says so (RFC 9110 7.6.1). */
function connectionOptions(headers: HeaderMap): readonly string[] {
  const options = headerLine(headers, "connection")?.toLowerCase().split(",") ?? [];
  return options.map((option) => option.trim());
}

function forwardable(headers: HeaderMap): HeaderMap {
  const named = connectionOptions(headers);
  const kept: Record<string, HeaderValue> = {};
  for (const [name, value] of Object.entries(headers)) {
    if (NOT_FORWARDED.has(name) || named.includes(name) || name.startsWith("x-edge-")) continue;
    kept[name] = value;
  }
  return kept;
}

function pick(headers: HeaderMap, names: readonly string[]): HeaderMap {
  const picked: Record<string, HeaderValue> = {};
  for (const name of names) {
    const value = headers[name];
    if (value !== undefined) picked[name] = value;
  }
  return picked;
}

function appended(headers: HeaderMap, name: string, value: string): string {
  const before = headerLine(headers, name);
  return before === undefined ? value : `${before}, ${value}`;
}

const NOT_RETURNED: ReadonlySet<string> = new Set([
  ...HOP_BY_HOP,
  "x-cache",
  "x-amz-cf-id",
  "x-amz-cf-pop",
]);

/**
 * The origin's headers as they go on to viewers. Cookies are dropped and Vary names no header but
 * Accept-Encoding where the viewers' were not forwarded (CF-DG same page).
 */
export function originResponseHeaders(
  headers: HeaderMap,
  policy: Behavior["originRequest"],
): HeaderMap {
  const named = connectionOptions(headers);
  const kept = withoutHeaders(headers, new Set([...NOT_RETURNED, ...named]));
  if (policy !== "nothing") return kept;
  const { "set-cookie": _, vary: __, ...rest } = kept;
  const varies = /(^|[,\s])accept-encoding($|[,\s])/i.test(headerLine(headers, "vary") ?? "");
  return varies ? { ...rest, vary: "Accept-Encoding" } : rest;
}
