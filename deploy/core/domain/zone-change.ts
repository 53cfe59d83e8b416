import type { ValidationRecord } from "./certificate.ts";
import { absolute, isWithin, type RecordChange, withoutDot } from "./dns.ts";
import type { Place } from "./place.ts";

/** A record that a person enters at another DNS host. `ALIAS`: its own word for a CNAME at the apex. */
export type EnteredRecord = {
  readonly name: string;
  readonly type: "CNAME" | "ALIAS";
  readonly value: string;
  /** The zone that it belongs to, without the dot at its end. */
  readonly zone: string;
};

export type ZoneChange = {
  readonly zone: string;
  readonly zoneName: string;
  readonly changes: readonly RecordChange[];
};

/** The validation records by the zone that takes them; `enter`: those of another DNS host. */
export function validationTargets(
  records: readonly ValidationRecord[],
  places: readonly Place[],
): { readonly write: readonly ZoneChange[]; readonly enter: readonly EnteredRecord[] } {
  const zones = places.flatMap((place) => (place.kind === "zone" ? [place.zone] : []));
  const apexes = places.flatMap((place) =>
    place.kind === "elsewhere" ? [{ name: place.apex }] : [],
  );
  let write: readonly ZoneChange[] = [];
  const enter: EnteredRecord[] = [];
  for (const { name, value } of records) {
    const zone = nearest(name, zones);
    if (zone === undefined) {
      const apex = nearest(name, apexes)?.name ?? name;
      enter.push({ name: withoutDot(name), type: "CNAME", value, zone: withoutDot(apex) });
    } else {
      write = addToZone(write, zone, [validationChange({ name, value })]);
    }
  }
  return { write, enter };
}

/** How long resolvers may keep a validation record, in seconds; it never changes. */
const VALIDATION_TTL = 300;

function validationChange({ name, value }: ValidationRecord): RecordChange {
  const content = { kind: "values", ttl: VALIDATION_TTL, values: [absolute(value)] } as const;
  return { action: "UPSERT", record: { name: absolute(name), type: "CNAME", content } };
}

function nearest<Named extends { readonly name: string }>(
  name: string,
  candidates: readonly Named[],
): Named | undefined {
  return candidates
    .filter((candidate) => isWithin(name, candidate.name))
    .toSorted((a, b) => b.name.length - a.name.length)[0];
}

/** Adds changes to those of the same zone; a zone without any is left out. */
export function addToZone(
  changes: readonly ZoneChange[],
  { id, name }: { readonly id: string; readonly name: string },
  added: readonly RecordChange[],
): readonly ZoneChange[] {
  if (added.length === 0) return changes;
  const earlier = changes.find(({ zone }) => zone === id)?.changes ?? [];
  const others = changes.filter(({ zone }) => zone !== id);
  return [...others, { zone: id, zoneName: withoutDot(name), changes: [...earlier, ...added] }];
}
