import { type ApiAnswer, ok } from "./api.ts";
import { ApiError } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { configTree } from "./function-config.ts";
import type { Plane } from "./plane.ts";
import { functionsInUse } from "./references.ts";
import type { FunctionRecord, FunctionStage, StageName } from "./viewer-function-record.ts";
import type { XmlTree } from "./xml.ts";

type Resources = Pick<Plane, "functions" | "distributions">;

/** Throws the ApiError of a function that is not there. */
export function findFunction(name: string, { functions }: Resources): FunctionRecord {
  const found = functions.list().find((candidate) => candidate.name === name);
  if (found !== undefined) return found;
  throw new ApiError(404, "NoSuchFunctionExists", `The function "${name}" does not exist.`);
}

/** Throws the ApiError of a function that is not there if it was never published. */
export function stageOf(
  { name, development, live }: FunctionRecord,
  stage: StageName,
): FunctionStage {
  if (stage === "DEVELOPMENT") return development;
  if (live !== undefined) return live;
  throw new ApiError(
    404,
    "NoSuchFunctionExists",
    `The function "${name}" has no LIVE stage; it was never published.`,
  );
}

/** One stage as most operations tell it, with its ETag. */
export function functionAnswer(
  record: FunctionRecord,
  stage: StageName,
  resources: Resources,
): ApiAnswer {
  const { etag } = stageOf(record, stage);
  return ok("FunctionSummary", functionSummary(record, stage, resources), etag);
}

export function functionSummary(
  record: FunctionRecord,
  stage: StageName,
  { distributions }: Resources,
): XmlTree {
  const { config, changedAt } = stageOf(record, stage);
  const isAssociated = functionsInUse(distributions.list()).has(record.name);
  return {
    Name: record.name,
    Status: statusOf(record, stage, isAssociated),
    FunctionConfig: configTree(config),
    FunctionMetadata: {
      FunctionARN: arnOf("function", record.name),
      Stage: stage,
      CreatedTime: new Date(record.createdAt).toISOString(),
      LastModifiedTime: new Date(changedAt).toISOString(),
    },
  };
}

/** The words are CloudFront's; which one it tells when is not documented. */
function statusOf(
  { development, live }: FunctionRecord,
  stage: StageName,
  isAssociated: boolean,
): string {
  if (stage === "DEVELOPMENT" && live?.publishedFrom !== development.etag) return "UNPUBLISHED";
  return isAssociated ? "DEPLOYED" : "UNASSOCIATED";
}
