import type { Blueprint } from "./blueprint.ts";
import { usableAccess } from "./edge-steps.ts";
import type { Estate } from "./estate.ts";
import { type EstateRecord, estateText } from "./estate-record.ts";
import { type SetupStep, step } from "./steps.ts";

/** Writes down what was found, if that is not written yet. */
export function recordSteps(blueprint: Blueprint, estate: Estate): SetupStep[] {
  const record = recordOf(blueprint, estate);
  const { record: written } = estate;
  if (record && written && estateText(written) === estateText(record)) return [];
  return [
    step({
      id: "record",
      kind: written === undefined ? "create" : "change",
      title: "Write the ids into the bucket, so that later commands know them",
      action: record && { kind: "record", record },
    }),
  ];
}

function recordOf(blueprint: Blueprint, estate: Estate): EstateRecord | undefined {
  const { account, edge, place, bucket } = estate;
  const access = usableAccess(blueprint, estate);
  const { store, headersPolicy, viewerRequest, viewerResponse } = edge;
  if (place.kind !== "one" || bucket.kind !== "found") return undefined;
  if (access === undefined || store === undefined || headersPolicy === undefined) return undefined;
  if (viewerRequest === undefined || viewerResponse === undefined) return undefined;
  const { id, arn, domainName } = place.distribution;
  return {
    version: 1,
    site: blueprint.site,
    environment: blueprint.environment,
    account: account.id,
    distribution: { id, arn, domainName },
    access: access.id,
    store: store.arn,
    headersPolicy,
    viewerRequest: viewerRequest.arn,
    viewerResponse: viewerResponse.arn,
  };
}
