import { describe, expect, it } from "vitest";
import { type InvalidateOptions, invalidateOnRequest } from "../../deploy/commands/invalidate.ts";
import { DEFAULT_PATH_LIMITS } from "../../deploy/core/invalidation.ts";
import { sourceFile } from "../support/builders.ts";
import { failureOf } from "../support/failure.ts";
import { createRecordingCdn } from "../support/recording-cdn.ts";
import { createWorld } from "../support/world.ts";

/** A site that was released twice: then the home page, the feed and the old page were others. */
async function start() {
  const log: string[] = [];
  const cdn = createRecordingCdn(log, 2);
  const world = createWorld({ cdn });
  const pages = ["blog/a/index.html", "blog/b/index.html"].map((key) => sourceFile(key));
  const [first, second] = [
    await world.deploy([...pages, sourceFile("index.html", "1"), sourceFile("old.html")]),
    await world.deploy([...pages, sourceFile("index.html", "2"), sourceFile("feed.xml")]),
  ];
  if (first.kind !== "released" || second.kind !== "released") throw new Error("not released");
  log.length = 0;
  return {
    world,
    log,
    cdn,
    releases: [first.release.id, second.release.id] as const,
    invalidate: (options: Partial<InvalidateOptions>, ports = {}) =>
      invalidateOnRequest(
        {
          paths: [],
          all: false,
          changedSince: undefined,
          wait: false,
          dryRun: false,
          reference: "operator-1",
          pathLimits: DEFAULT_PATH_LIMITS,
          ...options,
        },
        { ...world.ports, ...ports },
      ),
  };
}

describe("slipway invalidate", () => {
  it("names each path once, encoded as the CDN wants it", async () => {
    const { invalidate, log, cdn } = await start();
    await invalidate({ paths: ["/blog/*", "/a b", "/blog/*"] });
    expect(log).toEqual(["invalidate /a%20b /blog/*"]);
    expect(cdn.references.at(-1)).toBe("operator-1");
  });

  it("names a page in both its forms, and the pages that a glob finds", async () => {
    const { invalidate, log } = await start();
    await invalidate({ paths: ["/", "/blog/*/"] });
    expect(log).toEqual([
      "invalidate / /blog/a/ /blog/a/index.html /blog/b/ /blog/b/index.html /index.html",
    ]);
  });

  it("waits when told to", async () => {
    const { invalidate, log } = await start();
    const result = await invalidate({ all: true, wait: true });
    expect(log).toEqual(["invalidate /*", "asked I4: in-progress", "asked I4: completed"]);
    expect(result).toMatchObject({
      kind: "requested",
      invalidations: [{ id: "I4", state: "completed" }],
      cost: { paths: 1, wildcards: 1, atMostUsd: 0.005 },
    });
  });

  it("with --dry-run decides the same, and asks the CDN nothing", async () => {
    const { invalidate, log } = await start();
    expect(await invalidate({ paths: ["/blog/**"], dryRun: true })).toEqual({
      kind: "dry-run",
      invalidation: {
        kind: "paths",
        paths: ["/blog/a/", "/blog/a/index.html", "/blog/b/", "/blog/b/index.html"],
      },
      cost: { paths: 4, wildcards: 0, atMostUsd: 0.02, freePathsAMonth: 1000 },
    });
    expect(log).toEqual([]);
  });

  it("folds what a glob finds into the budget, and leaves alone the wildcards that were typed", async () => {
    const { invalidate, log } = await start();
    const pathLimits = { paths: 2, wildcards: 1 };
    await invalidate({ paths: ["/blog/**", "/x/*"], pathLimits });
    expect(log).toEqual(["invalidate /*"]);
    log.length = 0;
    await invalidate({ paths: ["/x/*", "/y/*"], pathLimits });
    expect(log).toEqual(["invalidate /x/* /y/*"]);
  });

  it("writes nothing to the bucket", async () => {
    const { invalidate, world } = await start();
    const before = [...world.store.objects.keys()];
    await invalidate({ paths: ["/blog/**"] });
    expect([...world.store.objects.keys()]).toEqual(before);
    expect(await world.lock()).toBeUndefined();
  });
});

describe("slipway invalidate --changed-since", () => {
  it("names what changed, came or went since that release, and nothing else", async () => {
    const { invalidate, log, releases } = await start();
    await invalidate({ changedSince: releases[0] });
    expect(log).toEqual(["invalidate / /feed.xml /index.html /old.html"]);
  });

  it("has nothing to do when nothing did", async () => {
    const { invalidate, log, releases } = await start();
    expect(await invalidate({ changedSince: releases[1] })).toMatchObject({
      kind: "nothing-to-do",
      cost: { paths: 0 },
    });
    expect(log).toEqual([]);
  });

  it("takes the beginning of an id, if only one release has it", async () => {
    const { invalidate, log, releases } = await start();
    await invalidate({ changedSince: releases[0].slice(0, -4) });
    expect(log).toHaveLength(1);
    const failure = await failureOf(invalidate({ changedSince: "2026" }));
    expect(failure.text.what).toBe('More than one release begins with "2026"');
  });

  it("names the newest releases when there is no such one", async () => {
    const { invalidate, releases } = await start();
    const failure = await failureOf(invalidate({ changedSince: "2019" }));
    expect(failure).toMatchObject({
      kind: "usage",
      text: { why: `the newest are ${releases[1]}, ${releases[0]}` },
    });
  });
});

describe("slipway invalidate refuses, and asks the CDN nothing,", () => {
  it.each([
    ["no path", {}, "no path was given"],
    ["a path and --all", { paths: ["/"], all: true }, "more than one of paths, --all"],
    ["an empty release", { changedSince: "" }, "the release that was given is empty"],
    ["--all and a release", { all: true, changedSince: "2" }, "more than one of paths, --all"],
    [
      "a path without its slash",
      { paths: ["/ok", "blog/"] },
      '"blog/" does not start with a slash',
    ],
    ["a glob without a match", { paths: ["/ok", "/no/**"] }, '"/no/**" matches nothing'],
  ])("%s", async (_case, options, why) => {
    const { invalidate, log } = await start();
    const failure = await failureOf(invalidate(options));
    expect(failure).toMatchObject({ kind: "usage", text: { why: expect.stringContaining(why) } });
    expect(log).toEqual([]);
  });

  it("an environment that has no CDN", async () => {
    const { invalidate } = await start();
    const failure = await failureOf(invalidate({ paths: ["/"] }, { cdn: undefined }));
    expect(failure.kind).toBe("config");
  });
});
