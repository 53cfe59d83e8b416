import { formatManifest } from "../core/manifest.ts";
import { MANIFEST_KEY } from "../core/release.ts";
import type { Blueprint } from "../core/setup/blueprint.ts";
import type { Estate, FoundDistribution } from "../core/setup/estate.ts";
import { ESTATE_KEY, type EstateRecord, estateText } from "../core/setup/estate-record.ts";
import type { SetupAction } from "../core/setup/steps.ts";
import type { StateRead } from "../ports.ts";
import { type EstatePorts, findPlace, readEstateRecord, readLiveRules } from "./read-estate.ts";
import { readBase } from "./state.ts";

type Outcome =
  | { readonly kind: "done" }
  | { readonly kind: "distribution"; readonly distribution: FoundDistribution }
  /** Somebody else changed it meanwhile; nothing was written. */
  | { readonly kind: "moved" };

const DONE: Outcome = { kind: "done" };

type Doing = Exclude<SetupAction, { readonly kind: "wait" }>;

/** Does one thing. Doing it twice is the same as once. */
export async function carryOut(
  action: Doing,
  tags: Readonly<Record<string, string>>,
  ports: EstatePorts,
): Promise<Outcome> {
  switch (action.kind) {
    case "bucket":
      await ports.bucket.carryOut(action.action);
      return DONE;
    case "edge":
      await ports.edge.carryOut(action.action);
      return DONE;
    case "create-distribution": {
      const distribution = await ports.distributions.create(action.config, tags);
      return { kind: "distribution", distribution };
    }
    case "change-distribution": {
      const update = await ports.distributions.update(action.found, action.config);
      if (update.kind === "moved") return update;
      return { kind: "distribution", distribution: update.distribution };
    }
    case "forget-rules":
      return await forgetRules(ports);
    case "record":
      return await writeRecord(action.record, ports);
  }
}

/** The estate, with what the action touched read anew. */
export async function refresh(
  estate: Estate,
  { action, outcome }: { readonly action: Doing; readonly outcome: Outcome },
  { blueprint, ports }: { readonly blueprint: Blueprint; readonly ports: EstatePorts },
): Promise<Estate> {
  if (outcome.kind === "distribution") {
    // The account's list may not have it yet.
    return { ...estate, place: { kind: "one", distribution: outcome.distribution } };
  }
  switch (action.kind) {
    case "bucket":
      return { ...estate, bucket: await ports.bucket.find(estate.account.id) };
    case "edge":
      return { ...estate, edge: await ports.edge.find(blueprint.names) };
    case "create-distribution":
    case "change-distribution": {
      const place = await findPlace(blueprint, estate.record, ports.distributions);
      return { ...estate, place };
    }
    case "forget-rules":
      return { ...estate, liveRules: await readLiveRules(ports) };
    case "record":
      return { ...estate, record: await readEstateRecord(ports) };
  }
}

async function writeRecord(record: EstateRecord, { state, codec }: EstatePorts): Promise<Outcome> {
  const body = codec.encode(estateText(record));
  const written = await state.write(ESTATE_KEY, body, conditionOf(await state.read(ESTATE_KEY)));
  return written.kind === "moved" ? { kind: "moved" } : DONE;
}

/** Safe beside a deploy: one of the two finds the other's manifest, and begins again. */
async function forgetRules(ports: EstatePorts): Promise<Outcome> {
  const base = await readBase(ports);
  if (base.kind === "none") return DONE;
  const body = ports.codec.encode(formatManifest({ ...base.manifest, edge: undefined }));
  const condition = { kind: "unchanged", etag: base.etag } as const;
  const written = await ports.state.write(MANIFEST_KEY, body, condition);
  return written.kind === "moved" ? { kind: "moved" } : DONE;
}

function conditionOf(found: StateRead) {
  return found.kind === "found"
    ? ({ kind: "unchanged", etag: found.etag } as const)
    : ({ kind: "absent" } as const);
}
