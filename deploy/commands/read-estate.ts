import type { Blueprint } from "../core/setup/blueprint.ts";
import { defaultOriginOf, isBucketDomain } from "../core/setup/distribution-settings.ts";
import {
  type Estate,
  type FoundDistribution,
  type FoundPlace,
  isClosed,
  type LiveRules,
} from "../core/setup/estate.ts";
import { ESTATE_KEY, type EstateRecord, parseEstate } from "../core/setup/estate-record.ts";
import { fieldOf } from "../core/setup/xml-lists.ts";
import type { Account, BucketEstate, Distributions, EdgeEstate } from "../estate-ports.ts";
import type { RecordCodec, StateStore } from "../ports.ts";
import { readBase } from "./state.ts";

export type EstatePorts = {
  readonly account: Account;
  readonly bucket: BucketEstate;
  readonly edge: EdgeEstate;
  readonly distributions: Distributions;
  readonly state: StateStore;
  readonly codec: RecordCodec;
};

/** Reads all of an environment's infrastructure. Writes nothing. */
export async function readEstate(blueprint: Blueprint, ports: EstatePorts): Promise<Estate> {
  const account = await ports.account.identity();
  // With another account's keys nothing that is found means anything; the plan says so.
  const [bucket, edge] = await Promise.all([
    ports.bucket.find(account.id),
    ports.edge.find(blueprint.names),
  ]);
  const hasState = bucket.kind === "found";
  const record = hasState ? await readEstateRecord(ports) : undefined;
  const liveRules = hasState ? await readLiveRules(ports) : undefined;
  const place = await findPlace(blueprint, record, ports.distributions);
  const isOpen = bucket.kind === "found" && !isClosed(bucket.settings);
  const publicReaders = isOpen ? await findPublicReaders(blueprint, place, ports) : undefined;
  return { account, bucket, edge, place, liveRules, record, publicReaders };
}

/** The ids of other distributions that read the bucket as anybody may. */
async function findPublicReaders(
  { bucket }: Blueprint,
  place: FoundPlace,
  { distributions }: EstatePorts,
): Promise<readonly string[]> {
  const own = place.kind === "one" ? place.distribution.id : undefined;
  return (await distributions.list())
    .filter(({ id }) => id !== own)
    .filter(({ unsigned }) => unsigned.some((origin) => isBucketDomain(origin, bucket)))
    .map(({ id }) => id);
}

/** What the manifest says of the CDN. */
export async function readLiveRules(
  ports: Pick<EstatePorts, "state" | "codec">,
): Promise<LiveRules | undefined> {
  const base = await readBase(ports);
  return base.kind === "manifest" ? base.manifest.edge?.state : undefined;
}

/** What an earlier `setup` wrote into the bucket: one request. */
export async function readEstateRecord({
  state,
  codec,
}: Pick<EstatePorts, "state" | "codec">): Promise<EstateRecord | undefined> {
  const stored = await state.read(ESTATE_KEY);
  if (stored.kind !== "found") return undefined;
  let text: string;
  try {
    text = codec.decode(stored.body);
  } catch {
    // Everything in it can be found again.
    return undefined;
  }
  return parseEstate(text);
}

/**
 * Which distribution is the environment's: the one that the config names, or the record, or that bears
 * our comment, or else the only one that serves the bucket.
 */
export async function findPlace(
  { distribution: named, comment, bucket }: Blueprint,
  record: EstateRecord | undefined,
  distributions: Distributions,
): Promise<FoundPlace> {
  if (named !== undefined) {
    const distribution = await distributions.find(named);
    return distribution ? { kind: "one", distribution } : { kind: "missing", id: named };
  }
  const recorded = record && (await distributions.find(record.distribution.id));
  if (recorded !== undefined) return { kind: "one", distribution: recorded };

  const summaries = await distributions.list();
  const marked = summaries.filter((one) => one.comment === comment);
  const serving = summaries.filter(({ origins }) =>
    origins.some((origin) => isBucketDomain(origin, bucket)),
  );
  const candidates = marked.length > 0 ? marked : serving;
  const found: FoundDistribution[] = [];
  for (const { id } of candidates) {
    const distribution = await distributions.find(id);
    if (distribution && servesBucket(distribution, bucket)) found.push(distribution);
  }
  const [only, another] = found;
  if (only === undefined) return { kind: "none" };
  if (another === undefined) return { kind: "one", distribution: only };
  return { kind: "several", ids: found.map(({ id }) => id) };
}

/** A bucket may also be a side origin of somebody's distribution, which is not the site's then. */
function servesBucket({ config }: FoundDistribution, bucket: string): boolean {
  const origin = defaultOriginOf(config);
  return origin !== undefined && isBucketDomain(fieldOf(origin, "DomainName") ?? "", bucket);
}
