import { andThen, type Looked, seen } from "../core/doctor/check.ts";
import type { BucketFacts } from "../core/doctor/judge-bucket.ts";
import { type DistributionFacts, distributionIn } from "../core/doctor/judge-distribution.ts";
import type { EdgeComparison } from "../core/doctor/judge-program.ts";
import type { EdgeDocument } from "../core/edge-document.ts";
import type { Manifest } from "../core/manifest.ts";
import type { Blueprint } from "../core/setup/blueprint.ts";
import type { Estate, FoundAccount, FoundPlace } from "../core/setup/estate.ts";
import type { EdgeComparer } from "../estate-ports.ts";
import { look, lookOn } from "./look.ts";
import { type EstatePorts, findPlace, readEstateRecord } from "./read-estate.ts";

export type InfrastructurePorts = EstatePorts & { readonly comparer: EdgeComparer };

export type InfrastructureLook = BucketFacts & DistributionFacts;

/** Looks at each part by itself, so that one right that is missing hides no other part. */
export async function lookAtInfrastructure(
  blueprint: Blueprint,
  ports: InfrastructurePorts,
): Promise<InfrastructureLook> {
  const account = await look(() => ports.account.identity());
  const [bucket, edge, place] = await Promise.all([
    lookOn(account, ({ id }) => look(() => ports.bucket.find(id))),
    look(() => ports.edge.find(blueprint.names)),
    lookAtPlace(blueprint, ports),
  ]);
  const estate = andThen(account, (whose) =>
    andThen(bucket, (store) =>
      andThen(edge, (parts) =>
        andThen(place, (where) => seen(estateOf(whose, store, parts, where))),
      ),
    ),
  );
  return { account, bucket, edge, place, estate };
}

/** The record in the bucket only saves a search; without it the search finds the same. */
async function lookAtPlace(blueprint: Blueprint, ports: InfrastructurePorts) {
  const record = await look(() => readEstateRecord(ports));
  const known = record.kind === "seen" ? record.value : undefined;
  return await look(() => findPlace(blueprint, known, ports.distributions));
}

function estateOf(
  account: FoundAccount,
  bucket: Estate["bucket"],
  edge: Estate["edge"],
  place: FoundPlace,
): Estate {
  return { account, bucket, edge, place, liveRules: undefined, record: undefined };
}

type Released = {
  readonly manifest: Looked<Manifest>;
  readonly program: Looked<EdgeDocument>;
};

const UNTOLD = {
  kind: "unmanaged",
  why: "the live release found no functions of ours to publish them to",
} as const;

/** Holds what runs at the distribution against the live release's program. */
export async function compareProgram(
  place: Looked<FoundPlace>,
  { manifest, program }: Released,
  { comparer }: Pick<InfrastructurePorts, "comparer">,
): Promise<Looked<EdgeComparison>> {
  if (manifest.kind === "seen" && manifest.value.edge?.state === "unmanaged") return seen(UNTOLD);
  return await lookOn(distributionIn(place), async ({ id }) =>
    program.kind === "seen" ? await look(() => comparer.compare(id, program.value)) : program,
  );
}
