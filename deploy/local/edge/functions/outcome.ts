import { type Fields, type FieldsRead, isRecord, readFields, valuesOf } from "./fields.ts";
import { findHeaderFault } from "./header-rules.ts";
import type {
  FunctionEvent,
  FunctionOutcome,
  FunctionRequest,
  FunctionResponse,
} from "./viewer-function.ts";

type EventType = FunctionEvent["context"]["eventType"];
type Returned = Readonly<Record<string, unknown>>;

/** CF-DG "Restrictions on all edge functions": URI and query must be shorter than this. */
const URL_LIMIT = 8_192;

/** The same page: a query has no spaces, control characters or `#`. A uri with one is no uri either. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_IN_URL = /[\x00-\x20\x7f#]/;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for.
const NOT_IN_HEADER = /[\x00-\x08\x0a-\x1f\x7f]/;

/**
 * Holds what a handler returned against the event structure and the restrictions on edge functions.
 * A viewer-request function returns a request, which goes on, or a response, known by its statusCode;
 * a viewer-response function returns a response.
 */
export function judgeResult(
  returned: unknown,
  event: FunctionEvent,
  eventType: EventType,
): FunctionOutcome {
  if (!isRecord(returned))
    return invalid("the handler returned an array, not a request or a response");
  if ("statusCode" in returned) return judgeResponse(returned, event, eventType);
  if (eventType === "viewer-response") {
    return invalid("a viewer-response function must return a response with its statusCode");
  }
  if ("uri" in returned || "method" in returned) return judgeRequest(returned, event);
  return invalid("the object that was returned is neither a request nor a response");
}

function judgeRequest(returned: Returned, { request }: FunctionEvent): FunctionOutcome {
  const { method, uri } = returned;
  if (method !== request.method) return invalid("the method of a request is read-only");
  if (typeof uri !== "string" || !uri.startsWith("/")) {
    return invalid("the uri of a request must be a text that begins with a slash");
  }
  const query = readFields("querystring", returned.querystring, request.querystring);
  if (query.kind === "fault") return invalid(query.fault);
  const urlFault = findUrlFault(uri, query.fields, request);
  if (urlFault !== undefined) return invalid(urlFault);
  const headers = readHeaders(returned, request.headers, "viewer-request");
  if (headers.kind === "fault") return invalid(headers.fault);
  const cookies = readCookies(returned, request.cookies);
  if (cookies.kind === "fault") return invalid(cookies.fault);
  const read = { querystring: query.fields, headers: headers.fields, cookies: cookies.fields };
  return { kind: "request", request: { method: request.method, uri, ...read } };
}

function judgeResponse(
  returned: Returned,
  event: FunctionEvent,
  eventType: EventType,
): FunctionOutcome {
  const { statusCode, statusDescription } = returned;
  if (!isStatus(statusCode)) return invalid("the statusCode must be an integer from 200 to 599");
  if (!isDescription(statusDescription)) {
    return invalid("the statusDescription must be a text of one line");
  }
  const headers = readHeaders(returned, event.response?.headers ?? {}, eventType);
  if (headers.kind === "fault") return invalid(headers.fault);
  const cookies = readCookies(returned, event.response?.cookies ?? {});
  if (cookies.kind === "fault") return invalid(cookies.fault);
  const body = readBody(returned.body);
  if (body === "fault")
    return invalid("the body must be a text, or data with the encoding text or base64");
  const response: FunctionResponse = {
    statusCode,
    headers: headers.fields,
    cookies: cookies.fields,
    ...(statusDescription === undefined ? {} : { statusDescription }),
    ...(body === undefined ? {} : { body }),
  };
  return { kind: "response", response };
}

function readHeaders(returned: Returned, given: Fields, eventType: EventType): FieldsRead {
  const read = readFields("headers", returned.headers, given);
  if (read.kind === "fault") return read;
  const fault = findHeaderFault(read.fields, given, eventType) ?? findValueFault(read.fields);
  return fault === undefined ? read : { kind: "fault", fault };
}

function readCookies(returned: Returned, given: Fields): FieldsRead {
  const read = readFields("cookies", returned.cookies, given);
  if (read.kind === "fault") return read;
  const fault = findValueFault(read.fields);
  return fault === undefined ? read : { kind: "fault", fault };
}

function findValueFault(fields: Fields): string | undefined {
  const wrong = Object.entries(fields).find(([name, field]) =>
    valuesOf(field).some((one) => NOT_IN_HEADER.test(`${name}${one.value}${one.attributes ?? ""}`)),
  );
  return wrong && `the value of ${JSON.stringify(wrong[0])} has a control character`;
}

/** What was left as it came is not looked at: a viewer may have sent what a function may not. */
function findUrlFault(uri: string, query: Fields, given: FunctionRequest): string | undefined {
  const isNewUri = uri !== given.uri;
  const isNewQuery = JSON.stringify(query) !== JSON.stringify(given.querystring);
  if (isNewUri && (uri.includes("?") || NOT_IN_URL.test(uri))) {
    return "the uri of a request must have no query, fragment, space or control character";
  }
  const text = Object.entries(query)
    .flatMap(([name, field]) => valuesOf(field).map(({ value }) => `${name}=${value}`))
    .join("&");
  if (isNewQuery && NOT_IN_URL.test(text)) {
    return "the querystring has a space, a control character or a #";
  }
  const isLong = uri.length + 1 + text.length >= URL_LIMIT;
  return isLong && (isNewUri || isNewQuery)
    ? `the uri and the querystring must be shorter than ${URL_LIMIT} characters`
    : undefined;
}

/** A body given as a text alone is plain text. No size is documented for it. */
function readBody(body: unknown): FunctionResponse["body"] | "fault" {
  if (body === undefined) return undefined;
  if (typeof body === "string") return { encoding: "text", data: body };
  if (!isRecord(body) || typeof body.data !== "string") return "fault";
  const { encoding, data } = body;
  if (encoding === "text") return { encoding, data };
  return encoding === "base64" && isBase64(data) ? { encoding, data } : "fault";
}

function isBase64(data: string): boolean {
  return data.length % 4 === 0 && /^[A-Za-z0-9+/]*={0,2}$/.test(data);
}

function isStatus(status: unknown): status is number {
  return Number.isInteger(status) && Number(status) >= 200 && Number(status) <= 599;
}

function isDescription(description: unknown): description is string | undefined {
  if (description === undefined) return true;
  return typeof description === "string" && !NOT_IN_HEADER.test(description);
}

function invalid(message: string): FunctionOutcome {
  return { kind: "validation-error", message };
}
