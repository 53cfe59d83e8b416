import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  countRequests,
  createTrafficLog,
  hitRatio,
} from "../../deploy/local/edge/operator-view/traffic-log.ts";
import { ManualClock } from "../support/manual-clock.ts";

const event = (url: string, cache = "Hit", status = 200) => ({
  method: "GET",
  url,
  status,
  cache: `${cache} from cloudfront`,
});

describe("the traffic log", () => {
  it.each([
    ["Hit", "hits"],
    ["Miss", "misses"],
    ["RefreshHit", "refreshed"],
    ["FunctionGeneratedResponse", "generated"],
    ["Redirect", "generated"],
    ["Error", "errors"],
    ["", "errors"],
  ])("counts %s among the %s", (cache, kind) => {
    const log = createTrafficLog(new ManualClock());
    log.record(event("/", cache));
    const { totals, paths } = log.snapshot();
    expect(totals).toMatchObject({ [kind]: 1 });
    expect(countRequests(totals)).toBe(1);
    expect(paths[0]).toMatchObject({ path: "/", [kind]: 1 });
  });

  it("tells hits of what the cache was asked, and nothing before anything was", () => {
    const log = createTrafficLog(new ManualClock());
    expect(hitRatio(log.snapshot().totals)).toBeUndefined();
    for (const cache of ["Hit", "Hit", "Hit", "Miss", "Error", "Redirect"])
      log.record(event("/", cache));
    expect(hitRatio(log.snapshot().totals)).toBe(0.75);
  });

  it("puts the path asked for last first, and remembers the age of its last hit", () => {
    const log = createTrafficLog(new ManualClock());
    log.record({ ...event("/a?x=1"), age: 7 });
    log.record(event("/b", "Error", 404));
    log.record(event("http://localhost:1/a?x=2", "RefreshHit"));
    const { paths } = log.snapshot();
    expect(paths.map(({ path }) => path)).toEqual(["/a", "/b"]);
    expect(paths[0]).toMatchObject({ hits: 1, refreshed: 1, lastAge: 7, lastStatus: 200 });
    expect(paths[1]).toMatchObject({ errors: 1, lastStatus: 404, lastAge: undefined });
  });

  it("counts the requests of each of the last 60 seconds", async () => {
    const clock = new ManualClock();
    const log = createTrafficLog(clock);
    log.record(event("/"));
    await clock.move(1000);
    log.record(event("/"));
    log.record(event("/"));
    expect(log.snapshot().perSecond.slice(-3)).toEqual([0, 1, 2]);
    await clock.move(59_000);
    expect(log.snapshot().perSecond).toEqual([2, ...Array.from({ length: 59 }, () => 0)]);
    await clock.move(1000);
    expect(log.snapshot().perSecond).toEqual(Array.from({ length: 60 }, () => 0));
  });

  it("tells 500 paths apart and sums up the rest, and loses no request", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 700 }), { maxLength: 1500 }), (asked) => {
        const log = createTrafficLog(new ManualClock());
        for (const name of asked) log.record(event(`/${name}`));
        const { totals, paths, others } = log.snapshot();
        expect(paths.length).toBeLessThanOrEqual(500);
        const listed = paths.reduce((sum, path) => sum + countRequests(path), 0);
        expect(listed + countRequests(others)).toBe(asked.length);
        expect(countRequests(totals)).toBe(asked.length);
      }),
      { numRuns: 30 },
    );
    const log = createTrafficLog(new ManualClock());
    for (let name = 0; name < 501; name++) log.record(event(`/${name}`));
    expect(log.snapshot().others).toMatchObject({ paths: 1, hits: 1 });
  });

  it("cuts paths that nobody could read", () => {
    const log = createTrafficLog(new ManualClock());
    for (let name = 0; name < 10; name++) log.record(event(`/${"x".repeat(8000)}${name}`));
    const { paths } = log.snapshot();
    expect(paths).toHaveLength(1);
    expect(paths[0]?.path.length).toBeLessThan(310);
  });
});
