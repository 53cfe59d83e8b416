import {
  type ApiAnswer,
  type ApiCall,
  bodyElement,
  created,
  NO_CONTENT,
  ok,
  type Route,
} from "./api.ts";
import { ApiError, invalidArgument } from "./api-error.ts";
import { arnOf } from "./arn.ts";
import { oneOf, optionalText, requiredText } from "./fields.ts";
import { configTree, readBlob, readFunction } from "./function-config.ts";
import { pageOf, shortList } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { functionsInUse } from "./references.ts";
import { checkIfMatch, newId, newRevision } from "./revision.ts";
import { addTags, dropTags } from "./tag-routes.ts";
import { type FunctionTester, testResult } from "./test-function.ts";
import type { FunctionRecord, FunctionStage, StageName } from "./viewer-function-record.ts";
import { childOf, type XmlTree } from "./xml.ts";

/** CF-DG "Quotas on CloudFront Functions". */
const MAX_FUNCTIONS = 100;

/**
 * Functions: UpdateFunction changes the development stage, PublishFunction copies it to the live one,
 * which alone is run for viewers (BC cloudfront).
 */
export function functionRoutes(plane: Plane, test: FunctionTester): readonly Route[] {
  const { functions, stores, distributions, clock, inTurn } = plane;
  const storeExists = (id: string) => stores.get(id) !== undefined;

  const find = (name: string) => {
    const found = functions.list().find((candidate) => candidate.name === name);
    if (found !== undefined) return found;
    throw new ApiError(404, "NoSuchFunctionExists", `The function "${name}" does not exist.`);
  };
  const summary = (record: FunctionRecord, stage: StageName) =>
    summaryTree(record, stage, functionsInUse(distributions.list()).has(record.name));
  const answer = (record: FunctionRecord, stage: StageName): ApiAnswer =>
    ok("FunctionSummary", summary(record, stage), stageOf(record, stage).etag);

  const create = (call: ApiCall) =>
    inTurn(async () => {
      const request = bodyElement(call, "CreateFunctionRequest");
      const name = readName(requiredText(request, "Name"));
      if (functions.list().some((record) => record.name === name)) {
        throw new ApiError(409, "FunctionAlreadyExists", `A function "${name}" exists already.`);
      }
      if (functions.list().length >= MAX_FUNCTIONS) {
        throw new ApiError(
          400,
          "TooManyFunctions",
          `There are ${MAX_FUNCTIONS} functions already.`,
        );
      }
      const record = newFunction(name, readFunction(request, storeExists), clock.now());
      await functions.put(record);
      await addTags(arnOf("function", name), childOf(request, "Tags"), plane);
      return created(answer(record, "DEVELOPMENT"), `function/${name}`);
    });
  const update = (call: ApiCall) =>
    inTurn(async () => {
      const record = find(call.id);
      checkIfMatch(call.ifMatch, record.development);
      const content = readFunction(bodyElement(call, "UpdateFunctionRequest"), storeExists);
      const development = { ...content, ...newRevision(clock.now()) };
      const updated = { ...record, development };
      await functions.put(updated);
      return withOddEtag(answer(updated, "DEVELOPMENT"));
    });
  const publish = (call: ApiCall) =>
    inTurn(async () => {
      const record = find(call.id);
      checkIfMatch(call.ifMatch, record.development);
      const published = publishedFunction(record, clock.now());
      await functions.put(published);
      return ok("FunctionSummary", summary(published, "LIVE"));
    });
  const remove = (call: ApiCall) =>
    inTurn(async () => {
      const record = find(call.id);
      checkIfMatch(call.ifMatch, record.development);
      if (functionsInUse(distributions.list()).has(record.name)) {
        throw new ApiError(409, "FunctionInUse", "A distribution runs the function.");
      }
      await functions.remove(record.id);
      await dropTags(arnOf("function", record.name), plane);
      return NO_CONTENT;
    });
  const list = ({ query }: ApiCall) => {
    const stage = readStage(query.get("Stage"));
    const listed = functions.list().filter(({ live }) => stage === "DEVELOPMENT" || live);
    const page = pageOf(listed, query, ({ name }) => name);
    return ok(
      "FunctionList",
      shortList(page, "FunctionSummary", (item) => summary(item, stage)),
    );
  };
  const get = ({ id, query }: ApiCall): ApiAnswer => {
    const { code, etag } = stageOf(find(id), readStage(query.get("Stage")));
    const headers = { etag, "content-type": "application/octet-stream" };
    return { status: 200, headers, content: Buffer.from(code, "base64") };
  };
  const tryOut = (call: ApiCall): ApiAnswer => {
    const record = find(call.id);
    const request = bodyElement(call, "TestFunctionRequest");
    const stage = readStage(optionalText(request, "Stage") ?? null);
    checkIfMatch(call.ifMatch, stageOf(record, stage));
    const event = readBlob(request, "EventObject").toString("utf8");
    const run = test(record.name, stageOf(record, stage), event);
    return ok("TestResult", { FunctionSummary: summary(record, stage), ...testResult(run) });
  };

  const path = "function";
  const one = `${path}/{Name}`;
  return [
    { operation: "CreateFunction", method: "POST", path, answer: create },
    { operation: "ListFunctions", method: "GET", path, answer: list },
    { operation: "GetFunction", method: "GET", path: one, answer: get },
    {
      operation: "DescribeFunction",
      method: "GET",
      path: `${one}/describe`,
      answer: ({ id, query }) => answer(find(id), readStage(query.get("Stage"))),
    },
    { operation: "UpdateFunction", method: "PUT", path: one, answer: update },
    { operation: "PublishFunction", method: "POST", path: `${one}/publish`, answer: publish },
    { operation: "TestFunction", method: "POST", path: `${one}/test`, answer: tryOut },
    { operation: "DeleteFunction", method: "DELETE", path: one, answer: remove },
  ];
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

function stageOf({ name, development, live }: FunctionRecord, stage: StageName): FunctionStage {
  if (stage === "DEVELOPMENT") return development;
  if (live !== undefined) return live;
  throw new ApiError(
    404,
    "NoSuchFunctionExists",
    `The function "${name}" has no LIVE stage; it was never published.`,
  );
}

function summaryTree(record: FunctionRecord, stage: StageName, isAssociated: boolean): XmlTree {
  const { config, changedAt } = stageOf(record, stage);
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

/** UpdateFunction's ETag travels under a name with a slip of the pen (BC cloudfront UpdateFunctionResult). */
function withOddEtag(answer: ApiAnswer): ApiAnswer {
  return { ...answer, headers: { ...answer.headers, ettag: answer.headers?.etag ?? "" } };
}

function readStage(text: string | null): StageName {
  if (text === null || text === "") return "DEVELOPMENT";
  return oneOf("stage", text, ["DEVELOPMENT", "LIVE"]);
}

function readName(name: string): string {
  if (/^[a-zA-Z0-9_-]{1,64}$/.test(name)) return name;
  throw invalidArgument("The name must have 1 to 64 letters, digits, hyphens or underscores.");
}
