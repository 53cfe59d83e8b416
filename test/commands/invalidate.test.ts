import { describe, expect, it } from "vitest";
import { invalidateOnRequest } from "../../deploy/commands/invalidate.ts";
import { createFixedClock } from "../support/fixed-clock.ts";
import { createRecordingCdn } from "../support/recording-cdn.ts";

function createPorts(log: string[]) {
  return {
    cdn: createRecordingCdn(log, 2),
    clock: createFixedClock(),
    reporter: { report: () => {} },
  };
}

describe("invalidateOnRequest", () => {
  it("names each path once, encoded as the CDN wants it", async () => {
    const log: string[] = [];
    const paths = ["/blog/*", "/a b", "/blog/*"];
    await invalidateOnRequest({ paths, all: false, wait: false }, createPorts(log));
    expect(log).toEqual(["invalidate /a%20b /blog/*"]);
  });

  it("waits when told to", async () => {
    const log: string[] = [];
    const result = await invalidateOnRequest(
      { paths: [], all: true, wait: true },
      createPorts(log),
    );
    expect(log).toEqual(["invalidate /*", "asked I1: in-progress", "asked I1: completed"]);
    expect(result.receipt.state).toBe("completed");
    expect(result.seconds).toBeGreaterThan(0);
  });

  it.each([
    ["no path", [], false, "no path was given"],
    ["a path and --all", ["/"], true, "both --all and paths"],
    ["a path without its slash", ["/ok", "blog/"], false, '"blog/" does not start with a slash'],
  ])("refuses %s and asks the CDN nothing", async (_, paths, all, why) => {
    const log: string[] = [];
    const refused = invalidateOnRequest({ paths, all, wait: false }, createPorts(log));
    await expect(refused).rejects.toMatchObject({
      kind: "usage",
      text: { why: expect.stringContaining(why) },
    });
    expect(log).toEqual([]);
  });

  it("says so when the environment has no CDN", async () => {
    const ports = { ...createPorts([]), cdn: undefined };
    const refused = invalidateOnRequest({ paths: ["/"], all: false, wait: false }, ports);
    await expect(refused).rejects.toMatchObject({ kind: "config" });
  });
});
