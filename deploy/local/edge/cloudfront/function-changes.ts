import { type ApiAnswer, type ApiCall, bodyElement, created, NO_CONTENT, ok } from "./api.ts";
import { ApiError, invalidArgument } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { requiredText } from "./fields.ts";
import { readFunction } from "./function-config.ts";
import { findFunction, functionAnswer, functionSummary } from "./function-summary.ts";
import type { Plane } from "./plane.ts";
import { functionsInUse } from "./references.ts";
import { checkIfMatch, newId, newRevision } from "./revision.ts";
import { addTags, dropTags } from "./tag-routes.ts";
import type { FunctionRecord, FunctionStage } from "./viewer-function-record.ts";
import { childOf, type XmlNode } from "./xml.ts";

/** CF-DG "Quotas on CloudFront Functions". */
const MAX_FUNCTIONS = 100;

/** CreateFunction. Its first stage is the one for development; viewers meet nothing of it yet. */
export async function createFunction(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const { functions, clock } = plane;
  const request = bodyElement(call, "CreateFunctionRequest");
  const name = requiredText(request, "Name");
  if (!/^[a-zA-Z0-9_-]{1,64}$/.test(name)) {
    throw invalidArgument("The name must have 1 to 64 letters, digits, hyphens or underscores.");
  }
  if (functions.list().some((record) => record.name === name)) {
    throw new ApiError(409, "FunctionAlreadyExists", `A function "${name}" exists already.`);
  }
  if (functions.list().length >= MAX_FUNCTIONS) {
    throw new ApiError(400, "TooManyFunctions", `There are ${MAX_FUNCTIONS} functions already.`);
  }
  const record = newFunction(name, readContent(request, plane), clock.now());
  await functions.put(record);
  await addTags(arnOf("function", name), childOf(request, "Tags"), plane);
  return created(functionAnswer(record, "DEVELOPMENT", plane), `function/${name}`);
}

/** UpdateFunction, of the development stage. */
export async function updateFunction(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const record = findFunction(call.id, plane);
  checkIfMatch(call.ifMatch, record.development);
  const content = readContent(bodyElement(call, "UpdateFunctionRequest"), plane);
  const development = { ...content, ...newRevision(plane.clock.now()) };
  const updated = { ...record, development };
  await plane.functions.put(updated);
  const answer = functionAnswer(updated, "DEVELOPMENT", plane);
  // The ETag travels under a name with a slip of the pen (BC cloudfront UpdateFunctionResult).
  return { ...answer, headers: { ...answer.headers, ettag: development.etag } };
}

/** PublishFunction: what is in development is what viewers meet from now on. */
export async function publishFunction(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const record = findFunction(call.id, plane);
  checkIfMatch(call.ifMatch, record.development);
  const published = publishedFunction(record, plane.clock.now());
  await plane.functions.put(published);
  return ok("FunctionSummary", functionSummary(published, "LIVE", plane));
}

/** DeleteFunction, both stages of it. */
export async function deleteFunction(call: ApiCall, plane: Plane): Promise<ApiAnswer> {
  const record = findFunction(call.id, plane);
  checkIfMatch(call.ifMatch, record.development);
  if (functionsInUse(plane.distributions.list()).has(record.name)) {
    throw new ApiError(409, "FunctionInUse", "A distribution runs the function.");
  }
  await plane.functions.remove(record.id);
  await dropTags(arnOf("function", record.name), plane);
  return NO_CONTENT;
}

export function newFunction(
  name: string,
  content: Pick<FunctionStage, "config" | "code">,
  now: Date,
): FunctionRecord {
  const development = { ...content, ...newRevision(now) };
  return { id: newId("F"), name, createdAt: now.getTime(), development, live: undefined };
}

/** The function with its development stage copied to the live one. */
export function publishedFunction(record: FunctionRecord, now: Date): FunctionRecord {
  const { development } = record;
  const live = { ...development, ...newRevision(now), publishedFrom: development.etag };
  return { ...record, live };
}

function readContent(request: XmlNode, { stores }: Plane) {
  return readFunction(request, (id) => stores.get(id) !== undefined);
}
