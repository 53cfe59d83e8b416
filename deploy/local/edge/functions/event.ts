import { isUtf8 } from "node:buffer";
import { STATUS_CODES } from "node:http";
import { parseQueryString } from "../../../edge/query.ts";
import {
  readCookieHeaders,
  readSetCookies,
  writeCookieHeader,
  writeSetCookies,
} from "./cookies.ts";
import { asField, type Fields, valuesOf } from "./fields.ts";
import { isDisallowed } from "./header-rules.ts";
import type { FunctionEvent, FunctionRequest, FunctionResponse } from "./viewer-function.ts";

/** A request as node:http received it. */
export type ReceivedRequest = {
  readonly method: string;
  /** Path and perhaps `?` and query, as sent: no scheme, no host. */
  readonly target: string;
  /** Names and values by turns, as `IncomingMessage.rawHeaders`. */
  readonly rawHeaders: readonly string[];
  readonly ip: string;
};

/** Whose request it is, in the words of the event's context. */
export type EventContext = {
  readonly distributionDomainName: string;
  readonly distributionId: string;
  readonly requestId: string;
};

/** Header values by lower-case name; several for headers that came or go out several times. */
export type HeaderValues = Readonly<Record<string, string | readonly string[]>>;

/** An answer on its way to a function or back. */
export type AnswerHead = { readonly status: number; readonly headers: HeaderValues };

export type AppliedRequest = {
  /** Still percent-encoded. */
  readonly uri: string;
  /** Without `?`; "" if there is none. */
  readonly query: string;
  /** With `cookie`, if there are cookies. Those headers that no function is shown are not among them. */
  readonly headers: HeaderValues;
};

export type AppliedResponse = AnswerHead & {
  readonly statusDescription: string;
  /** What the function wants told instead of the body; undefined leaves the body as it is. */
  readonly body: Buffer | undefined;
};

/**
 * The event of a viewer-request function (CF-DG "CloudFront Functions event structure"). Headers that
 * a function may not see are left out; a path or query that is not UTF-8 is read as ISO-8859-1.
 */
export function requestEvent(received: ReceivedRequest, context: EventContext): FunctionEvent {
  const { path, query } = splitTarget(received.target);
  const { cookie = [], ...headers } = groupHeaders(received.rawHeaders);
  return {
    version: "1.0",
    context: { ...context, eventType: "viewer-request" },
    viewer: { ip: received.ip },
    request: {
      method: received.method,
      uri: asUtf8(path),
      querystring: parseQueryString(asUtf8(query)),
      headers: asFields(headers),
      cookies: readCookieHeaders(cookie),
    },
  };
}

/**
 * The event of a viewer-response function: the event of the same request, its request as it was after
 * the viewer-request function, and the answer. Whether CloudFront shows that request or the one that
 * was received is not documented.
 */
export function responseEvent(
  event: FunctionEvent,
  request: FunctionRequest,
  answer: AnswerHead,
): FunctionEvent {
  const { "set-cookie": setCookie = [], ...headers } = answer.headers;
  return {
    ...event,
    context: { ...event.context, eventType: "viewer-response" },
    request,
    response: {
      statusCode: answer.status,
      statusDescription: STATUS_CODES[answer.status] ?? "",
      headers: asFields(headers),
      cookies: readSetCookies([setCookie].flat()),
    },
  };
}

/**
 * A request after its function. A query that the function left alone is the one that was received,
 * letter for letter; a changed one is written name by name, always with `=`.
 */
export function appliedRequest(after: FunctionRequest, received: ReceivedRequest): AppliedRequest {
  const { query } = splitTarget(received.target);
  const untouched = JSON.stringify(parseQueryString(asUtf8(query)));
  const isUntouched = JSON.stringify(after.querystring) === untouched;
  const cookie = writeCookieHeader(after.cookies);
  return {
    uri: after.uri,
    query: isUntouched ? query : writeQuery(after.querystring),
    headers: { ...writeHeaders(after.headers), ...(cookie === "" ? {} : { cookie }) },
  };
}

/** An answer after, or by, a function. A content-length is left to whoever knows the body. */
export function appliedResponse(after: FunctionResponse): AppliedResponse {
  const headers = writeHeaders(after.headers ?? {});
  const setCookie = [
    ...[headers["set-cookie"] ?? []].flat(),
    ...writeSetCookies(after.cookies ?? {}),
  ];
  return {
    status: after.statusCode,
    statusDescription: after.statusDescription ?? STATUS_CODES[after.statusCode] ?? "",
    headers: setCookie.length === 0 ? headers : { ...headers, "set-cookie": setCookie },
    body: after.body && Buffer.from(after.body.data, ENCODINGS[after.body.encoding]),
  };
}

const ENCODINGS = { text: "utf8", base64: "base64" } as const;

function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const mark = target.indexOf("?");
  if (mark < 0) return { path: target, query: "" };
  return { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** node:http hands a target over with a character for each byte. */
function asUtf8(text: string): string {
  const bytes = Buffer.from(text, "latin1");
  return isUtf8(bytes) ? bytes.toString("utf8") : text;
}

function groupHeaders(rawHeaders: readonly string[]): Record<string, string[]> {
  const groups = new Map<string, string[]>();
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const name = (rawHeaders[at] ?? "").toLowerCase();
    groups.set(name, [...(groups.get(name) ?? []), rawHeaders[at + 1] ?? ""]);
  }
  return Object.fromEntries(groups);
}

function asFields(headers: HeaderValues): Fields {
  const fields = Object.entries(headers).flatMap(([name, values]) => {
    const [first, ...others] = [values].flat();
    if (first === undefined || isDisallowed(name)) return [];
    return [[name, asField([{ value: first }, ...others.map((value) => ({ value }))])] as const];
  });
  return Object.fromEntries(fields);
}

function writeHeaders(fields: Fields): HeaderValues {
  const headers = Object.entries(fields).map(([name, field]) => {
    const values = valuesOf(field).map(({ value }) => value);
    return [name, values.length === 1 ? (values[0] ?? "") : values] as const;
  });
  return Object.fromEntries(headers);
}

function writeQuery(querystring: Fields): string {
  const pairs = Object.entries(querystring).flatMap(([name, field]) =>
    valuesOf(field).map(({ value }) => `${name}=${value}`),
  );
  return pairs.join("&");
}
