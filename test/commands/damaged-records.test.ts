import { describe, expect, it } from "vitest";
import { listReleases } from "../../deploy/commands/releases.ts";
import { unlock } from "../../deploy/commands/unlock.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import { sourceFile } from "../support/builders.ts";
import { failureOf } from "../support/failure.ts";
import { createWorld } from "../support/world.ts";

/** Records in the bucket that somebody cut short or wrote over. */

const JUNK = new TextEncoder().encode("junk");
const TEXT = gzipCodec.encode("not a record");

async function createReleasedWorld() {
  const world = createWorld();
  const result = await world.deploy([sourceFile("index.html")]);
  if (result.kind !== "released") throw new Error("not released");
  return { world, record: `.slipway/releases/${result.release.id}.json` };
}

describe.each([
  ["that is not gzip", JUNK],
  ["with something else in it", TEXT],
])("a record %s", (_, body) => {
  it("of a release is named, with what to do", async () => {
    const { world, record } = await createReleasedWorld();
    world.store.tamper(record, body);
    for (const asked of [() => listReleases(20, world.ports), () => world.status()]) {
      const { kind, text } = await failureOf(asked());
      expect(kind).toBe("config");
      expect(text.what + text.why).toContain(record);
      expect(text.next).toContain("Restore an earlier version of that object");
    }
  });

  it("of a lock is named, and no earlier lock is to take its place", async () => {
    const { world } = await createReleasedWorld();
    world.store.tamper(".slipway/lock.json", body);
    const confirm = async () => true;
    for (const asked of [() => world.status(), () => unlock({ ...world.ports, confirm })]) {
      const { kind, text } = await failureOf(asked());
      expect(kind).toBe("config");
      expect(text.what).toContain(".slipway/lock.json cannot be read");
      expect(text.next).toContain("remove that object, then run: slipway deploy --verify");
    }
  });
});
