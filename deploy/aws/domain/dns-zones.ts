import {
  type Change,
  ChangeResourceRecordSetsCommand,
  GetChangeCommand,
  GetHostedZoneCommand,
  type HostedZone,
  ListHostedZonesByNameCommand,
  type ListHostedZonesByNameCommandInput,
  type ListHostedZonesByNameCommandOutput,
  ListResourceRecordSetsCommand,
  type ListResourceRecordSetsCommandInput,
  type ListResourceRecordSetsCommandOutput,
  type ResourceRecordSet,
  type Route53Client,
  type RRType,
} from "@aws-sdk/client-route-53";
import {
  absolute,
  type DnsRecord,
  type RecordChange,
  withoutDot,
  type Zone,
} from "../../core/domain/dns.ts";
import type { DnsZones } from "../../estate-ports.ts";
import { toFailure } from "../failure.ts";
import { idFromRoute53, nameFromRoute53 } from "./record-names.ts";

/** Route 53 over the AWS SDK. Every failure is a SlipwayError of kind "cloud". */
export function createDnsZones(client: Route53Client): DnsZones {
  return {
    list: () => listZones(client),

    async nameServers(zone) {
      try {
        const { DelegationSet } = await client.send(new GetHostedZoneCommand({ Id: zone }));
        return (DelegationSet?.NameServers ?? []).map(withoutDot);
      } catch (error) {
        throw toFailure(error, { action: "route53:GetHostedZone", resource: theZone(zone) });
      }
    },

    async records(zone, names) {
      const found: DnsRecord[] = [];
      for (const name of new Set(names)) found.push(...(await recordsOf(client, zone, name)));
      return found;
    },

    async change(zone, changes) {
      try {
        const { ChangeInfo } = await client.send(
          new ChangeResourceRecordSetsCommand({
            HostedZoneId: zone,
            ChangeBatch: { Comment: "slipway domain", Changes: changes.map(changeOf) },
          }),
        );
        return idFromRoute53(ChangeInfo?.Id ?? "");
      } catch (error) {
        const action = "route53:ChangeResourceRecordSets";
        throw toFailure(asBatchRefusal(error), { action, resource: theZone(zone) });
      }
    },

    async isInSync(change) {
      try {
        const { ChangeInfo } = await client.send(new GetChangeCommand({ Id: change }));
        return ChangeInfo?.Status === "INSYNC";
      } catch (error) {
        throw toFailure(error, { action: "route53:GetChange", resource: `the change ${change}` });
      }
    },
  };
}

/**
 * A refused batch may come in an envelope of its own, which the SDK does not read: the error is then
 * without a name, and what Route 53 said stands in `Messages`.
 */
function asBatchRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !("Messages" in error)) return error;
  const { Messages: said } = error as { readonly Messages: { readonly Message?: unknown } };
  const refusal = new Error([said.Message].flat().join("; "), { cause: error });
  refusal.name = "InvalidChangeBatch";
  return refusal;
}

function theZone(zone: string): string {
  return `the hosted zone ${zone}`;
}

async function listZones(client: Route53Client): Promise<readonly Zone[]> {
  const found: Zone[] = [];
  let place: ListHostedZonesByNameCommandInput | undefined = {};
  try {
    while (place !== undefined) {
      const command: ListHostedZonesByNameCommand = new ListHostedZonesByNameCommand(place);
      const page: ListHostedZonesByNameCommandOutput = await client.send(command);
      found.push(...(page.HostedZones ?? []).map(zoneOf));
      const { IsTruncated, NextDNSName: DNSName, NextHostedZoneId: HostedZoneId } = page;
      place = IsTruncated === true ? { DNSName, HostedZoneId } : undefined;
    }
  } catch (error) {
    const resource = "the hosted zones of the account";
    throw toFailure(error, { action: "route53:ListHostedZonesByName", resource });
  }
  return found;
}

function zoneOf({ Id = "", Name = "", Config }: HostedZone): Zone {
  return {
    id: idFromRoute53(Id),
    name: nameFromRoute53(Name),
    isPrivate: Config?.PrivateZone === true,
  };
}

type RecordPlace = Pick<
  ListResourceRecordSetsCommandInput,
  "StartRecordName" | "StartRecordType" | "StartRecordIdentifier"
>;

/** The list begins at a name and does not end with it, so the first other name is the end. */
async function recordsOf(
  client: Route53Client,
  zone: string,
  name: string,
): Promise<readonly DnsRecord[]> {
  const wanted = absolute(name);
  const found: DnsRecord[] = [];
  let place: RecordPlace | undefined = { StartRecordName: wanted };
  try {
    while (place !== undefined) {
      const command: ListResourceRecordSetsCommand = new ListResourceRecordSetsCommand({
        HostedZoneId: zone,
        ...place,
      });
      const page: ListResourceRecordSetsCommandOutput = await client.send(command);
      const records = (page.ResourceRecordSets ?? []).map(recordOf);
      found.push(...records.filter((record) => record.name === wanted));
      place = placeAfter(page, wanted);
    }
  } catch (error) {
    throw toFailure(error, { action: "route53:ListResourceRecordSets", resource: theZone(zone) });
  }
  return found;
}

function placeAfter(
  page: ListResourceRecordSetsCommandOutput,
  wanted: string,
): RecordPlace | undefined {
  const { IsTruncated, NextRecordName, NextRecordType, NextRecordIdentifier } = page;
  if (IsTruncated !== true || nameFromRoute53(NextRecordName ?? "") !== wanted) return undefined;
  return {
    StartRecordName: NextRecordName,
    StartRecordType: NextRecordType,
    StartRecordIdentifier: NextRecordIdentifier,
  };
}

function recordOf(set: ResourceRecordSet): DnsRecord {
  return { name: nameFromRoute53(set.Name ?? ""), type: set.Type ?? "", content: contentOf(set) };
}

function contentOf(set: ResourceRecordSet): DnsRecord["content"] {
  const { SetIdentifier: setIdentifier, AliasTarget: alias } = set;
  if (setIdentifier !== undefined) return { kind: "routed", setIdentifier };
  if (alias !== undefined) {
    return { kind: "alias", target: absolute(alias.DNSName ?? ""), zone: alias.HostedZoneId ?? "" };
  }
  const values = (set.ResourceRecords ?? []).map(({ Value }) => Value ?? "");
  return { kind: "values", ttl: set.TTL ?? 0, values };
}

function changeOf({ action, record }: RecordChange): Change {
  const { name, type, content } = record;
  const common = { Name: name, Type: type as RRType };
  switch (content.kind) {
    case "values": {
      const ResourceRecords = content.values.map((Value) => ({ Value }));
      return {
        Action: action,
        ResourceRecordSet: { ...common, TTL: content.ttl, ResourceRecords },
      };
    }
    case "alias": {
      // CloudFront has no health to evaluate (BC route53 AliasTarget).
      const AliasTarget = {
        DNSName: content.target,
        HostedZoneId: content.zone,
        EvaluateTargetHealth: false,
      };
      return { Action: action, ResourceRecordSet: { ...common, AliasTarget } };
    }
    case "routed":
      throw new TypeError(`${name} ${type} is one of several and not ours to change`);
  }
}
