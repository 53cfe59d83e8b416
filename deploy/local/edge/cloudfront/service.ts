import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AwsService } from "../aws-service.ts";
import { noteOperation } from "../signature/aws-request.ts";
import { ApiError } from "./api-error.ts";
import {
  configEtag,
  configTree,
  type Distribution,
  distributionTree,
  summaryTree,
} from "./distribution.ts";
import { readInvalidationBatch } from "./invalidation-batch.ts";
import type { Invalidation, Invalidations } from "./invalidations.ts";
import { type Operation, readOperation } from "./operation.ts";
import { type Page, pageOf } from "./pages.ts";
import { writeDocument, type XmlTree } from "./xml.ts";

/** The listener in front passes on no larger bodies; here it is the bound of what is read at all. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;

type ApiAnswer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly document: string;
};

/**
 * The CloudFront API of 2020-05-31 for one distribution: reading it, and creating and reading
 * invalidations. Every other operation is answered with 501 and its name.
 */
export function createCloudFrontService(dependencies: {
  readonly distribution: Distribution;
  readonly invalidations: Invalidations;
  readonly onFault?: ((error: unknown) => void) | undefined;
}): AwsService {
  const { distribution, invalidations, onFault } = dependencies;

  async function answer(operation: Operation, query: URLSearchParams, request: IncomingMessage) {
    if ("distribution" in operation && operation.distribution !== distribution.id) {
      throw new ApiError(404, "NoSuchDistribution", "The specified distribution does not exist.");
    }
    switch (operation.kind) {
      case "ListDistributions":
        return ok(
          "DistributionList",
          listTree(pageOf([distribution], query), "DistributionSummary", summaryTree),
        );
      case "GetDistribution":
        return withEtag(ok("Distribution", liveTree()));
      case "GetDistributionConfig":
        return withEtag(ok("DistributionConfig", configTree(distribution)));
      case "CreateInvalidation":
        return created(await invalidations.create(readInvalidationBatch(await readBody(request))));
      case "ListInvalidations":
        return ok(
          "InvalidationList",
          listTree(pageOf(invalidations.list(), query), "InvalidationSummary", invalidationSummary),
        );
      case "GetInvalidation":
        return ok("Invalidation", invalidationTree(find(operation.id)));
      case "unsupported":
        throw new ApiError(
          501,
          "NotImplemented",
          `The local edge does not serve this operation of CloudFront: ${operation.name}.`,
        );
    }
  }

  function liveTree(): XmlTree {
    const running = invalidations.list().filter(({ status }) => status === "InProgress").length;
    return { ...distributionTree(distribution), InProgressInvalidationBatches: running };
  }

  function withEtag(plain: ApiAnswer): ApiAnswer {
    return { ...plain, headers: { etag: configEtag(distribution) } };
  }

  function find(id: string): Invalidation {
    const invalidation = invalidations.get(id);
    if (invalidation !== undefined) return invalidation;
    throw new ApiError(404, "NoSuchInvalidation", "The specified invalidation does not exist.");
  }

  function created(invalidation: Invalidation): ApiAnswer {
    const path = `/2020-05-31/distribution/${distribution.id}/invalidation/${invalidation.id}`;
    return {
      status: 201,
      headers: { location: `https://cloudfront.amazonaws.com${path}` },
      document: writeDocument("Invalidation", invalidationTree(invalidation)),
    };
  }

  return {
    name: "cloudfront",
    async handle(request, response) {
      const requestId = randomUUID();
      const [path = "", query = ""] = (request.url ?? "").split("?", 2);
      const operation = readOperation(request.method ?? "", path);
      noteOperation(request, {
        operation: operation.kind === "unsupported" ? operation.name : operation.kind,
      });
      try {
        send(response, requestId, await answer(operation, new URLSearchParams(query), request));
      } catch (error) {
        if (!(error instanceof ApiError)) onFault?.(error);
        send(response, requestId, errorAnswer(error, requestId));
      }
    },
  };
}

function ok(root: string, tree: XmlTree): ApiAnswer {
  return { status: 200, document: writeDocument(root, tree) };
}

function listTree<T>(page: Page<T>, name: string, tree: (item: T) => XmlTree): XmlTree {
  const { marker, nextMarker, maxItems, items } = page;
  return {
    Marker: marker,
    ...(nextMarker === undefined ? {} : { NextMarker: nextMarker }),
    MaxItems: maxItems,
    IsTruncated: nextMarker !== undefined,
    Quantity: items.length,
    ...(items.length === 0 ? {} : { Items: { [name]: items.map(tree) } }),
  };
}

function invalidationSummary({ id, createdAt, status }: Invalidation): XmlTree {
  return { Id: id, CreateTime: new Date(createdAt).toISOString(), Status: status };
}

function invalidationTree({
  id,
  createdAt,
  status,
  paths,
  callerReference,
}: Invalidation): XmlTree {
  return {
    Id: id,
    Status: status,
    CreateTime: new Date(createdAt).toISOString(),
    InvalidationBatch: {
      Paths: { Quantity: paths.length, Items: { Path: paths } },
      CallerReference: callerReference,
    },
  };
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > MAX_BODY_BYTES) {
      throw new ApiError(413, "RequestEntityTooLarge", "The request body is too large.");
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}

/** What is no ApiError is a fault of ours, and tells the client nothing but that. */
function errorAnswer(error: unknown, requestId: string): ApiAnswer {
  const { status, code, message } =
    error instanceof ApiError
      ? error
      : new ApiError(500, "InternalFailure", "The local edge failed to answer.");
  const type = status < 500 ? "Sender" : "Receiver";
  return {
    status,
    document: writeDocument("ErrorResponse", {
      Error: { Type: type, Code: code, Message: message },
      RequestId: requestId,
    }),
  };
}

function send(response: ServerResponse, requestId: string, answer: ApiAnswer): void {
  response.writeHead(answer.status, {
    ...answer.headers,
    "content-type": "text/xml",
    "content-length": String(Buffer.byteLength(answer.document)),
    "x-amzn-requestid": requestId,
  });
  response.end(answer.document);
}
