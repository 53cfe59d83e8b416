import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CACHING_OPTIMIZED,
  errorTtl,
  mayServeStaleOnError,
  objectTtl,
} from "../../deploy/edge/freshness.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const DAY = 86_400;
const YEAR = 31_536_000;
const NO_MINIMUM = { min: 0, default: DAY, max: YEAR };

describe("an object is kept, with CachingOptimized,", () => {
  it.each([
    ["a day when the origin says nothing", {}, DAY],
    ["a day when Cache-Control has no age", { cacheControl: "public" }, DAY],
    ["for max-age", { cacheControl: "public, max-age=300" }, 300],
    ["for s-maxage rather than max-age", { cacheControl: "max-age=300, s-maxage=60" }, 60],
    [
      "for max-age rather than Expires",
      { cacheControl: "max-age=300", expires: "Sun, 01 Mar 2026 13:00:00 GMT" },
      300,
    ],
    ["until Expires", { expires: "Sun, 01 Mar 2026 13:00:00 GMT" }, 3_600],
    ["until an Expires of RFC 850", { expires: "Sunday, 01-Mar-26 13:00:00 GMT" }, 3_600],
    ["until an Expires of asctime", { expires: "Sun Mar  1 13:00:00 2026" }, 3_600],
    ["a second when Expires is past", { expires: "Sun, 01 Mar 2026 11:00:00 GMT" }, 1],
    ["a second when Expires is no date", { expires: "0" }, 1],
    ["a second for max-age=0", { cacheControl: "public, max-age=0, must-revalidate" }, 1],
    ["a second for no-cache", { cacheControl: "no-cache" }, 1],
    ["a second for no-store, whatever the age", { cacheControl: "no-store, max-age=300" }, 1],
    [
      "a second for private with a field name",
      { cacheControl: 'private="set-cookie", max-age=300' },
      1,
    ],
    ["at most a year", { cacheControl: "max-age=99999999999" }, YEAR],
    ["for an age in quotes", { cacheControl: 'max-age="300"' }, 300],
    ["for an age whatever the case", { cacheControl: "Max-Age=300" }, 300],
    ["for the first of two ages", { cacheControl: "max-age=300, max-age=1" }, 300],
    ["a day when the age is no number", { cacheControl: "max-age=soon" }, DAY],
    ["a day when the age is negative", { cacheControl: "max-age=-1" }, DAY],
    [
      "a day when the age is only quoted in another value",
      { cacheControl: 'ext="max-age=1"' },
      DAY,
    ],
  ])("%s", (_rule, headers, seconds) => {
    expect(objectTtl(headers, CACHING_OPTIMIZED, NOW)).toBe(seconds);
  });
});

describe("an object is kept, with a minimum of 0,", () => {
  it.each([
    ["not at all for no-store", { cacheControl: "no-store" }, 0],
    ["not at all for max-age=0", { cacheControl: "max-age=0" }, 0],
    ["a day when the origin says nothing", {}, DAY],
  ])("%s", (_rule, headers, seconds) => {
    expect(objectTtl(headers, NO_MINIMUM, NOW)).toBe(seconds);
  });
});

describe("an error is kept", () => {
  it.each([
    ["10 seconds for 404", 404, undefined, 10],
    ["10 seconds for 502", 502, undefined, 10],
    ["for a longer max-age", 404, "max-age=60", 60],
    ["10 seconds for a shorter max-age", 404, "max-age=1", 10],
    ["not at all for 404 with no-store", 404, "no-store", 0],
    ["10 seconds for 500 although no-store", 500, "no-store", 10],
    ["not at all for 403 without an age", 403, undefined, 0],
    ["for max-age with 403", 403, "max-age=60", 60],
    ["never for 416", 416, "max-age=60", 0],
  ])("%s", (_rule, status, cacheControl, seconds) => {
    const limits = { cachingMinTtl: 10, policy: CACHING_OPTIMIZED };
    expect(errorTtl(status, cacheControl, limits)).toBe(seconds);
  });
});

describe("freshness", () => {
  it("lets an expired object stand in for a failing origin unless stale-if-error is 0", () => {
    expect(mayServeStaleOnError(undefined)).toBe(true);
    expect(mayServeStaleOnError("max-age=1, stale-if-error=60")).toBe(true);
    expect(mayServeStaleOnError("max-age=1, stale-if-error=0")).toBe(false);
  });

  it("stays within the policy for any header", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.string(), (cacheControl, expires) => {
        const seconds = objectTtl({ cacheControl, expires }, CACHING_OPTIMIZED, NOW);
        expect(seconds).toBeGreaterThanOrEqual(CACHING_OPTIMIZED.min);
        expect(seconds).toBeLessThanOrEqual(CACHING_OPTIMIZED.max);
      }),
    );
  });
});
