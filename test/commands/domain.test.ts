import { describe, expect, it } from "vitest";
import { bringDomain } from "../../deploy/commands/domain.ts";
import { removeDomain } from "../../deploy/commands/domain-remove.ts";
import { domainStatus } from "../../deploy/commands/domain-status.ts";
import type { DomainWanted } from "../../deploy/core/domain/found.ts";
import { readDistributionNames } from "../../deploy/core/domain/viewer-certificate.ts";
import { failureOf } from "../support/failure.ts";
import {
  createDomainWorld,
  Died,
  type DomainWorld,
  OTHER_SERVERS,
  recordsFor,
  SERVERS,
  siteConfig,
} from "../support/memory-domain.ts";

const WANTED: DomainWanted = {
  canonical: "www.example.com",
  also: ["example.com"],
  account: undefined,
  elsewhere: false,
  replace: false,
};
const HOUR = 3_600_000;

function optionsFor(world: DomainWorld, wanted: Partial<DomainWanted> = {}, timeout = HOUR) {
  const tags = { "slipway:site": "example" };
  return { wanted: { ...WANTED, ...wanted }, distribution: world.distribution.id, tags, timeout };
}

/** The domain is in Route 53 of the same account. */
function routeWorld(config?: string): DomainWorld {
  const world = createDomainWorld(config === undefined ? {} : { config });
  world.addZone("example.com");
  world.delegations.set("example.com", SERVERS);
  return world;
}

/** The domain is at another DNS host. */
function foreignWorld(): DomainWorld {
  const world = createDomainWorld();
  world.delegations.set("example.com", OTHER_SERVERS);
  return world;
}

const bring = (world: DomainWorld, wanted: Partial<DomainWanted> = {}, timeout?: number) =>
  bringDomain(optionsFor(world, wanted, timeout), world.ports());

/** What is left in the world, without its history. */
function endState(world: DomainWorld) {
  return {
    config: world.stored().config.replace(/certificate\/\d+/, "certificate/N"),
    certificates: [...world.certificates.values()].map(({ names, status }) => ({ names, status })),
    records: world.zones.map(({ records }) =>
      records.toSorted((a, b) => (a.name + a.type < b.name + b.type ? -1 : 1)),
    ),
    foreign: [...world.foreign].sort(),
  };
}

describe("slipway domain, with the zone in Route 53", () => {
  it("goes the whole way from nothing to a site that answers under every name", async () => {
    const world = routeWorld();
    const result = await bring(world);
    expect(result.kind).toBe("live");
    const names = readDistributionNames(world.stored().config);
    expect(names.aliases).toEqual(["www.example.com", "example.com"]);
    expect(world.certificates.get(names.certificate ?? "")).toMatchObject({ status: "issued" });
    const records = world.zones[0]?.records.map(({ name, type }) => `${type} ${name}`).sort();
    expect(records).toEqual([
      "A example.com.",
      "A www.example.com.",
      "AAAA example.com.",
      "AAAA www.example.com.",
      "CNAME _v.example.com.",
      "CNAME _v.www.example.com.",
    ]);
  });

  it("keeps every other byte of the distribution's configuration", async () => {
    const world = routeWorld();
    const before = world.stored().config;
    await bring(world);
    const after = world.stored().config;
    const without = (config: string) =>
      config
        .replace(/<Aliases>.*<\/Aliases>/, "")
        .replace(/<ViewerCertificate>.*<\/ViewerCertificate>/, "");
    expect(without(after)).toBe(without(before));
  });

  it("finds nothing to do the second time, and asks nobody for leave", async () => {
    const world = routeWorld();
    await bring(world);
    const before = endState(world);
    world.answers.confirmation = false;
    world.calls.length = 0;
    const again = await bring(world);
    expect(again.kind).toBe("live");
    expect(world.calls.filter((call) => /^(?:request|change|update)/.test(call))).toEqual([]);
    expect(again.plan.steps.filter(({ state }) => state === "open")).toEqual([]);
    expect(endState(world)).toEqual(before);
  });

  it("moves the names only when the edges know them", async () => {
    const world = routeWorld();
    await bring(world);
    const deeds = world.events.flatMap((event) =>
      event.kind === "domain-done" ? [event.deed] : [],
    );
    expect(deeds).toEqual([
      "certificate-requested",
      "validation-written",
      "certificate-issued",
      "names-attached",
      "addresses-written",
    ]);
    const waits = world.events.flatMap((event) =>
      event.kind === "domain-wait" ? [event.for] : [],
    );
    expect(new Set(waits)).toEqual(
      new Set(["validation-records", "certificate", "distribution", "records"]),
    );
  });

  it("does nothing without consent", async () => {
    const world = routeWorld();
    const before = endState(world);
    world.answers.confirmation = false;
    expect((await bring(world)).kind).toBe("declined");
    expect(endState(world)).toEqual(before);
  });

  it("makes its change again when somebody else changed the distribution at the same moment", async () => {
    const world = routeWorld();
    const ports = world.ports();
    let isFirst = true;
    const update: typeof ports.distributions.update = async (stored, config) => {
      if (isFirst) {
        isFirst = false;
        world.distributions.change(stored.id, (text) => text.replace("by hand", "by somebody"));
      }
      return await ports.distributions.update(stored, config);
    };
    const distributions = { ...ports.distributions, update };
    const result = await bringDomain(optionsFor(world), { ...ports, distributions });
    expect(result.kind).toBe("live");
    expect(world.stored().config).toContain("by somebody");
  });

  it("uses a certificate that is there, and covers the names it already has", async () => {
    const world = routeWorld();
    const names = ["example.com", "*.example.com"];
    const { arn } = world.addCertificate({ names, keyAlgorithm: "EC_prime256v1" });
    expect((await bring(world)).kind).toBe("live");
    expect(world.certificates.size).toBe(1);
    expect(readDistributionNames(world.stored().config).certificate).toBe(arn);
  });

  it("restores a validation record that is gone, for the sake of the renewal", async () => {
    const world = routeWorld();
    await bring(world);
    const [zone] = world.zones;
    if (zone === undefined) throw new Error("no zone");
    zone.records = zone.records.filter(({ name }) => !name.startsWith("_v."));
    const status = await domainStatus(optionsFor(world), world.ports());
    expect(status.warnings.join("\n")).toContain("_v.www.example.com is gone");
    expect((await bring(world)).kind).toBe("live");
    expect(zone.records.filter(({ name }) => name.startsWith("_v."))).toHaveLength(2);
    expect((await domainStatus(optionsFor(world), world.ports())).warnings).toEqual([]);
  });

  it("says what to do when a name answers otherwise than it should", async () => {
    const world = routeWorld();
    world.publishesRedirect = false;
    const result = await bring(world);
    expect(result.kind).toBe("unproven");
    const wrong =
      result.kind === "unproven" ? result.proofs.filter(({ kind }) => kind !== "as-wanted") : [];
    expect(wrong).toMatchObject([
      { url: "https://example.com/", got: "200", next: expect.stringContaining("slipway deploy") },
    ]);
  });

  it("gives up waiting when the time is over, and a rerun goes on", async () => {
    const world = routeWorld();
    const first = await bring(world, {}, 20_000);
    expect(first).toMatchObject({ kind: "waiting", for: "certificate", because: "time-out" });
    expect((await bring(world)).kind).toBe("live");
    expect(world.certificates.size).toBe(1);
  });

  it("stops waiting when it is interrupted", async () => {
    const world = routeWorld();
    world.interruption.requested = true;
    expect(await bring(world)).toMatchObject({ kind: "waiting", because: "interrupted" });
    world.interruption.requested = false;
    expect((await bring(world)).kind).toBe("live");
  });

  it.each([
    ["failed", "CAA_ERROR", "CAA"],
    ["failed", "DOMAIN_NOT_ALLOWED", "unsafe"],
    ["timed-out", undefined, "72 hours"],
  ] as const)(
    "explains a certificate that %s (%s), and asks for another the next time",
    async (status, failure, why) => {
      const world = routeWorld();
      world.fate = { status, failure };
      const { kind, text } = await failureOf(bring(world));
      expect({ kind, why: text.why }).toEqual({ kind: "cloud", why: expect.stringContaining(why) });
      world.fate = { status: "issued", failure: undefined };
      expect((await bring(world)).kind).toBe("live");
      expect([...world.certificates.values()].map((one) => one.status)).toEqual([status, "issued"]);
    },
  );
});

describe("records in the way", () => {
  const cname = {
    name: "www.example.com.",
    type: "CNAME",
    content: { kind: "values", ttl: 60, values: ["old.example-host.net"] },
  } as const;

  it("stop everything before anything is created", async () => {
    const world = routeWorld();
    world.zones[0]?.records.push(cname);
    const before = endState(world);
    const result = await bring(world);
    expect(result.kind).toBe("refused");
    expect(result.plan.blockers).toMatchObject([
      { rule: "record-in-the-way", why: "www.example.com CNAME old.example-host.net" },
    ]);
    expect(endState(world)).toEqual(before);
  });

  it.each(["by an answer", "by the flag"])(
    "are replaced in one batch once that is agreed to, %s",
    async (how) => {
      const world = routeWorld();
      world.zones[0]?.records.push(cname);
      world.answers.replacement = how === "by an answer";
      const result = await bring(world, { replace: how === "by the flag" });
      expect(result.kind).toBe("live");
      const left = world.zones[0]?.records.filter(({ name }) => name === "www.example.com.");
      expect(left?.map(({ type }) => type).sort()).toEqual(["A", "AAAA"]);
    },
  );

  it("of the same type are replaced where they are", async () => {
    const world = routeWorld();
    const content = { kind: "values", ttl: 60, values: ["192.0.2.1"] } as const;
    world.zones[0]?.records.push({ name: "example.com.", type: "A", content });
    const result = await bring(world, { replace: true });
    expect(result.kind).toBe("live");
    expect(result.plan.addresses.replaced).toMatchObject([{ name: "example.com.", type: "A" }]);
  });

  it("that have a routing policy are never touched", async () => {
    const world = routeWorld();
    const content = { kind: "routed", setIdentifier: "blue" } as const;
    world.zones[0]?.records.push({ name: "www.example.com.", type: "A", content });
    const result = await bring(world, { replace: true });
    expect(result.plan.blockers.map(({ rule }) => rule)).toEqual(["record-routed"]);
  });
});

describe("slipway domain, with the DNS elsewhere", () => {
  it("names the records to enter, waits for them, and proves the end", async () => {
    const world = foreignWorld();
    const result = await bring(world);
    expect(result.kind).toBe("live");
    const told = world.events.flatMap((event) =>
      event.kind === "domain-enter" ? [event.records] : [],
    );
    const target = `${world.distribution.domainName}.`;
    expect(told).toMatchObject([
      [
        { name: "_v.example.com", type: "CNAME", zone: "example.com" },
        { name: "_v.www.example.com", type: "CNAME", zone: "example.com" },
      ],
      [
        { name: "www.example.com", type: "CNAME", value: target },
        { name: "example.com", type: "ALIAS", value: target },
      ],
    ]);
  });

  it("does not ask again for records that a visit shows to be there", async () => {
    const world = foreignWorld();
    await bring(world);
    world.events.length = 0;
    expect((await bring(world)).kind).toBe("live");
    expect(world.events.filter(({ kind }) => kind === "domain-enter")).toEqual([]);
    const { enter, plan } = await domainStatus(optionsFor(world), world.ports());
    expect(enter).toEqual([]);
    expect(plan.steps.map(({ state }) => state)).toEqual(plan.steps.map(() => "done"));
  });

  it("ends without them when nobody enters them in time, and tells them again", async () => {
    const world = foreignWorld();
    world.hasHelper = false;
    const first = await bring(world, {}, 60_000);
    expect(first).toMatchObject({ kind: "waiting", for: "certificate", because: "time-out" });
    expect(first.kind === "waiting" && first.enter).toHaveLength(2);
    const second = await bring(world, {}, 60_000);
    expect(second.kind === "waiting" && second.enter).toHaveLength(2);
    world.hasHelper = true;
    expect((await bring(world)).kind).toBe("live");
    expect(world.certificates.size).toBe(1);
  });

  it("is what a leftover zone of the account needs --dns-elsewhere for", async () => {
    const world = foreignWorld();
    world.addZone("example.com");
    const refused = await bring(world);
    expect(refused.plan.blockers.map(({ rule }) => rule)).toEqual([
      "zone-not-delegated",
      "zone-not-delegated",
    ]);
    expect((await bring(world, { elsewhere: true })).kind).toBe("live");
    expect(world.zones[0]?.records).toEqual([]);
  });
});

describe("slipway domain status", () => {
  it("tells each step and writes nothing", async () => {
    const world = routeWorld();
    const before = endState(world);
    const fresh = await domainStatus(optionsFor(world), world.ports());
    expect(fresh.certificate).toBeUndefined();
    expect(fresh.plan.steps.map(({ state }) => state)).toEqual([
      ...Array.from({ length: 6 }, () => "open"),
      "unseen",
    ]);
    expect(endState(world)).toEqual(before);
    await bring(world);
    const arranged = await domainStatus(optionsFor(world), world.ports());
    expect(arranged.daysLeft).toBe(197);
    expect(arranged.proofs.every(({ kind }) => kind === "as-wanted")).toBe(true);
  });
});

describe("slipway domain remove", () => {
  const remove = (world: DomainWorld, names: readonly string[] = [], timeout = HOUR) =>
    removeDomain({ ...optionsFor(world, {}, timeout), names }, world.ports());

  it("takes the records away before the names, and keeps certificate and validation", async () => {
    const world = routeWorld();
    await bring(world);
    world.calls.length = 0;
    expect((await remove(world)).kind).toBe("removed");
    const writes = world.calls.filter((call) => /^(?:change|update|is-in-sync)/.test(call));
    expect(writes[0]).toBe("change-records");
    expect(writes.at(-2)).toBe("is-in-sync");
    expect(writes.at(-1)).toBe("update-distribution");
    expect(readDistributionNames(world.stored().config)).toMatchObject({
      aliases: [],
      certificate: undefined,
    });
    expect(world.certificates.size).toBe(1);
    expect(world.zones[0]?.records.map(({ name }) => name).sort()).toEqual(
      recordsFor(["example.com", "www.example.com"]).map(({ name }) => name),
    );
    expect((await remove(world)).kind).toBe("nothing-to-do");
    expect((await bring(world)).kind).toBe("live");
    expect(world.certificates.size).toBe(1);
  });

  it("keeps the names until Route 53's servers have let go of the records", async () => {
    const world = routeWorld();
    await bring(world);
    expect(await remove(world, [], 5_000)).toMatchObject({ kind: "waiting", for: "records" });
    expect(readDistributionNames(world.stored().config).aliases).toHaveLength(2);
    expect((await remove(world)).kind).toBe("removed");
  });

  it("takes one name and leaves the other with the certificate", async () => {
    const world = routeWorld();
    await bring(world);
    expect((await remove(world, ["example.com"])).kind).toBe("removed");
    const { aliases, certificate } = readDistributionNames(world.stored().config);
    expect(aliases).toEqual(["www.example.com"]);
    expect(certificate).toBeDefined();
  });

  it("leaves records alone that lead elsewhere", async () => {
    const world = routeWorld();
    const content = { kind: "values", ttl: 60, values: ["192.0.2.1"] } as const;
    world.zones[0]?.records.push({ name: "example.com.", type: "A", content });
    expect((await remove(world)).kind).toBe("nothing-to-do");
    expect(world.zones[0]?.records).toHaveLength(1);
  });

  it("keeps a name as long as another DNS host leads it here", async () => {
    const world = foreignWorld();
    await bring(world);
    world.hasHelper = false;
    expect(await remove(world, [], 60_000)).toMatchObject({ kind: "waiting", for: "absence" });
    expect(readDistributionNames(world.stored().config).aliases).toHaveLength(2);
    world.hasHelper = true;
    expect((await remove(world)).kind).toBe("removed");
    expect(readDistributionNames(world.stored().config).aliases).toEqual([]);
  });

  it("keeps the apex as long as an ALIAS at another DNS host leads it here, which no query shows", async () => {
    const world = foreignWorld();
    await bring(world);
    world.hasHelper = false;
    world.foreign.delete("www.example.com");
    expect(await remove(world, [], 60_000)).toMatchObject({ kind: "waiting", for: "absence" });
    expect(readDistributionNames(world.stored().config).aliases).toHaveLength(2);
    world.foreign.delete("example.com");
    expect((await remove(world)).kind).toBe("removed");
  });

  it("keeps a name that leads here through a zone that is not the account's to write", async () => {
    const world = foreignWorld();
    await bring(world);
    world.hasHelper = false;
    // A zone of the same name that nobody asks: its records are not those that lead here.
    world.addZone("example.com");
    expect(await remove(world, [], 60_000)).toMatchObject({ kind: "waiting", for: "absence" });
    expect(readDistributionNames(world.stored().config).aliases).toHaveLength(2);
  });

  it("keeps a name that one of several records leads here", async () => {
    const world = routeWorld();
    await bring(world);
    const records = world.zones[0]?.records ?? [];
    const mine = records.find(({ name, type }) => name === "www.example.com." && type === "A");
    const hidden = { kind: "routed", setIdentifier: "blue" } as const;
    const ports = world.ports();
    const asRouted = {
      ...ports.zones,
      records: async (zone: string, names: readonly string[]) =>
        (await ports.zones.records(zone, names))
          .filter(({ name, type }) => name !== "www.example.com." || type === "A")
          .map((one) => (one === mine ? { ...one, content: hidden } : one)),
    };
    const options = { ...optionsFor(world, {}, 60_000), names: ["www.example.com"] };
    expect(await removeDomain(options, { ...ports, zones: asRouted })).toMatchObject({
      kind: "waiting",
      for: "absence",
    });
    expect(readDistributionNames(world.stored().config).aliases).toHaveLength(2);
  });

  it("refuses a name that is not the site's", async () => {
    const world = routeWorld();
    expect((await failureOf(remove(world, ["www.example.org"]))).kind).toBe("usage");
  });
});

describe("a record that somebody makes while the run waits", () => {
  it("is not replaced: nobody has agreed to that", async () => {
    const world = routeWorld();
    const theirs = {
      name: "www.example.com.",
      type: "A",
      content: { kind: "values", ttl: 60, values: ["192.0.2.7"] },
    } as const;
    const ports = {
      ...world.ports(),
      confirm: async () => {
        world.zones[0]?.records.push(theirs);
        return true;
      },
    };
    await expect(bringDomain(optionsFor(world), ports)).rejects.toThrow(/exists/);
    expect(world.zones[0]?.records).toContainEqual(theirs);
  });
});

describe("a zone below the one that is delegated", () => {
  it("takes no records, though its servers are the same: nobody asks for it", async () => {
    const world = createDomainWorld();
    const below = world.addZone("www.example.com");
    const asked = world.addZone("example.com");
    world.delegations.set("example.com", SERVERS);
    expect((await bring(world)).kind).toBe("live");
    expect(below.records).toEqual([]);
    expect(asked.records.some(({ name }) => name === "www.example.com.")).toBe(true);
  });
});

/** A process that dies at its k-th call, and one that comes after it, for every k. */
describe("a run that dies", () => {
  it.each([
    ["before a call has its effect", false, routeWorld],
    ["after it, so that nobody hears of it", true, routeWorld],
    ["before a call has its effect, with the DNS elsewhere", false, foreignWorld],
    ["after it, with the DNS elsewhere", true, foreignWorld],
  ] as const)(
    "%s, is finished by the next, and nothing is there twice",
    async (_, afterEffect, build) => {
      const whole = build();
      await bring(whole);
      const wanted = endState(whole);
      for (let k = 1; k <= whole.calls.length; k++) {
        const world = build();
        Object.assign(world, { diesAt: k, diesAfterEffect: afterEffect });
        await expect(bring(world), `call ${k}: ${whole.calls[k - 1]}`).rejects.toThrow(Died);
        expect((await bring(world)).kind).toBe("live");
        expect(endState(world), `call ${k}: ${whole.calls[k - 1]}`).toEqual(wanted);
      }
      expect(whole.calls.length).toBeGreaterThan(30);
    },
  );

  it("while it removes names, never leaves one that leads to a distribution without it", async () => {
    const whole = routeWorld();
    await bring(whole);
    whole.calls.length = 0;
    await removeDomain({ ...optionsFor(whole), names: [] }, whole.ports());
    const total = whole.calls.length;
    const wanted = endState(whole);
    for (let k = 1; k <= total; k++) {
      const world = routeWorld();
      await bring(world);
      world.calls.length = 0;
      Object.assign(world, { diesAt: k, diesAfterEffect: true });
      await expect(
        removeDomain({ ...optionsFor(world), names: [] }, world.ports()),
      ).rejects.toThrow(Died);
      const { aliases } = readDistributionNames(world.stored().config);
      const leading =
        world.zones[0]?.records.filter(({ content }) => content.kind === "alias") ?? [];
      expect(leading.every(({ name }) => aliases.includes(name.slice(0, -1)))).toBe(true);
      await removeDomain({ ...optionsFor(world), names: [] }, world.ports());
      expect(endState(world)).toEqual(wanted);
    }
  });
});

describe("a distribution that has other names", () => {
  it("gets a certificate for those too, because CloudFront refuses any other", async () => {
    const config = siteConfig().replace(
      "<Aliases><Quantity>0</Quantity></Aliases>",
      "<Aliases><Quantity>1</Quantity><Items><CNAME>shop.example.com</CNAME></Items></Aliases>",
    );
    const world = routeWorld(config);
    expect((await bring(world)).kind).toBe("live");
    const [certificate] = world.certificates.values();
    expect(certificate?.names).toEqual(["www.example.com", "example.com", "shop.example.com"]);
    expect(world.zones[0]?.records.some(({ name }) => name === "shop.example.com.")).toBe(false);
  });
});
