import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  CACHING_OPTIMIZED,
  errorTtl,
  isKeptForRevalidation,
  objectTtl,
  staleness,
} from "../../deploy/edge/freshness.ts";

const NOW = Date.parse("2026-03-01T12:00:00Z");
const DAY = 86_400;
const YEAR = 31_536_000;
/** CachingDisabled. */
const NOTHING = { min: 0, default: 0, max: 0 };
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

/** Row by row: "origin header", in the column MinTTL = 0. */
describe("an object is kept, with a minimum of 0,", () => {
  it.each([
    ["s-maxage: for its value", { cacheControl: "s-maxage=60" }, 60],
    ["s-maxage: rather than max-age and Expires", { cacheControl: "max-age=9, s-maxage=60" }, 60],
    ["s-maxage: at most for the maximum", { cacheControl: "s-maxage=99999999999" }, YEAR],
    ["max-age=0: not at all", { cacheControl: "max-age=0" }, 0],
    ["none: for the default", {}, DAY],
    ["no-cache: not at all", { cacheControl: "no-cache, max-age=60" }, 0],
    ["no-store: not at all", { cacheControl: "no-store" }, 0],
    ["private: not at all", { cacheControl: "private, s-maxage=60" }, 0],
    ["an Expires in the past: not at all", { expires: "Sun, 01 Mar 2026 11:00:00 GMT" }, 0],
  ])("%s", (_rule, headers, seconds) => {
    expect(objectTtl(headers, NO_MINIMUM, NOW)).toBe(seconds);
  });
});

/** The column MinTTL > 0, with a minimum above the default. */
describe("an object is kept, with a minimum of 100 and a default of 50,", () => {
  const policy = { min: 100, default: 50, max: 1_000 };
  it.each([
    ["s-maxage: no shorter than the minimum", { cacheControl: "s-maxage=60" }, 100],
    ["s-maxage: for its value in between", { cacheControl: "s-maxage=600" }, 600],
    ["s-maxage: no longer than the maximum", { cacheControl: "s-maxage=6000" }, 1_000],
    ["none: for the minimum, if the default is less", {}, 100],
    ["no-cache: for the minimum", { cacheControl: "no-cache" }, 100],
    ["no-store: for the minimum, whatever the age", { cacheControl: "no-store, max-age=600" }, 100],
    ["private: for the minimum", { cacheControl: "private, max-age=600" }, 100],
  ])("%s", (_rule, headers, seconds) => {
    expect(objectTtl(headers, policy, NOW)).toBe(seconds);
  });
});

it("CachingDisabled keeps no object, whatever the origin asks", () => {
  for (const cacheControl of [undefined, "max-age=60", "s-maxage=60", "no-store"]) {
    expect(objectTtl({ cacheControl }, NOTHING, NOW)).toBe(0);
  }
});

describe("an expired object is kept only to be revalidated", () => {
  it.each([
    ["for max-age=0", "max-age=0", NO_MINIMUM, true],
    ["not for no-cache", "no-cache", NO_MINIMUM, false],
    ["not for no-store", "no-store", NO_MINIMUM, false],
    ["not for private", "private", NO_MINIMUM, false],
    ["not under CachingDisabled", "max-age=0", NOTHING, false],
  ])("%s", (_rule, cacheControl, policy, expected) => {
    expect(isKeptForRevalidation(cacheControl, policy)).toBe(expected);
  });
});

const ALWAYS = [404, 410, 414, 500, 501, 502, 503, 504];
const WITH_AGE = [400, 403, 405, 412, 415];
const EXCUSED = [404, 410, 414, 501];
const limits = { cachingMinTtl: 10, policy: { min: 0, default: DAY, max: 100 } };

describe("an error is kept", () => {
  it.each(ALWAYS)("%i: 10 seconds, whatever the origin says of ages", (status) => {
    expect(errorTtl(status, undefined, limits)).toBe(10);
    expect(errorTtl(status, "max-age=1", limits)).toBe(10);
    expect(errorTtl(status, "max-age=60", limits)).toBe(60);
    expect(errorTtl(status, "s-maxage=60, max-age=1", limits)).toBe(60);
  });

  it.each(ALWAYS)("%i: at most for the maximum, where the origin asks more", (status) => {
    expect(errorTtl(status, "max-age=6000", limits)).toBe(100);
  });

  it.each(WITH_AGE)("%i: only where the origin names an age", (status) => {
    expect(errorTtl(status, undefined, limits)).toBe(0);
    expect(errorTtl(status, "public", limits)).toBe(0);
    expect(errorTtl(status, "max-age=60", limits)).toBe(60);
    expect(errorTtl(status, "s-maxage=1", limits)).toBe(10);
  });

  it.each(EXCUSED)("%i: not with no-store, no-cache or private", (status) => {
    for (const word of ["no-store", "no-cache", "private"]) {
      expect(errorTtl(status, word, limits)).toBe(0);
      expect(errorTtl(status, `${word}, max-age=60`, limits)).toBe(0);
    }
  });

  it.each([500, 502, 503, 504])("%i: although no-store", (status) => {
    expect(errorTtl(status, "no-store", limits)).toBe(10);
  });

  it.each(WITH_AGE)("%i: for its age although no-store", (status) => {
    expect(errorTtl(status, "no-store, max-age=60", limits)).toBe(60);
  });

  it("416: never", () => {
    expect(errorTtl(416, "max-age=60", limits)).toBe(0);
  });

  it("not at all under CachingDisabled", () => {
    for (const status of [...ALWAYS, ...WITH_AGE]) {
      expect(errorTtl(status, "max-age=60", { cachingMinTtl: 10, policy: NOTHING })).toBe(0);
    }
  });

  it("not at all with a caching minimum of 0", () => {
    expect(errorTtl(404, undefined, { ...limits, cachingMinTtl: 0 })).toBe(0);
  });
});

describe("beyond its time an object is served", () => {
  const policy = { min: 1, default: DAY, max: 100 };
  it.each([
    ["nothing said: only while the origin fails", undefined, 0, Number.POSITIVE_INFINITY],
    ["stale-while-revalidate=N: N seconds", "stale-while-revalidate=60", 60, Infinity],
    ["stale-while-revalidate=N: at most the maximum", "stale-while-revalidate=600", 100, Infinity],
    [
      "stale-while-revalidate: not with no-store",
      "no-store, stale-while-revalidate=60",
      0,
      Infinity,
    ],
    ["stale-if-error=N: N seconds", "stale-if-error=60", 0, 60],
    ["stale-if-error=N: at most the maximum", "stale-if-error=600", 0, 100],
    ["stale-if-error=0: never", "no-store, stale-if-error=0", 0, 0],
    [
      "stale-if-error=N: with no-store too, which the minimum keeps",
      "no-store, stale-if-error=9",
      0,
      9,
    ],
  ])("%s", (_rule, cacheControl, whileRevalidating, ifError) => {
    expect(staleness(cacheControl, policy)).toEqual({ whileRevalidating, ifError });
  });
});

it("what a minimum of 0 keeps out of the cache is not served beyond its time either", () => {
  for (const word of ["no-store", "no-cache", "private"]) {
    const header = `${word}, stale-if-error=60, stale-while-revalidate=60`;
    expect(staleness(header, NO_MINIMUM)).toEqual({ whileRevalidating: 0, ifError: 0 });
  }
});

describe("freshness", () => {
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
