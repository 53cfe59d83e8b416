import { type ApiAnswer, type ApiCall, bodyElement, ok, type Route } from "./api.ts";
import { oneOf, optionalText } from "./fields.ts";
import {
  createFunction,
  deleteFunction,
  publishFunction,
  updateFunction,
} from "./function-changes.ts";
import { readBlob } from "./function-config.ts";
import { findFunction, functionAnswer, functionSummary, stageOf } from "./function-summary.ts";
import { pageOf, shortList } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { checkIfMatch } from "./revision.ts";
import { type FunctionTester, testResult } from "./test-function.ts";
import type { StageName } from "./viewer-function-record.ts";

const PATH = "function";
const ONE = `${PATH}/{Name}`;

/**
 * Functions: UpdateFunction changes the development stage, PublishFunction copies it to the live one,
 * which alone is run for viewers (BC cloudfront).
 */
export function functionRoutes(plane: Plane, test: FunctionTester): readonly Route[] {
  const inTurn = (change: (call: ApiCall, plane: Plane) => Promise<ApiAnswer>) => (call: ApiCall) =>
    plane.inTurn(() => change(call, plane));
  const read = (name: string, path: string, answer: Route["answer"]): Route => ({
    operation: name,
    method: "GET",
    path,
    answer,
  });
  return [
    read("ListFunctions", PATH, (call) => listFunctions(call, plane)),
    read("GetFunction", ONE, (call) => getFunction(call, plane)),
    read("DescribeFunction", `${ONE}/describe`, ({ id, query }) =>
      functionAnswer(findFunction(id, plane), readStage(query.get("Stage")), plane),
    ),
    {
      operation: "TestFunction",
      method: "POST",
      path: `${ONE}/test`,
      answer: (call) => testFunction(call, plane, test),
    },
    {
      operation: "CreateFunction",
      method: "POST",
      path: PATH,
      answer: inTurn(createFunction),
    },
    { operation: "UpdateFunction", method: "PUT", path: ONE, answer: inTurn(updateFunction) },
    {
      operation: "PublishFunction",
      method: "POST",
      path: `${ONE}/publish`,
      answer: inTurn(publishFunction),
    },
    { operation: "DeleteFunction", method: "DELETE", path: ONE, answer: inTurn(deleteFunction) },
  ];
}

/** Those that have the stage; every function has one for development. */
function listFunctions({ query }: ApiCall, plane: Plane): ApiAnswer {
  const stage = readStage(query.get("Stage"));
  const listed = plane.functions.list().filter(({ live }) => stage === "DEVELOPMENT" || live);
  const page = pageOf(listed, query, ({ name }) => name);
  const tree = shortList(page, "FunctionSummary", (item) => functionSummary(item, stage, plane));
  return ok("FunctionList", tree);
}

/** The code itself. */
function getFunction({ id, query }: ApiCall, plane: Plane): ApiAnswer {
  const { code, etag } = stageOf(findFunction(id, plane), readStage(query.get("Stage")));
  const headers = { etag, "content-type": "application/octet-stream" };
  return { status: 200, headers, content: Buffer.from(code, "base64") };
}

async function testFunction(call: ApiCall, plane: Plane, test: FunctionTester): Promise<ApiAnswer> {
  const record = findFunction(call.id, plane);
  const request = bodyElement(call, "TestFunctionRequest");
  const stage = readStage(optionalText(request, "Stage") ?? null);
  const content = stageOf(record, stage);
  checkIfMatch(call.ifMatch, content);
  const event = readBlob(request, "EventObject").toString("utf8");
  const run = await test(record.name, content, event);
  const summary = functionSummary(record, stage, plane);
  return ok("TestResult", { FunctionSummary: summary, ...testResult(run) });
}

function readStage(text: string | null): StageName {
  if (text === null || text === "") return "DEVELOPMENT";
  return oneOf("stage", text, ["DEVELOPMENT", "LIVE"]);
}
