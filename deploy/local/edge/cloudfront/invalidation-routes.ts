import type { AllInvalidations } from "./all-invalidations.ts";
import { type ApiCall, created, ok, type Route } from "./api.ts";
import { ApiError } from "./api-error.ts";
import { readInvalidationBatch } from "./invalidation-batch.ts";
import type { Invalidation, Invalidations } from "./invalidations.ts";
import { fullList, pageOf } from "./pages.ts";
import type { Plane } from "./plane.ts";
import type { XmlTree } from "./xml.ts";

/** Invalidations of the distributions, each with its own (BC cloudfront). */
export function invalidationRoutes(
  { distributions }: Pick<Plane, "distributions">,
  all: AllInvalidations,
): readonly Route[] {
  const invalidationsOf = ({ id }: ApiCall): Invalidations => {
    if (distributions.get(id) !== undefined) return all.of(id);
    throw new ApiError(404, "NoSuchDistribution", "The specified distribution does not exist.");
  };
  const create = async (call: ApiCall) => {
    const invalidations = invalidationsOf(call);
    const batch = readInvalidationBatch(call.body.toString("utf8"));
    const invalidation = await invalidations.create(batch);
    const answer = ok("Invalidation", invalidationTree(invalidation));
    return created(answer, `distribution/${call.id}/invalidation/${invalidation.id}`);
  };
  const list = (call: ApiCall) => {
    const page = pageOf(invalidationsOf(call).list(), call.query, ({ id }) => id);
    return ok("InvalidationList", fullList(page, "InvalidationSummary", summaryTree));
  };
  const get = (call: ApiCall) => {
    const invalidation = invalidationsOf(call).get(call.subId);
    if (invalidation !== undefined) return ok("Invalidation", invalidationTree(invalidation));
    throw new ApiError(404, "NoSuchInvalidation", "The specified invalidation does not exist.");
  };
  const path = "distribution/{Id}/invalidation";
  return [
    { operation: "CreateInvalidation", method: "POST", path, answer: create },
    { operation: "ListInvalidations", method: "GET", path, answer: list },
    { operation: "GetInvalidation", method: "GET", path: `${path}/{Id}`, answer: get },
  ];
}

function summaryTree({ id, createdAt, status }: Invalidation): XmlTree {
  return { Id: id, CreateTime: new Date(createdAt).toISOString(), Status: status };
}

function invalidationTree(invalidation: Invalidation): XmlTree {
  const { id, createdAt, status, paths, callerReference } = invalidation;
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
