import { types } from "node:util";

/**
 * Keeps the edge alive when a function leaves a promise rejected: Node ends its process for a
 * rejection that nobody handles, in whatever context it came about. For promises of the edge itself
 * everything stays as it was. Called again, it does nothing more.
 *
 * What CloudFront makes of such a promise is not documented; here it changes nothing.
 */
export function ignoreRejectionsInside(): void {
  if (process.listeners("unhandledRejection").includes(passOnOurs)) return;
  process.on("unhandledRejection", passOnOurs);
}

function passOnOurs(reason: unknown, promise: Promise<unknown>): void {
  const isLastToAsk = process.listenerCount("unhandledRejection") === 1;
  if (isOurs(promise) && isLastToAsk) throw reason;
}

/** By the prototypes, and without `instanceof`: one may be a proxy, and would run the function's code. */
function isOurs(promise: Promise<unknown>): boolean {
  let prototype: unknown = Object.getPrototypeOf(promise);
  while (prototype !== null && !types.isProxy(prototype)) {
    if (prototype === Promise.prototype) return true;
    prototype = Object.getPrototypeOf(prototype);
  }
  return false;
}
