import { describe, expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderDomainPlan } from "../../deploy/cli/render-domain.ts";
import { bringDomain } from "../../deploy/commands/domain.ts";
import type { DomainRule } from "../../deploy/core/domain/blocker.ts";
import type { DomainWanted } from "../../deploy/core/domain/found.ts";
import {
  createDomainWorld,
  type DomainWorld,
  OTHER_SERVERS,
  SERVERS,
} from "../support/memory-domain.ts";
import { bareDistributionConfig } from "../support/memory-estate.ts";

/** What stops `slipway domain` before anything is created, and what only earns a remark. */

const WANTED: DomainWanted = {
  canonical: "www.example.com",
  also: ["example.com"],
  account: undefined,
  elsewhere: false,
  replace: false,
};

type Case = {
  readonly arrange: (world: DomainWorld) => void;
  readonly wanted?: Partial<DomainWanted>;
  readonly distribution?: string | undefined;
};

async function run({ arrange, wanted = {}, ...rest }: Case) {
  const world = createDomainWorld();
  world.addZone("example.com");
  world.delegations.set("example.com", SERVERS);
  arrange(world);
  const distribution = "distribution" in rest ? rest.distribution : world.distribution.id;
  const options = { wanted: { ...WANTED, ...wanted }, distribution, tags: {}, timeout: 3_600_000 };
  return { world, result: await bringDomain(options, world.ports()) };
}

const edit = (world: DomainWorld, from: string, to: string) =>
  world.distributions.stored.set(world.distribution.id, {
    ...world.distribution,
    config: world.distribution.config.replace(from, to),
  });

const BLOCKED: readonly (readonly [string, readonly DomainRule[], RegExp, Case])[] = [
  [
    "a name with a typo, whose domain nobody has",
    ["domain-typo", "domain-typo"],
    /the zone example\.com/,
    { arrange: () => {}, wanted: { canonical: "www.exmaple.com", also: ["exmaple.com"] } },
  ],
  [
    "a name with a typo, whose domain somebody else has",
    ["domain-typo"],
    /--dns-elsewhere/,
    {
      arrange: (world) => world.delegations.set("exampel.com", OTHER_SERVERS),
      wanted: { canonical: "www.exampel.com", also: [] },
    },
  ],
  [
    "a domain that is not registered",
    ["domain-unknown"],
    /register the domain/,
    { arrange: () => {}, wanted: { canonical: "www.another-brand.org", also: [] } },
  ],
  [
    "a domain below a registry's own, not registered",
    ["domain-unknown"],
    /register the domain/,
    {
      arrange: (world) => world.delegations.set("co.uk", OTHER_SERVERS),
      wanted: { canonical: "www.another-brand.co.uk", also: [] },
    },
  ],
  [
    "a zone that the registrar does not name",
    ["zone-not-delegated", "zone-not-delegated"],
    /ns-1\.awsdns-01\.org/,
    { arrange: (world) => world.delegations.set("example.com", OTHER_SERVERS) },
  ],
  [
    "a zone of a domain that is not delegated at all",
    ["domain-unknown", "domain-unknown"],
    /at the registrar: ns-1/,
    { arrange: (world) => world.delegations.delete("example.com") },
  ],
  [
    "a delegation to servers that do not answer",
    ["zone-not-delegated", "zone-not-delegated"],
    /do not answer for it/,
    { arrange: (world) => world.delegations.set("example.com", "broken") },
  ],
  [
    "CAA records that do not name Amazon",
    ["caa", "caa"],
    /0 issue "amazon\.com"/,
    {
      arrange: (world) =>
        world.caa.set("example.com", [{ tag: "issue", value: "letsencrypt.org" }]),
    },
  ],
  [
    "another account's keys",
    ["wrong-account"],
    /AWS_PROFILE/,
    { arrange: () => {}, wanted: { account: "999988887777" } },
  ],
  [
    "no distribution",
    ["distribution-missing"],
    /slipway setup/,
    { arrange: () => {}, distribution: undefined },
  ],
  [
    "a distribution that the account does not have",
    ["distribution-missing"],
    /slipway setup/,
    { arrange: () => {}, distribution: "E0NOSUCHONE" },
  ],
  [
    "a disabled distribution",
    ["distribution-disabled"],
    /Enable it/,
    { arrange: (world) => edit(world, "<Enabled>true<", "<Enabled>false<") },
  ],
  [
    "a distribution for tenants",
    ["distribution-kind"],
    /tenants/,
    {
      arrange: (world) =>
        edit(
          world,
          "</DistributionConfig>",
          "<ConnectionMode>tenant-only</ConnectionMode></DistributionConfig>",
        ),
    },
  ],
  [
    "a name that another distribution has",
    ["alias-taken"],
    /associate-alias/,
    {
      arrange: (world) =>
        world.distributions.add(
          bareDistributionConfig({ reference: "other" }).replace(
            "<Aliases><Quantity>0</Quantity></Aliases>",
            "<Aliases><Quantity>1</Quantity><Items><CNAME>example.com</CNAME></Items></Aliases>",
          ),
        ),
    },
  ],
  [
    "a name that is named twice",
    ["name-repeated"],
    /named twice/,
    { arrange: () => {}, wanted: { also: ["example.com", "www.example.com"] } },
  ],
  [
    "several mistakes, which are told together",
    ["wrong-account", "distribution-disabled", "caa", "caa"],
    /AWS_PROFILE/,
    {
      arrange: (world) => {
        edit(world, "<Enabled>true<", "<Enabled>false<");
        world.caa.set("example.com", [{ tag: "issue", value: ";" }]);
      },
      wanted: { account: "999988887777" },
    },
  ],
];

describe("slipway domain stops before it creates anything", () => {
  it.each(BLOCKED)("with %s", async (_, rules, says, given) => {
    const { world, result } = await run(given);
    expect(result.kind).toBe("refused");
    expect(result.plan.blockers.map(({ rule }) => rule)).toEqual(rules);
    expect(JSON.stringify(result.plan.blockers)).toMatch(
      new RegExp(says.source.replace(/"/g, '\\\\"')),
    );
    const writes = world.calls.filter((call) => /^(?:request|change|update)/.test(call));
    expect(writes).toEqual([]);
  });
});

const REMARKED: readonly (readonly [string, RegExp, Case])[] = [
  [
    "two zones of one name: the one that is delegated",
    /another zone of the name example\.com \(Z2\) is not asked/,
    { arrange: (world) => world.addZone("example.com", { servers: OTHER_SERVERS }) },
  ],
  [
    "a private zone of the same name",
    /the private zone example\.com \(Z2\) is left alone/,
    { arrange: (world) => world.addZone("example.com", { isPrivate: true }) },
  ],
  [
    "a longer zone that nobody asks: the shorter one",
    /next deploy/,
    { arrange: (world) => world.addZone("www.example.com", { servers: OTHER_SERVERS }) },
  ],
  [
    "servers of somebody else beside the right ones",
    /also delegated to ada\.ns\.example-dns\.net/,
    {
      arrange: (world) =>
        world.delegations.set("example.com", [...SERVERS, ...OTHER_SERVERS.slice(0, 1)]),
    },
  ],
  [
    "a distribution that is still in progress",
    /still taking in an earlier change/,
    {
      arrange: (world) =>
        world.distributions.stored.set(world.distribution.id, {
          ...world.distribution,
          status: "in-progress",
        }),
    },
  ],
  [
    "CAA records that keep Amazon out, as long as the certificate lasts",
    /will not renew the certificate: Amazon may not issue/,
    {
      arrange: (world) => {
        world.addCertificate({ names: ["example.com", "www.example.com"] });
        world.caa.set("example.com", [{ tag: "issue", value: "letsencrypt.org" }]);
      },
    },
  ],
  [
    "another name of the distribution whose domain is gone, with a certificate that covers it",
    /next deploy/,
    {
      arrange: (world) => {
        world.addCertificate({ names: ["example.com", "www.example.com", "gone.example"] });
        edit(
          world,
          "<Aliases><Quantity>0</Quantity></Aliases>",
          "<Aliases><Quantity>1</Quantity><Items><CNAME>gone.example</CNAME></Items></Aliases>",
        );
      },
    },
  ],
  [
    "a certificate that failed",
    /cannot be used: a CAA record/,
    {
      arrange: (world) =>
        world.addCertificate({
          names: ["example.com", "www.example.com"],
          status: "failed",
          failure: "CAA_ERROR",
        }),
    },
  ],
  [
    "a certificate with a key that CloudFront does not take",
    /EC_secp384r1/,
    {
      arrange: (world) =>
        world.addCertificate({
          names: ["example.com", "*.example.com"],
          keyAlgorithm: "EC_secp384r1",
        }),
    },
  ],
];

describe("slipway domain goes on", () => {
  it.each(REMARKED)("with %s", async (_, says, given) => {
    const { world, result } = await run(given);
    expect(result.plan.blockers).toEqual([]);
    expect(result.kind).toBe("live");
    expect(result.plan.notes.join("\n")).toMatch(says);
    const others = world.zones.slice(1).map(({ records }) => records.length);
    expect(others.every((count) => count === 0)).toBe(true);
  });

  it("with a certificate in the site's own region, which it cannot use", async () => {
    const world = createDomainWorld();
    world.addZone("example.com");
    world.delegations.set("example.com", SERVERS);
    const misplaced = {
      ...world.addCertificate({ names: ["example.com", "www.example.com"] }),
      arn: "arn:aws:acm:eu-west-1:111122223333:certificate/9",
    };
    world.certificates.clear();
    const regional = { listFor: async () => [misplaced] };
    const options = {
      wanted: WANTED,
      distribution: world.distribution.id,
      tags: {},
      timeout: 3_600_000,
    };
    const result = await bringDomain(options, { ...world.ports(), regional });
    expect(result.kind).toBe("live");
    expect(result.plan.notes.join("\n")).toContain("certificate/9 is not in us-east-1");
  });
});

describe("a name that nobody knows yet", () => {
  it.each([
    ["whose domain is not registered", { canonical: "www.another-brand.org", also: [] }, {}],
    ["without a distribution", {}, { distribution: undefined }],
  ])("is not said to lead anywhere: %s", async (_, wanted, more) => {
    const { result } = await run({ arrange: () => {}, wanted, ...more });
    expect(result.plan.steps).toContainEqual({ kind: "addresses", state: "open" });
    for (const line of renderDomainPlan(result.plan, createPaint(false))) {
      expect(line).toBe(line.trimEnd());
    }
    expect(renderDomainPlan(result.plan, createPaint(false)).join("\n")).toMatch(
      /• let the names lead to the distribution/,
    );
  });
});
