import { expect, it } from "vitest";
import { bringDomain } from "../../deploy/commands/domain.ts";
import { removeDomain } from "../../deploy/commands/domain-remove.ts";
import type { EstateNames } from "../../deploy/core/iam/resources.ts";
import { rolePolicy } from "../../deploy/core/iam/role-policy.ts";
import { ROLES } from "../../deploy/core/iam/roles.ts";
import type { DnsZones } from "../../deploy/estate-ports.ts";
import { simulate } from "../support/iam-simulator.ts";
import { createDomainWorld, SERVERS } from "../support/memory-domain.ts";

/** Every record that `domain` writes or removes, held against the conditions of the admin's policy. */

const NAMES = ["www.example.com", "example.com"];
const ESTATE: EstateNames = {
  bucket: "example-site",
  region: "eu-west-1",
  account: "111122223333",
  functions: ["slipway-example-live-viewer-request", "slipway-example-live-viewer-response"],
  distribution: "E000001MEMORY",
  domains: NAMES,
};

type Change = Parameters<DnsZones["change"]>[1][number];

/** One change as Route 53 shows it to IAM (R53-DG23 specifying-rrset-conditions). */
const requestOf = ({ record }: Change) => ({
  action: "route53:ChangeResourceRecordSets",
  resource: "arn:aws:route53:::hostedzone/Z1",
  context: {
    "route53:ChangeResourceRecordSetsNormalizedRecordNames": [record.name.replace(/\.$/, "")],
    "route53:ChangeResourceRecordSetsRecordTypes": [record.type],
  },
});

it("the admin may write and remove all of them, and nobody else any", async () => {
  const world = createDomainWorld();
  const zone = world.addZone("example.com");
  world.delegations.set("example.com", SERVERS);
  zone.records.push({
    name: "www.example.com.",
    type: "CNAME",
    content: { kind: "values", ttl: 300, values: ["elsewhere.example.net"] },
  });
  const changes: Change[] = [];
  const ports = world.ports();
  const recording = {
    ...ports,
    zones: {
      ...ports.zones,
      change: async (id: string, some: readonly Change[]) => {
        changes.push(...some);
        return await ports.zones.change(id, some);
      },
    },
  };
  const [canonical = "", ...also] = NAMES;
  const wanted = { canonical, also, account: undefined, elsewhere: false, replace: true };
  const where = { distribution: world.distribution.id, tags: {}, timeout: 3_600_000 };
  expect(await bringDomain({ wanted, ...where }, recording)).toMatchObject({ kind: "live" });
  await removeDomain({ wanted, names: [], ...where }, recording);

  const kinds = new Set(changes.map(({ action, record }) => `${action} ${record.type}`));
  expect([...kinds]).toEqual(expect.arrayContaining(["DELETE CNAME", "DELETE A"]));
  for (const change of changes) {
    for (const role of ROLES) {
      const verdict = simulate(rolePolicy(role, ESTATE), requestOf(change));
      expect([change.record.name, role, verdict]).toEqual([
        change.record.name,
        role,
        role === "admin" ? "allow" : "deny",
      ]);
    }
  }
});
