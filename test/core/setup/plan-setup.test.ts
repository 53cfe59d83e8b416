import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { carryOut, refresh } from "../../../deploy/commands/carry-out-step.ts";
import { readEstate } from "../../../deploy/commands/read-estate.ts";
import { blueprintOf, edgeNames } from "../../../deploy/core/setup/blueprint.ts";
import type { BucketSettings, Estate } from "../../../deploy/core/setup/estate.ts";
import { planSetup } from "../../../deploy/core/setup/plan-setup.ts";
import { setText } from "../../../deploy/core/setup/xml-edit.ts";
import {
  bareDistributionConfig,
  createMemoryEstate,
  type MemoryEstate,
  NEW_BUCKET,
} from "../../support/memory-estate.ts";
import { runs } from "../../support/slow-tests.ts";

const INPUT = {
  site: "example",
  environment: "production",
  bucket: "example-site",
  region: "eu-west-1",
};
const BLUEPRINT = blueprintOf(INPUT);
const OWNER = "111122223333";

/** A world that somebody began to build: any part may be there, and be wrong. */
type Beginning = {
  readonly bucket: Partial<BucketSettings> | undefined;
  readonly distribution: boolean;
  readonly access: boolean;
  readonly store: boolean;
  readonly policy: boolean;
  readonly functions: readonly boolean[];
};

const beginnings: fc.Arbitrary<Beginning> = fc.record({
  bucket: fc.option(
    fc.record({
      isPrivate: fc.boolean(),
      isOwnerEnforced: fc.boolean(),
      isVersioned: fc.boolean(),
      encryption: fc.constantFrom(
        { kind: "none" } as const,
        { kind: "aes256" } as const,
        { kind: "kms", key: "k" } as const,
      ),
      tags: fc.constantFrom({}, { team: "web" }),
    }),
    { nil: undefined },
  ),
  distribution: fc.boolean(),
  access: fc.boolean(),
  store: fc.boolean(),
  policy: fc.boolean(),
  functions: fc.tuple(fc.boolean(), fc.boolean()),
});

function build(beginning: Beginning): MemoryEstate {
  const estate = createMemoryEstate();
  const { names } = BLUEPRINT;
  if (beginning.bucket !== undefined) {
    const settings = { ...NEW_BUCKET, ...beginning.bucket };
    estate.buckets.set(INPUT.bucket, { owner: OWNER, region: INPUT.region, settings });
  }
  if (beginning.distribution) estate.cloudFront.add(bareDistributionConfig());
  if (beginning.access) estate.accesses.push({ id: "OAC1", name: names.access, signs: true });
  if (beginning.store) estate.stores.set(names.store, { arn: "arn:store", state: "provisioning" });
  if (beginning.policy) estate.policies.set(names.headersPolicy, "policy-1");
  const [request, response] = beginning.functions;
  const found = { arn: "arn:aws:cloudfront::1:function/slipway-x", isLive: false };
  if (request) estate.functions.set(names.viewerRequest, { ...found, store: undefined });
  if (response) estate.functions.set(names.viewerResponse, { ...found, store: undefined });
  return estate;
}

describe("the plan of a set-up", () => {
  it("ends, from any beginning, at an estate with nothing left to do, and its first step can always be done", async () => {
    await fc.assert(
      fc.asyncProperty(beginnings, async (beginning) => {
        const world = build(beginning);
        let estate: Estate = await readEstate(BLUEPRINT, world);
        for (let steps = 0; steps < 40; steps++) {
          const { steps: left, blockers } = planSetup(BLUEPRINT, estate);
          expect(blockers).toEqual([]);
          const [next] = left;
          if (next === undefined) return;
          expect(next.action, next.id).toBeDefined();
          if (next.action === undefined || next.action.kind === "wait") {
            world.cloudFront.settle();
            estate = await readEstate(BLUEPRINT, world);
          } else {
            const { action } = next;
            const outcome = await carryOut(action, BLUEPRINT.tags, world);
            estate = await refresh(
              estate,
              { action, outcome },
              { blueprint: BLUEPRINT, ports: world },
            );
          }
        }
        throw new Error("there was always one more step");
      }),
      { numRuns: runs(100) },
    );
  });

  it("never forgets a step that was shown: what is left is a part of what was planned", async () => {
    await fc.assert(
      fc.asyncProperty(beginnings, async (beginning) => {
        const world = build(beginning);
        const estate = await readEstate(BLUEPRINT, world);
        const shown = planSetup(BLUEPRINT, estate).steps.map(({ id }) => id);
        const [first] = planSetup(BLUEPRINT, estate).steps;
        if (first?.action === undefined || first.action.kind === "wait") return;
        const { action } = first;
        const outcome = await carryOut(action, BLUEPRINT.tags, world);
        const next = await refresh(
          estate,
          { action, outcome },
          { blueprint: BLUEPRINT, ports: world },
        );
        const left = planSetup(BLUEPRINT, next).steps.map(({ id }) => id);
        expect(shown).toEqual(expect.arrayContaining(left));
        expect(left).not.toContain(first.id);
      }),
    );
  });

  it("keeps a key of KMS, and says what that key must allow", async () => {
    const kms = { kind: "kms", key: "arn:key" } as const;
    const world = build({ ...NOTHING, bucket: { encryption: kms } });
    const { steps, notes } = planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world));
    expect(steps.map(({ id }) => id)).not.toContain("bucket-encrypt");
    expect(notes.join()).toMatch(/arn:key: its key policy must allow kms:Decrypt/);
  });

  it("uses the origin access control that the distribution has, if it signs", async () => {
    const world = createMemoryEstate();
    world.accesses.push({ id: "OACTHEIRS", name: "theirs", signs: true });
    const config = bareDistributionConfig().replace(
      "</S3OriginConfig></Origin>",
      "</S3OriginConfig><OriginAccessControlId>OACTHEIRS</OriginAccessControlId></Origin>",
    );
    world.cloudFront.add(config);
    const { steps } = planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world));
    expect(steps.map(({ id }) => id)).not.toContain("edge-access");
  });

  it.each([
    ["is disabled", (text: string) => setText(text, ["Enabled"], "false"), /it is disabled/],
    [
      "serves another bucket",
      (text: string) => text.replace("example-site.s3", "other-site.s3"),
      /it serves other-site.s3.eu-west-1.amazonaws.com/,
    ],
    [
      "begins below the bucket's root",
      (text: string) => text.replace("<OriginPath></", "<OriginPath>/www</"),
      /its origin begins at \/www/,
    ],
    [
      "has the website find its pages, where a function of somebody else has the place of ours",
      (text: string) =>
        text
          .replace("example-site.s3.", "example-site.s3-website.")
          .replace(
            "</ViewerProtocolPolicy>",
            "</ViewerProtocolPolicy><FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>arn:aws:cloudfront::111122223333:function/theirs</FunctionARN><EventType>viewer-request</EventType></FunctionAssociation></Items></FunctionAssociations>",
          ),
      /function\/theirs has the place/,
    ],
  ])("stops at a distribution that %s", async (_, edit, why) => {
    const world = createMemoryEstate();
    const { id } = world.cloudFront.add(edit(bareDistributionConfig()));
    const blueprint = blueprintOf({ ...INPUT, distribution: id });
    const { blockers, steps } = planSetup(blueprint, await readEstate(blueprint, world));
    expect(blockers[0]?.why).toMatch(why);
    expect(steps).toEqual([]);
  });

  it.each([
    ["another site", { "slipway:site": "other" }, /the site other/],
    [
      "another environment of the site",
      { "slipway:site": "example", "slipway:environment": "staging" },
      /the environment staging/,
    ],
  ])("stops at a bucket of %s, whose functions and records it would take over", async (...row) => {
    const [, tags, why] = row;
    const world = build({ ...NOTHING, bucket: { tags } });
    const { blockers, steps } = planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world));
    expect(blockers.map((blocker) => blocker.why)).toEqual([expect.stringMatching(why)]);
    expect(steps).toEqual([]);
  });

  const UNSIGNED =
    "<Origin><Id>old</Id><DomainName>example-site.s3-website.eu-west-1.amazonaws.com</DomainName></Origin>";
  const withOrigin = (config: string) =>
    config.replace("<Quantity>1</Quantity><Items>", `<Quantity>2</Quantity><Items>${UNSIGNED}`);

  it.each([
    [
      "its own distribution",
      (world: MemoryEstate) => [world.cloudFront.add(withOrigin(bareDistributionConfig()))],
    ],
    [
      "another distribution",
      (world: MemoryEstate) => [
        world.cloudFront.add(bareDistributionConfig()),
        world.cloudFront.add(withOrigin(bareDistributionConfig({ bucket: "other-site" }))),
      ],
    ],
  ])(
    "leaves a bucket open that %s still reads without a signature, and says so",
    async (_, add) => {
      const world = build({ ...NOTHING, bucket: { isPrivate: false, isOwnerEnforced: false } });
      const reader = add(world).at(-1)?.id ?? "";
      const { steps, notes, blockers } = planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world));
      expect(blockers).toEqual([]);
      const ids = steps.map(({ id }) => id);
      expect(ids).toContain("distribution");
      expect(ids).not.toContain("bucket-block-public-access");
      expect(ids).not.toContain("bucket-enforce-owner");
      expect(notes.join()).toContain(`${reader} reads it without a signature`);
    },
  );

  it("goes on with a distribution that is in progress", async () => {
    const world = createMemoryEstate();
    world.cloudFront.add(bareDistributionConfig(), "in-progress");
    const { blockers, steps } = planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world));
    expect(blockers).toEqual([]);
    expect(steps.map(({ id }) => id)).toContain("distribution");
  });

  it("goes on with a website whose pages ours can find, whatever runs behind the cache", async () => {
    const world = createMemoryEstate();
    const theirs =
      "<FunctionAssociations><Quantity>1</Quantity><Items><FunctionAssociation><FunctionARN>arn:aws:cloudfront::111122223333:function/theirs</FunctionARN><EventType>viewer-response</EventType></FunctionAssociation></Items></FunctionAssociations>";
    const config = bareDistributionConfig()
      .replace("example-site.s3.", "example-site.s3-website.")
      .replace("</ViewerProtocolPolicy>", `</ViewerProtocolPolicy>${theirs}`);
    world.cloudFront.add(config);
    expect(planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world)).blockers).toEqual([]);
  });

  it("does not choose between two distributions of one bucket", async () => {
    const world = createMemoryEstate();
    world.cloudFront.add(bareDistributionConfig());
    world.cloudFront.add(bareDistributionConfig({ reference: "another" }));
    const { blockers } = planSetup(BLUEPRINT, await readEstate(BLUEPRINT, world));
    expect(blockers[0]?.what).toMatch(/2 distributions serve the bucket/);
  });

  it("stops at a distribution that the config names and nobody has", async () => {
    const blueprint = blueprintOf({ ...INPUT, distribution: "E0MISSING" });
    const { blockers } = planSetup(blueprint, await readEstate(blueprint, createMemoryEstate()));
    expect(blockers[0]?.what).toBe("There is no distribution E0MISSING");
  });
});

const NOTHING: Beginning = {
  bucket: undefined,
  distribution: false,
  access: false,
  store: false,
  policy: false,
  functions: [false, false],
};

describe("the names of an environment's parts", () => {
  it("are at most 64 characters, and differ where the environments do", () => {
    const ids = fc.stringMatching(/^[a-z][a-z0-9-]{0,62}[a-z0-9]$/);
    fc.assert(
      fc.property(ids, ids, (site, environment) => {
        for (const name of Object.values(edgeNames(site, environment))) {
          expect(name.length).toBeLessThanOrEqual(64);
          expect(name).toMatch(/^slipway-[a-z0-9-]+$/);
        }
        expect(edgeNames(site, environment)).not.toEqual(edgeNames(site, `${environment}2`));
      }),
    );
  });

  it("of a site with a short name are its name and the environment's", () => {
    expect(edgeNames("naked-coders", "production").viewerRequest).toBe(
      "slipway-naked-coders-production-viewer-request",
    );
  });
});

describe("the API of a blueprint", () => {
  it("must be reached by https", () => {
    expect(() => blueprintOf({ ...INPUT, api: "http://api.example.com" })).toThrow(
      /CloudFront is not put before http/,
    );
  });

  it("may have a port and a path", () => {
    expect(blueprintOf({ ...INPUT, api: "https://api.example.com:8443/v1/" }).api).toEqual({
      host: "api.example.com",
      port: 8443,
      path: "/v1",
      secret: undefined,
    });
  });
});
