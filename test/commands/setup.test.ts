import { describe, expect, it } from "vitest";
import { setup } from "../../deploy/commands/setup.ts";
import { readBase } from "../../deploy/commands/state.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { formatManifest } from "../../deploy/core/manifest.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { MANIFEST_KEY } from "../../deploy/core/release.ts";
import { type BlueprintInput, blueprintOf } from "../../deploy/core/setup/blueprint.ts";
import type { SetupResult } from "../../deploy/core/setup/setup-result.ts";
import type { SetupPlan } from "../../deploy/core/setup/steps.ts";
import { setElement } from "../../deploy/core/setup/xml-edit.ts";
import { manifestOf, sha256 } from "../support/builders.ts";
import { createFixedClock } from "../support/fixed-clock.ts";
import {
  bareDistributionConfig,
  createMemoryEstate,
  type MemoryEstate,
  NEW_BUCKET,
} from "../support/memory-estate.ts";

const INPUT: BlueprintInput = {
  site: "example",
  environment: "production",
  bucket: "example-site",
  region: "eu-west-1",
  account: "111122223333",
};

type How = {
  readonly input?: Partial<BlueprintInput>;
  readonly wait?: boolean;
  readonly confirm?: (plan: SetupPlan) => boolean;
  readonly interruption?: { requested: boolean };
  readonly report?: (event: ProgressEvent) => void;
  readonly settle?: boolean;
};

async function run(estate: MemoryEstate, how: How = {}): Promise<SetupResult> {
  const clock = createFixedClock();
  const sleep = clock.sleep.bind(clock);
  return await setup(
    { blueprint: blueprintOf({ ...INPUT, ...how.input }), wait: how.wait === true },
    {
      ...estate,
      clock: {
        now: () => clock.now(),
        async sleep(milliseconds) {
          await sleep(milliseconds);
          if (how.settle !== false) estate.cloudFront.settle();
        },
      },
      reporter: { report: how.report ?? (() => {}) },
      interruption: how.interruption ?? { requested: false },
      confirm: async (plan) => how.confirm?.(plan) ?? true,
    },
  );
}

describe("setup of an empty account", () => {
  it("makes everything in an order in which each part finds what it refers to", async () => {
    const estate = createMemoryEstate();
    const result = await run(estate);
    expect(result.kind).toBe("done");
    expect(estate.writes).toEqual([
      "bucket create",
      "bucket enable-versioning",
      "bucket lifecycle",
      "bucket tag",
      "edge access",
      "edge headers-policy",
      "edge store",
      "edge viewer-request",
      "edge viewer-response",
      "distribution create",
      "bucket policy",
    ]);
    const [made] = [...estate.cloudFront.stored.values()];
    expect(estate.cloudFront.tags.get(made?.id ?? "")).toEqual({
      "slipway:site": "example",
      "slipway:environment": "production",
    });
  });

  it("has nothing left to do afterwards, and asks nobody", async () => {
    const estate = createMemoryEstate();
    await run(estate);
    const before = estate.writes.length;
    const asked: SetupPlan[] = [];
    const again = await run(estate, {
      confirm: (plan) => {
        asked.push(plan);
        return true;
      },
    });
    expect(again).toMatchObject({ kind: "nothing-to-do", plan: { steps: [], blockers: [] } });
    expect(asked).toEqual([]);
    expect(estate.writes).toHaveLength(before);
  });

  it("writes nothing when the answer is no", async () => {
    const estate = createMemoryEstate();
    expect(await run(estate, { confirm: () => false })).toMatchObject({ kind: "declined" });
    expect(estate.writes).toEqual([]);
  });

  it("shows the bucket and the distribution with what they cost, before anything is made", async () => {
    const estate = createMemoryEstate();
    const { plan } = await run(estate, { confirm: () => false });
    expect(plan.steps.map(({ id }) => id)).toEqual([
      "bucket-create",
      "bucket-enable-versioning",
      "bucket-encrypt",
      "bucket-lifecycle",
      "bucket-tag",
      "edge-access",
      "edge-headers-policy",
      "edge-store",
      "wait-store",
      "edge-viewer-request",
      "edge-viewer-response",
      "distribution",
      "bucket-policy",
      "record",
    ]);
    const priced = plan.steps.filter(({ monthly }) => monthly !== undefined);
    expect(priced.map(({ id }) => id)).toContain("distribution");
    expect(plan.steps.find(({ id }) => id === "wait-store")?.usualSeconds).toBe(60);
    const { details = [] } = plan.steps.find(({ id }) => id === "distribution") ?? {};
    expect(details.join()).toMatch(/everywhere about 5 minutes later/);
  });

  it("waits on request until CloudFront has everything everywhere", async () => {
    const estate = createMemoryEstate();
    expect(await run(estate)).toMatchObject({ place: { isDeployed: expect.any(Boolean) } });
    estate.cloudFront.change("E000001MEMORY", (config) => config);
    expect(await run(estate)).toMatchObject({ place: { isDeployed: false } });
    expect(await run(estate, { wait: true })).toMatchObject({ place: { isDeployed: true } });
  });
});

describe("a run that is killed", () => {
  const whole = async () => {
    const estate = createMemoryEstate();
    await run(estate);
    return { calls: estate.calls(), snapshot: estate.snapshot() };
  };

  it.each(["before", "after"] as const)(
    "%s any one of its calls is continued by the next, and nothing exists twice",
    async (when) => {
      const { calls, snapshot } = await whole();
      expect(calls).toBeGreaterThan(25);
      for (let at = 1; at <= calls; at++) {
        const estate = createMemoryEstate();
        estate.dieAt(at, when);
        await expect(run(estate), `call ${at}`).rejects.toThrow("killed");
        estate.live();
        const result = await run(estate);
        expect(["done", "nothing-to-do"], `call ${at}`).toContain(result.kind);
        expect(estate.snapshot(), `call ${at}`).toEqual(snapshot);
      }
    },
  );

  it("at every second call gets there in the end", async () => {
    const { snapshot } = await whole();
    const estate = createMemoryEstate();
    let runs = 0;
    for (let patience = 1; runs < 200; patience++) {
      runs += 1;
      estate.dieAt(6 + (patience % 7), "after");
      const ended = await run(estate).then(
        () => true,
        () => false,
      );
      if (ended) break;
    }
    expect(runs).toBeLessThan(200);
    expect(estate.snapshot()).toEqual(snapshot);
  });

  it("by Ctrl-C between two steps says what is left", async () => {
    const estate = createMemoryEstate();
    const interruption = { requested: false };
    const result = await run(estate, {
      interruption,
      report: (event) => {
        if (event.kind === "setup-step-finished" && event.step === "edge-access") {
          interruption.requested = true;
        }
      },
    });
    expect(result).toMatchObject({ kind: "partial", stop: { kind: "interrupted" } });
    if (result.kind !== "partial") throw new Error("unreachable");
    expect(result.done.at(-1)?.id).toBe("edge-access");
    expect(result.left[0]?.id).toBe("edge-headers-policy");
  });

  it("by a refusal of the cloud says at which step, and keeps what was done", async () => {
    const estate = createMemoryEstate();
    const quota = new SlipwayError("cloud", { what: "x", why: "TooManyDistributions", next: "y" });
    const refusing: MemoryEstate = {
      ...estate,
      distributions: { ...pick(estate), create: () => Promise.reject(quota) },
    };
    expect(await run(refusing)).toMatchObject({
      kind: "partial",
      stop: { kind: "failed", failure: "cloud", text: { why: "TooManyDistributions" } },
    });
    expect(await run(estate)).toMatchObject({ kind: "done" });
  });
});

describe("setup of what exists", () => {
  it("adopts a bucket and its only distribution, and closes the bucket only when CloudFront is ready", async () => {
    const estate = createMemoryEstate();
    estate.buckets.set("example-site", {
      owner: "111122223333",
      region: "eu-west-1",
      settings: { ...NEW_BUCKET, isPrivate: false, isOwnerEnforced: false },
    });
    const { id } = estate.cloudFront.add(bareDistributionConfig());
    const { plan, ...result } = await run(estate);
    expect(result).toMatchObject({ kind: "done", place: { id } });
    expect(plan.steps.find((step) => step.id === "distribution")).toMatchObject({ kind: "adopt" });
    expect(plan.steps.map((step) => step.id).slice(-5)).toEqual([
      "distribution",
      "wait-distribution",
      "bucket-enforce-owner",
      "bucket-block-public-access",
      "record",
    ]);
    expect(estate.writes.slice(-4)).toEqual([
      "bucket policy",
      "distribution update",
      "bucket enforce-owner",
      "bucket block-public-access",
    ]);
    expect(estate.cloudFront.stored.size).toBe(1);
  });

  it("reads a distribution again that somebody changed meanwhile, and keeps their change", async () => {
    const estate = createMemoryEstate();
    const { id } = estate.cloudFront.add(bareDistributionConfig());
    let first = true;
    const racing: MemoryEstate = {
      ...estate,
      distributions: {
        ...pick(estate),
        update: async (found, config) => {
          if (first) {
            estate.cloudFront.change(id, (text) =>
              text.replace("<Comment>by hand</Comment>", "<Comment>theirs</Comment>"),
            );
          }
          first = false;
          return await estate.distributions.update(found, config);
        },
      },
    };
    expect(await run(racing)).toMatchObject({ kind: "done" });
    expect(estate.cloudFront.stored.get(id)?.config).toContain("<Comment>theirs</Comment>");
    expect(estate.cloudFront.stored.get(id)?.config).toContain("<HttpVersion>http2and3<");
  });

  it("gives up with a reason when somebody changes it each time", async () => {
    const estate = createMemoryEstate();
    const { id } = estate.cloudFront.add(bareDistributionConfig());
    const racing: MemoryEstate = {
      ...estate,
      distributions: { ...pick(estate), update: async () => ({ kind: "moved" }) },
    };
    expect(await run(racing)).toMatchObject({
      kind: "partial",
      stop: { kind: "failed", title: expect.stringContaining(id) },
    });
  });

  it.each([
    ["a bucket of somebody else", { owner: "999999999999" }, /somebody else has this one/],
    ["a bucket in another region", { region: "us-east-1" }, /it is in us-east-1/],
    [
      "a bucket of another site",
      { settings: { ...NEW_BUCKET, tags: { "slipway:site": "other" } } },
      /belongs to the site other/,
    ],
  ])("stops at %s before anything is written", async (_, changed, why) => {
    const estate = createMemoryEstate();
    const fine = { owner: "111122223333", region: "eu-west-1", settings: NEW_BUCKET };
    estate.buckets.set("example-site", { ...fine, ...changed });
    const { kind, plan } = await run(estate);
    expect(kind).toBe("blocked");
    expect(plan.blockers[0]?.why).toMatch(why);
    expect(estate.writes).toEqual([]);
  });

  it("stops in another account than the config expects", async () => {
    const estate = createMemoryEstate({ id: "999999999999" });
    const { kind, plan } = await run(estate);
    expect(kind).toBe("blocked");
    expect(plan.blockers[0]?.what).toMatch(/account 999999999999, not 111122223333/);
  });

  it("looks at nothing there: keys of a stranger may not look, and would be told so instead", async () => {
    const estate = createMemoryEstate({ id: "999999999999" });
    const refuse = () => Promise.reject(new Error("AccessDenied"));
    const result = await run({ ...estate, edge: { ...estate.edge, find: refuse } });
    expect(result.kind).toBe("blocked");
  });
});

describe("setup after a deploy", () => {
  const released = async (estate: MemoryEstate, state: "published" | "unmanaged") => {
    const edge = { digest: sha256("rules"), state };
    const body = estate.codec.encode(formatManifest({ ...manifestOf([]), edge }));
    await estate.state.write(MANIFEST_KEY, body, { kind: "absent" });
  };
  const rulesOf = async (estate: MemoryEstate) => {
    const base = await readBase(estate);
    return base.kind === "manifest" ? base.manifest.edge : undefined;
  };

  it("that found no functions lets the next one publish the rules", async () => {
    const estate = createMemoryEstate();
    estate.buckets.set("example-site", {
      owner: "111122223333",
      region: "eu-west-1",
      settings: NEW_BUCKET,
    });
    await released(estate, "unmanaged");
    const { plan } = await run(estate);
    expect(plan.steps.map(({ id }) => id).slice(-2)).toEqual(["rules", "record"]);
    expect(await rulesOf(estate)).toBeUndefined();
    expect(await run(estate)).toMatchObject({ kind: "nothing-to-do" });
  });

  it("that published them leaves its record alone", async () => {
    const estate = createMemoryEstate();
    await run(estate);
    await released(estate, "published");
    expect(await run(estate)).toMatchObject({ kind: "nothing-to-do" });
    expect(await rulesOf(estate)).toMatchObject({ state: "published" });
  });

  it("leaves it alone too where functions of somebody else stay", async () => {
    const estate = createMemoryEstate();
    const theirs =
      "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>arn:aws:cloudfront::1:function/auth</FunctionARN><EventType>viewer-request</EventType></FunctionAssociation></Items></FunctionAssociations>";
    estate.cloudFront.add(
      setElement(bareDistributionConfig(), ["DefaultCacheBehavior", "FunctionAssociations"], {
        xml: theirs,
      }),
    );
    await run(estate);
    await released(estate, "unmanaged");
    const { kind, plan } = await run(estate);
    expect(kind).toBe("nothing-to-do");
    expect(plan.notes.join()).toMatch(/runs auth, which is not Slipway's/);
    expect(await rulesOf(estate)).toMatchObject({ state: "unmanaged" });
  });
});

/** The distributions of an estate, to change one of their functions. */
function pick({ distributions }: MemoryEstate) {
  return {
    find: distributions.find,
    list: distributions.list,
    create: distributions.create,
    update: distributions.update,
  };
}
