import type { IncomingMessage } from "node:http";

const LOCAL_NAMES = /^(?:localhost|127\.0\.0\.1|\[::1\])(?::\d{1,5})?$/i;
const LOOPBACK = /^(?:::ffff:)?127\.|^::1$/;
/** A program that forwards other people's requests says so in one of these. */
const FORWARDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "via"];

/**
 * Whether somebody on this machine asks for this machine by its name. The name counts because a page
 * elsewhere may give its own name the address 127.0.0.1 and would then read what is answered.
 */
export function isLocalRequest({ headers, socket }: IncomingMessage): boolean {
  return (
    LOCAL_NAMES.test(headers.host ?? "") &&
    LOOPBACK.test(socket.remoteAddress ?? "") &&
    FORWARDED.every((name) => headers[name] === undefined)
  );
}
