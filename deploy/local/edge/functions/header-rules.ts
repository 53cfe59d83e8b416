import type { FunctionEvent, FunctionValue } from "./viewer-function.ts";

type EventType = FunctionEvent["context"]["eventType"];
type Headers = Readonly<Record<string, FunctionValue>>;

/**
 * CF-DG "Restrictions on all edge functions", disallowed headers: not shown to a function, and a
 * function that adds one is answered with 502.
 */
const DISALLOWED =
  /^(?:connection|expect|keep-alive|proxy-(?:authenticate|authorization|connection)|trailer|upgrade|x-accel-(?:buffering|charset|limit-rate|redirect)|x-amz-cf-.*|x-amzn-(?:auth|cf-billing|cf-id|cf-xff|errortype|fle-profile|header-count|header-order|lambda-integration-tag|requestid)|x-cache|x-edge-.*|x-forwarded-proto|x-real-ip)$/;

/** The same page, read-only headers: they can't be added, modified or deleted. */
const READ_ONLY: Readonly<Record<EventType, readonly string[]>> = {
  "viewer-request": ["content-length", "host", "transfer-encoding", "via"],
  "viewer-response": ["warning", "via"],
};

/** RFC 9110 5.6.2 in lower case, as the event structure asks for names. */
const NAME = /^[!#$%&'*+.^_`|~0-9a-z-]+$/;

/** Whether a header is kept from functions; `name` in lower case. */
export function isDisallowed(name: string): boolean {
  return DISALLOWED.test(name);
}

/** What is wrong with the headers a function returned, compared with those it was given, if anything. */
export function findHeaderFault(
  returned: Headers,
  given: Headers,
  eventType: EventType,
): string | undefined {
  for (const name of Object.keys(returned)) {
    if (!NAME.test(name)) return nameFault(name);
    if (isDisallowed(name)) return `the header ${name} is not allowed in a function`;
  }
  const changed = READ_ONLY[eventType].find(
    (name) => JSON.stringify(own(returned, name)) !== JSON.stringify(own(given, name)),
  );
  return changed === undefined
    ? undefined
    : `the header ${changed} is read-only in a ${eventType} function`;
}

function nameFault(name: string): string {
  return NAME.test(name.toLowerCase())
    ? `the header name ${name} must be in lower case`
    : `${JSON.stringify(name)} is not a header name`;
}

function own(headers: Headers, name: string): FunctionValue | undefined {
  return Object.hasOwn(headers, name) ? headers[name] : undefined;
}
