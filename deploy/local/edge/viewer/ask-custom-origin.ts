import type { IncomingMessage } from "node:http";
import type { AcceptedCodings } from "../../../edge/compression.ts";
import { parseHttpDate } from "../../../edge/http-date.ts";
import type { Behavior, BehaviorOrigin } from "../live-distribution.ts";
import type { OriginClient } from "./custom-origin.ts";
import type { EdgeRequest } from "./edge-request.ts";
import { hasBody } from "./edge-request.ts";
import { type HeaderMap, type HeaderValue, headerLine } from "./header-map.ts";
import {
  type CopyValidators,
  discard,
  type FullAnswer,
  type OriginAnswer,
} from "./origin-answer.ts";
import { originRequestHeaders, originResponseHeaders } from "./origin-headers.ts";
import type { EdgeIdentity, Exchange } from "./send.ts";

export type CustomOrigin = Extract<BehaviorOrigin, { kind: "custom" }>;

/** One request on its way to a custom origin. */
export type OriginTrip = {
  readonly origin: CustomOrigin;
  readonly behavior: Pick<Behavior, "originRequest" | "cachePolicy">;
  readonly request: EdgeRequest;
  readonly exchange: Exchange;
};

export type CustomOrigins = {
  /** A GET on the edge's own behalf, for the cache; goes on when the viewer who caused it leaves. */
  fetch(
    trip: OriginTrip,
    asked: { readonly accepted: AcceptedCodings; readonly copy: CopyValidators | undefined },
  ): Promise<OriginAnswer>;
  /** The viewer's own request, body included, which ends when its viewer leaves. */
  relay(trip: OriginTrip): Promise<FullAnswer>;
};

/** Asks custom origins in the viewers' and in the edge's name. Both reject with OriginFailure. */
export function createCustomOrigins(client: OriginClient, identity: EdgeIdentity): CustomOrigins {
  function headersOf(trip: OriginTrip, own: HeaderMap | undefined) {
    const { origin, behavior, request, exchange } = trip;
    return originRequestHeaders(request, {
      origin,
      policy: behavior.originRequest,
      viewerIp: exchange.request.socket.remoteAddress ?? "",
      requestId: exchange.requestId,
      edgeHost: identity.host,
      own,
    });
  }

  return {
    async fetch(trip, { accepted, copy }) {
      const incoming = await client.call({
        url: new URL(trip.origin.url),
        method: "GET",
        target: targetOf(trip),
        headers: headersOf(trip, ownHeaders(trip, { accepted, copy })),
        body: undefined,
        readTimeoutMs: trip.origin.readTimeoutMs,
        signal: undefined,
      });
      const answer = answerOf(incoming, trip);
      if (answer.status !== 304 || copy === undefined) return answer;
      discard(answer);
      return { kind: "not-modified", headers: answer.headers };
    },
    async relay(trip) {
      const { request } = trip.exchange;
      // An error page is asked for with GET, whatever the viewer has asked.
      const isViewers = trip.request.method === request.method;
      const body = isViewers && hasBody(request) ? request : undefined;
      const incoming = await client.call({
        url: new URL(trip.origin.url),
        method: trip.request.method,
        target: targetOf(trip),
        headers: { ...headersOf(trip, undefined), ...(body && framing(request)) },
        body,
        readTimeoutMs: trip.origin.readTimeoutMs,
        signal: departureOf(trip.exchange),
      });
      return answerOf(incoming, trip);
    },
  };
}

/** The query goes where it is part of the key, and with the viewer's headers. */
function targetOf({ origin, behavior, request }: OriginTrip): string {
  const takesQuery = behavior.cachePolicy.query || behavior.originRequest !== "nothing";
  const query = takesQuery && request.query !== "" ? `?${request.query}` : "";
  return `${origin.path}${request.uri}${query}`;
}

function ownHeaders(
  { behavior }: OriginTrip,
  {
    accepted,
    copy,
  }: { readonly accepted: AcceptedCodings; readonly copy: CopyValidators | undefined },
): HeaderMap {
  const own: Record<string, HeaderValue> = {};
  const { gzip, brotli } = behavior.cachePolicy;
  if (gzip || brotli) own["accept-encoding"] = accepted === "" ? "identity" : accepted;
  if (copy?.etag !== undefined) own["if-none-match"] = copy.etag;
  if (copy?.lastModified !== undefined) {
    own["if-modified-since"] = new Date(copy.lastModified).toUTCString();
  }
  return own;
}

/** The body keeps the length that its viewer announced, and is chunked where none was. */
function framing({ headers }: IncomingMessage): Record<string, string> {
  const length = headers["content-length"];
  return length === undefined ? { "transfer-encoding": "chunked" } : { "content-length": length };
}

function departureOf({ response }: Exchange): AbortSignal {
  const departure = new AbortController();
  if (response.destroyed) departure.abort();
  // Once the answer has left, its connection to the origin is another viewer's.
  else response.once("close", () => response.writableFinished || departure.abort());
  return departure.signal;
}

function answerOf(incoming: IncomingMessage, { behavior }: OriginTrip): FullAnswer {
  const raw = incoming.headers as HeaderMap;
  const lastModified = headerLine(raw, "last-modified");
  const length = headerLine(raw, "content-length");
  return {
    kind: "full",
    status: incoming.statusCode ?? 502,
    headers: originResponseHeaders(raw, behavior.originRequest),
    size: length === undefined ? undefined : Number(length),
    etag: headerLine(raw, "etag"),
    lastModified: lastModified === undefined ? undefined : parseHttpDate(lastModified),
    body: { kind: "stream", stream: incoming },
  };
}
