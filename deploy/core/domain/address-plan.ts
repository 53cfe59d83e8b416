import { type AddressWish, addressChange } from "./address-records.ts";
import { absolute, type DnsRecord, withoutDot } from "./dns.ts";
import type { FoundHost } from "./found.ts";
import type { Place } from "./place.ts";
import { addToZone, type EnteredRecord, type ZoneChange } from "./zone-change.ts";

/** How the site's names are made to lead to the distribution. */
export type AddressPlan = {
  readonly write: readonly ZoneChange[];
  readonly enter: readonly EnteredRecord[];
  /** Records of somebody else that go away for it. */
  readonly replaced: readonly DnsRecord[];
};

/** The records of all hosts: written where the account has the zone, else for a person to enter. */
export function planAddresses(
  hosts: readonly FoundHost[],
  places: ReadonlyMap<string, Place>,
  to: Omit<AddressWish, "host">,
): AddressPlan {
  let write: readonly ZoneChange[] = [];
  const enter: EnteredRecord[] = [];
  const replaced: DnsRecord[] = [];
  for (const found of hosts) {
    const place = places.get(found.host);
    if (place?.kind === "zone") {
      const change = addressChange(found.records, { ...to, host: found.host });
      write = addToZone(write, place.zone, change.changes);
      replaced.push(...change.replaced);
    } else if (place?.kind === "elsewhere" && !leadsTo(found, to.target)) {
      enter.push(enteredRecord(found.host, place.apex, to.target));
    }
  }
  return { write, enter, replaced };
}

/** What a person enters for a host; no CNAME can stand at the apex beside its NS records. */
export function enteredRecord(host: string, apex: string, target: string): EnteredRecord {
  const type = absolute(host) === absolute(apex) ? "ALIAS" : "CNAME";
  return { name: host, type, value: absolute(target), zone: withoutDot(apex) };
}

/** Only a CNAME can be seen: the addresses behind an ALIAS differ from place to place. */
export function leadsTo({ cname }: Pick<FoundHost, "cname">, target: string): boolean {
  return cname !== undefined && withoutDot(cname) === withoutDot(target);
}
