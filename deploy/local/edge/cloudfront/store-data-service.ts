import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsService } from "../aws-service.ts";
import { noteOperation } from "../signature/aws-request.ts";
import { ApiError } from "./api-error.ts";
import type { Plane } from "./plane.ts";
import { readBody } from "./service.ts";
import { createStoreOperations, type StoreAnswer, type StoreCall } from "./store-operations.ts";

/**
 * The API that reads and writes the entries of key value stores (service model
 * cloudfront-keyvaluestore 2022-07-26): JSON, and a name of its own in signatures.
 */
export function createStoreDataService(
  plane: Plane,
  onFault: ((error: unknown) => void) | undefined,
): AwsService {
  const operations = createStoreOperations(plane);

  async function answer(request: IncomingMessage): Promise<StoreAnswer> {
    const { operation, call } = await readCall(request);
    noteOperation(request, { operation });
    switch (operation) {
      case "DescribeKeyValueStore":
        return operations.describe(call);
      case "ListKeys":
        return operations.list(call);
      case "GetKey":
        return operations.get(call);
      case "PutKey":
        return operations.put(call);
      case "DeleteKey":
        return operations.delete(call);
      case "UpdateKeys":
        return operations.update(call);
      case "unknown":
        throw new ApiError(404, "UnknownOperationException", "There is no such operation.");
    }
  }

  return {
    name: "cloudfront-keyvaluestore",
    async handle(request, response) {
      try {
        const { etag, body } = await answer(request);
        send(response, 200, etag === undefined ? {} : { etag }, body);
      } catch (error) {
        if (!(error instanceof ApiError)) onFault?.(error);
        sendError(response, error);
      }
    },
  };
}

type OperationName =
  | "DescribeKeyValueStore"
  | "ListKeys"
  | "GetKey"
  | "PutKey"
  | "DeleteKey"
  | "UpdateKeys"
  | "unknown";

async function readCall(
  request: IncomingMessage,
): Promise<{ readonly operation: OperationName; readonly call: StoreCall }> {
  const [path = "", query = ""] = (request.url ?? "").split("?", 2);
  const [, arn = "", keys, key] = PATH.exec(path) ?? [];
  const place = keys === undefined ? "store" : key === undefined ? "keys" : "key";
  return {
    operation: PATH.test(path) ? operationOf(`${request.method} ${place}`) : "unknown",
    call: {
      arn: decode(arn),
      key: decode(key ?? ""),
      query: new URLSearchParams(query),
      ifMatch: request.headers["if-match"],
      body: await readBody(request),
    },
  };
}

const PATH = /^\/key-value-stores\/([^/]+)(\/keys(?:\/([^/]+))?)?\/?$/;

function operationOf(request: string): OperationName {
  switch (request) {
    case "GET store":
      return "DescribeKeyValueStore";
    case "GET keys":
      return "ListKeys";
    case "POST keys":
      return "UpdateKeys";
    case "GET key":
      return "GetKey";
    case "PUT key":
      return "PutKey";
    case "DELETE key":
      return "DeleteKey";
    default:
      return "unknown";
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new ApiError(400, "ValidationException", `"${text}" is not validly encoded.`);
  }
}

function sendError(response: ServerResponse, error: unknown): void {
  const { status, code, message } =
    error instanceof ApiError
      ? error
      : new ApiError(500, "InternalServerException", "The local edge failed to answer.");
  send(response, status, { "x-amzn-errortype": code }, { __type: code, Message: message });
}

function send(
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>>,
  body: object,
): void {
  const text = JSON.stringify(body);
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(text)),
    "x-amzn-requestid": randomUUID(),
    ...headers,
  });
  response.end(text);
}
