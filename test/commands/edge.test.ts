import { describe, expect, it } from "vitest";
import { rollback } from "../../deploy/commands/rollback.ts";
import { LEASE_MS, LOCK_KEY } from "../../deploy/core/lock.ts";
import { sourceFile } from "../support/builders.ts";
import { failureOf } from "../support/failure.ts";
import { createMemoryEdge, siteEdge } from "../support/memory-edge.ts";
import { createWorld, deployOptions } from "../support/world.ts";

const index = sourceFile("index.html", "one");

/** A site with rules, in front of a CDN that runs them. */
function createEdgeWorld() {
  const log: string[] = [];
  const cdn = createMemoryEdge(log);
  let rules = "first";
  let files = [index];
  const world = createWorld({
    edge: cdn.edge,
    files: {
      folder: "_site",
      scan: async () => files,
      edge: async () => siteEdge(rules),
      read: async () => undefined,
    },
  });
  return {
    ...world,
    cdn,
    published: () => log.splice(0),
    async deploy(site: { readonly rules: string; readonly files?: typeof files }, force = false) {
      rules = site.rules;
      files = site.files ?? files;
      return await world.deploy(files, { hasEdge: true, force });
    },
    async rollback() {
      await world.clock.sleep(1000);
      const ports = { ...world.ports, versions: world.store.versions };
      return await rollback({ ...deployOptions({ hasEdge: true }), to: undefined }, ports);
    },
  };
}

describe("the edge program of a release", () => {
  it("is published with the first release, and not again while it stays the same", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    expect(world.published()).toEqual(["edge first"]);
    await world.deploy({ rules: "first", files: [sourceFile("index.html", "two")] });
    expect(world.published()).toEqual([]);
    expect((await world.deploy({ rules: "first" })).kind).toBe("nothing-to-do");
  });

  it("is a release of its own when nothing but the rules changes", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    const result = await world.deploy({ rules: "second" });
    expect(result).toMatchObject({ kind: "released", outcomes: [], invalidations: [] });
    expect(world.cdn.live()).toBe("second");
    expect(await world.manifest()).toMatchObject({ manifest: { edge: { state: "published" } } });
  });

  it("goes live after the pages, which a redirect may lead to", async () => {
    const log: string[] = [];
    const cdn = createMemoryEdge(log);
    const world = createWorld({
      edge: {
        publish: async (program) => {
          expect(world.site()).toHaveProperty("index.html");
          return await cdn.edge.publish(program);
        },
      },
    });
    await world.deploy([index], { hasEdge: true });
    expect(log).toHaveLength(1);
  });

  it("is written no further by a deploy that has lost its lock", async () => {
    const log: string[] = [];
    const world = createWorld({
      edge: {
        publish: async (_program, proceed) => {
          await world.clock.sleep(LEASE_MS * 2);
          const { etag = "" } = (await world.lock()) ?? {};
          await world.store.state.remove(LOCK_KEY, etag);
          await proceed?.();
          log.push("written");
          return { kind: "published", changed: true };
        },
      },
    });
    expect((await failureOf(world.deploy([index], { hasEdge: true }))).kind).toBe("locked");
    expect(log).toEqual([]);
  });

  it("is finished by the next deploy when the CDN refused it", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    world.cdn.failOnce();
    const error = await failureOf(world.deploy({ rules: "second" }));
    expect(error.kind).toBe("cloud");
    expect(world.cdn.live()).toBe("first");
    expect((await world.deploy({ rules: "second" })).kind).toBe("released");
    expect(world.cdn.live()).toBe("second");
    expect((await world.deploy({ rules: "second" })).kind).toBe("nothing-to-do");
  });

  it("is put back when a deploy broke off after it had published another one", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    const { edge } = world.cdn;
    const publish = edge.publish.bind(edge);
    edge.publish = async (program) => {
      await publish(program);
      throw new Error("the machine died");
    };
    await expect(world.deploy({ rules: "second" })).rejects.toThrow("the machine died");
    edge.publish = publish;
    expect(world.cdn.live()).toBe("second");
    await world.deploy({ rules: "first" });
    expect(world.cdn.live()).toBe("first");
  });

  it("comes back with a rollback", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    await world.deploy({ rules: "second", files: [sourceFile("index.html", "two")] });
    expect((await world.rollback()).kind).toBe("released");
    expect(world.cdn.live()).toBe("first");
  });

  it("is published again by force", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    world.published();
    await world.deploy({ rules: "first" }, true);
    expect(world.published()).toEqual(["edge first"]);
  });

  it("is told, and tried no second time, where the CDN does not run ours", async () => {
    const events: string[] = [];
    const world = createWorld({
      edge: { publish: async () => ({ kind: "unmanaged", why: "no function" }) },
      reporter: { report: (event) => events.push(event.kind) },
    });
    await world.deploy([index], { hasEdge: true });
    expect(events).toContain("edge-unmanaged");
    expect(await world.manifest()).toMatchObject({ manifest: { edge: { state: "unmanaged" } } });
    expect((await world.deploy([index], { hasEdge: true })).kind).toBe("nothing-to-do");
  });

  it("refuses a rollback to rules that the bucket no longer has", async () => {
    const world = createEdgeWorld();
    await world.deploy({ rules: "first" });
    await world.deploy({ rules: "second" });
    for (const key of world.store.objects.keys()) {
      if (key.startsWith(".slipway/edge/"))
        (world.store.objects as Map<string, unknown>).delete(key);
    }
    expect((await failureOf(world.rollback())).text.what).toMatch(/edge rules/);
  });
});
