import { expect, it } from "vitest";
import { lookAt } from "../../deploy/local/edge/operator-view/dry-run/look.ts";
import { startViewer } from "../support/viewer-fixture.ts";

const PLACE = { distribution: "E1", uri: "/a.css", query: "", accepted: "br,gzip" } as const;
const OBJECT = { headers: { "content-type": "text/css", "set-cookie": "a=b" } };

/** What an edge says itself on each answer. */
const OF_EACH_ANSWER =
  /^(?:age|connection|content-length|date|keep-alive|via|x-amz-cf-.*|x-cache)$/;

it.each([
  ["caches", 86_400],
  ["caches nothing", 0],
])("tells of the headers that viewers get where the behavior %s", async (_what, max) => {
  const viewer = await startViewer();
  try {
    viewer.origin.put("a.css", "x".repeat(2_000), OBJECT);
    const [behavior] = viewer.live.behaviors;
    if (behavior === undefined) throw new Error("no behavior");
    const cachePolicy = { ...behavior.cachePolicy, min: 0, default: 0, max };
    viewer.changeDefault({ cachePolicy });
    const answer = await viewer.get("/a.css", { "accept-encoding": "br, gzip" });
    const seen = Object.entries(answer.headers).filter(([name]) => !OF_EACH_ANSWER.test(name));

    const memory = { peek: () => undefined };
    const sources = { memory, clock: viewer.clock, live: () => viewer.live };
    const { headers } = await lookAt(PLACE, { ...behavior, cachePolicy }, sources);
    expect(headers).toEqual(Object.fromEntries(seen));
  } finally {
    await viewer.close();
  }
});
