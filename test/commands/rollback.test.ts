import { describe, expect, it } from "vitest";
import { listReleases } from "../../deploy/commands/releases.ts";
import { rollback } from "../../deploy/commands/rollback.ts";
import { unlock } from "../../deploy/commands/unlock.ts";
import { sourceFile } from "../support/builders.ts";
import { contentsOf, createWorld, deployOptions } from "../support/world.ts";

const index = sourceFile("index.html", "one");
const about = sourceFile("about/index.html");
const css = sourceFile("main.3f2a9c01d4.css");
const first = [index, about, css];
const second = [sourceFile("index.html", "two"), sourceFile("news/index.html")];

const portsOf = (world: ReturnType<typeof createWorld>) => ({
  ...world.ports,
  versions: world.store.versions,
});

async function createReleasedWorld() {
  const world = createWorld();
  await world.deploy(first);
  await world.deploy(second);
  const ports = { ...world.ports };
  const back = async (to?: string) => {
    world.forgetCalls();
    await world.clock.sleep(1000);
    return await rollback({ ...deployOptions(), to }, portsOf(world));
  };
  const releases = async () => (await listReleases(20, ports)).releases;
  return { world, back, releases };
}

describe("rollback", () => {
  it("brings the release before the live one back, and is a release itself", async () => {
    const { world, back, releases } = await createReleasedWorld();
    const [, before] = await releases();
    const result = await back();
    expect(result).toMatchObject({ kind: "released", release: { rollbackTo: before?.id } });
    expect(result.plan.totals).toMatchObject({ created: 1, replaced: 1, bytes: 0 });
    expect(world.site()).toEqual(contentsOf(first));
    expect((await releases()).map(({ live, rollbackTo }) => [live, rollbackTo])).toEqual([
      [true, before?.id],
      [false, undefined],
      [false, undefined],
    ]);
  });

  it("goes to the release before, also where a machine's clock was wrong", async () => {
    const { world, back, releases } = await createReleasedWorld();
    await world.clock.sleep(-3_600_000);
    await world.deploy([sourceFile("index.html", "three")]);
    const [live, before] = await releases();
    expect([live?.live, before?.live]).toEqual([true, false]);
    await back();
    expect(world.site()).toMatchObject(contentsOf(second));
  });

  it("copies what differs and nothing else, and invalidates exactly those URLs", async () => {
    const { world, back } = await createReleasedWorld();
    await back();
    const calls = world.calls();
    expect(calls.filter((call) => call.startsWith("put"))).toEqual([
      "put about/index.html",
      "put index.html",
    ]);
    expect(calls).toContain("invalidate / /about/ /about/index.html /index.html");
    expect(calls).toContain("remove news/index.html");
  });

  it("brings headers back as they were", async () => {
    const world = createWorld();
    await world.deploy([sourceFile("index.html", "x", { cacheControl: "no-store" })]);
    await world.deploy([sourceFile("index.html", "x")]);
    await world.clock.sleep(1000);
    await rollback({ ...deployOptions(), to: undefined }, portsOf(world));
    expect(world.store.objects.get("index.html")?.headers?.cacheControl).toBe("no-store");
  });

  it("takes a release by the beginning of its id", async () => {
    const { world, back, releases } = await createReleasedWorld();
    const [newest] = await releases();
    await back();
    await back(newest?.id.slice(0, -2));
    expect(world.site()).toMatchObject(contentsOf(second));
  });

  it("has nothing to do when that release is live", async () => {
    const { back, releases } = await createReleasedWorld();
    const [live] = await releases();
    expect((await back(live?.id)).kind).toBe("nothing-to-do");
  });

  it.each([
    ["an empty name", " ", "the id that was given is empty"],
    ["no release of that name", "2020", "no release begins with 2020"],
    ["a beginning that fits several", "2026", "2 releases begin with 2026"],
  ])("refuses %s", async (_, to, why) => {
    const { back } = await createReleasedWorld();
    await expect(back(to)).rejects.toMatchObject({ kind: "usage", text: { why } });
  });

  it("refuses where there is nothing before", async () => {
    const world = createWorld();
    const back = () => rollback({ ...deployOptions(), to: undefined }, portsOf(world));
    await expect(back()).rejects.toMatchObject({ text: { why: "nothing has been released yet" } });
    await world.deploy(first);
    await expect(back()).rejects.toMatchObject({ text: { why: /is the first release$/ } });
  });

  it("refuses, and writes nothing, where the bucket kept no versions", async () => {
    const world = createWorld();
    const { putFile } = world.store;
    world.store.putFile = async (file) => ({ etag: (await putFile(file)).etag });
    await world.deploy(first);
    await world.deploy(second);
    const refused = rollback({ ...deployOptions(), to: undefined }, portsOf(world));
    await expect(refused).rejects.toMatchObject({ kind: "refused" });
    expect(world.site()).toMatchObject(contentsOf(second));
  });
});

it("a rollback needs no version of a file that is live as it was", async () => {
  const world = createWorld();
  const { putFile } = world.store;
  world.store.putFile = async (file) => ({ etag: (await putFile(file)).etag });
  await world.deploy([index, about]);
  world.store.putFile = putFile;
  await world.deploy([sourceFile("index.html", "two"), about]);
  await world.deploy([sourceFile("index.html", "three"), about]);
  await world.clock.sleep(1000);
  await rollback({ ...deployOptions(), to: undefined }, portsOf(world));
  expect(world.site()).toEqual(contentsOf([sourceFile("index.html", "two"), about]));
});

it("a rollback refuses, and writes nothing, when old versions have expired", async () => {
  const { world, back } = await createReleasedWorld();
  world.store.expireVersions();
  await expect(back()).rejects.toMatchObject({
    kind: "refused",
    text: { why: expect.stringContaining("no longer has 2 of its files") },
  });
  expect(world.site()).toMatchObject(contentsOf(second));
  expect(await world.lock()).toBeUndefined();
});

describe("unlock", () => {
  async function createHeldWorld() {
    const world = createWorld();
    await world.deploy(first);
    // Dies right after it took the lock: nothing is given back.
    world.store.failOn = (call) => call !== "read .slipway/manifest.json" && !call.includes("lock");
    const { state } = world.store;
    const write = state.write;
    let locks = 0;
    world.store.state.write = async (key, body, condition) => {
      if (key.endsWith("lock.json")) locks += 1;
      if (locks > 1) throw new Error("killed");
      return await write(key, body, condition);
    };
    await world.deploy(second).catch(() => {});
    world.store.state.write = write;
    world.store.failOn = () => false;
    return world;
  }

  it("says that nobody holds it", async () => {
    const world = createWorld();
    const result = await unlock({ ...world.ports, confirm: async () => true });
    expect(result).toEqual({ kind: "not-locked" });
  });

  it("breaks a lock on purpose, and the next deploy finishes what it meant to do", async () => {
    const world = await createHeldWorld();
    await expect(world.deploy(second)).rejects.toMatchObject({ kind: "locked" });
    expect(await world.status()).toMatchObject({ activity: { kind: "deploying", owner: "Mira" } });
    const result = await unlock({ ...world.ports, confirm: async () => true });
    expect(result.kind).toBe("broken");
    expect(await world.status()).toMatchObject({ activity: { kind: "unfinished" } });
    expect((await world.deploy(second)).kind).toBe("released");
    expect(world.site()).toMatchObject(contentsOf(second));
    expect(await world.lock()).toBeUndefined();
  });

  it("leaves the lock when the answer is no", async () => {
    const world = await createHeldWorld();
    const result = await unlock({ ...world.ports, confirm: async () => false });
    expect(result.kind).toBe("declined");
    await expect(world.deploy(second)).rejects.toMatchObject({ kind: "locked" });
  });

  it("is not needed once the lease is over", async () => {
    const world = await createHeldWorld();
    await world.clock.sleep(151_000);
    expect((await world.deploy(second)).kind).toBe("released");
  });
});
