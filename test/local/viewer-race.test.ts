import { setTimeout } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import { cachedBehavior } from "../support/behaviors.ts";
import { eventually } from "../support/eventually.ts";
import { type HttpOrigin, startHttpOrigin } from "../support/http-origin.ts";
import { startViewer, type ViewerFixture } from "../support/viewer-fixture.ts";

let viewer: ViewerFixture;
let origin: HttpOrigin;
beforeEach(async () => {
  viewer = await startViewer();
  origin = await startHttpOrigin();
  viewer.addBehavior(cachedBehavior(origin.url));
  viewer.live = { ...viewer.live, cacheTagHeader: "x-tags" };
});
afterEach(async () => {
  await viewer.close();
  await origin.close();
});

/** Each round publishes a new version, invalidates the old one, and then nobody may see an older one. */
it("no viewer gets an older page after an invalidation, whatever was under way", async () => {
  let published = 0;
  let invalidated = 0;
  let asked = 0;
  let over = false;
  origin.handle = (_request, response) => {
    const version = published;
    // Every answer is old at once, and may be served while another is fetched.
    const headers = { "cache-control": "max-age=0, stale-while-revalidate=60", "x-tags": "page" };
    // Some answers take longer than others, so that they are overtaken.
    asked += 1;
    setTimeout((asked % 4) * 2)
      .then(() => response.writeHead(200, headers).end(String(version)))
      .catch(() => {});
  };
  const stale: string[] = [];
  const results = new Set<string | undefined>();
  const viewers = Array.from({ length: 8 }, async (_, i) => {
    const path = `/c/${i % 2}`;
    while (!over) {
      const oldest = invalidated;
      const { text, headers } = await viewer.get(path);
      results.add(String(headers["x-cache"]));
      if (Number(text) < oldest) stale.push(`${text} after ${oldest}`);
    }
  });
  for (let round = 1; round <= 150; round++) {
    published = round;
    viewer.cache.invalidate("E1", round % 3 === 0 ? ["#page"] : ["/c/*"]);
    invalidated = round;
    await setTimeout(round % 5);
  }
  // On a busy machine no answer may have lived until its first hit.
  await eventually(() => (results.has("Hit from cloudfront") ? true : undefined), {
    seconds: 10,
    describe: () => `only ${[...results].join(", ")}`,
  });
  over = true;
  await Promise.all(viewers);
  expect(stale).toEqual([]);
  expect(viewer.faults).toEqual([]);
});
