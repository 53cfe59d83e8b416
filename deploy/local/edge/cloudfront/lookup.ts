import type { ViewerFunction } from "../functions/viewer-function.ts";
import type { Origin } from "../origin.ts";
import { ApiError } from "./api-error.ts";
import { nameInArn } from "./arn.ts";
import { invalidAssociation } from "./behavior-settings.ts";
import { rootOf } from "./config-resource.ts";
import { readHeadersPolicy } from "./headers-policy-config.ts";
import { MANAGED_HEADERS_POLICIES } from "./managed-headers-policies.ts";
import type { Plane } from "./plane.ts";
import type { Lookup, ViewerEventType } from "./resolve-distribution.ts";
import { codeText, type FunctionRecord, type FunctionStage } from "./viewer-function-record.ts";

type Made = { readonly version: string; readonly made: ViewerFunction };

/** Finds what distributions name among the resources. A function is made anew only if it, or its store, changed. */
export function createLookup(plane: Plane, bucket: (name: string) => Origin): Lookup {
  const functions = new Map<string, Made>();
  return {
    bucket,
    viewerFunction(arn, event) {
      const { name, live } = findPublished(arn, plane);
      const store = live.config.store;
      const contents = store === undefined ? undefined : plane.stores.get(store)?.contents;
      const version = `${live.etag} ${contents?.etag ?? ""}`;
      const known = functions.get(`${event} ${name}`);
      if (known?.version === version) return known.made;
      const made = makeFunction(name, live, event, plane);
      functions.set(`${event} ${name}`, { version, made });
      return made;
    },
    headersPolicy(id) {
      const managed = MANAGED_HEADERS_POLICIES.find((candidate) => candidate.id === id);
      const policy = plane.headersPolicies.get(id) ?? managed;
      if (policy !== undefined) return readHeadersPolicy(rootOf(policy.config));
      throw new ApiError(
        404,
        "NoSuchResponseHeadersPolicy",
        `There is no response headers policy with the id "${id}".`,
      );
    },
    checkAccessControl(id) {
      if (plane.accessControls.get(id) !== undefined) return;
      throw new ApiError(
        400,
        "InvalidOriginAccessControl",
        `There is no origin access control with the id "${id}".`,
      );
    },
  };
}

/** A stage of a function, ready to run with the entries that its store has. */
export function makeFunction(
  name: string,
  stage: FunctionStage,
  eventType: ViewerEventType,
  { stores, clock, functionThread }: Pick<Plane, "stores" | "clock" | "functionThread">,
): ViewerFunction {
  const { store } = stage.config;
  return functionThread.prepare({
    name,
    code: codeText(stage),
    eventType,
    store: store === undefined ? undefined : stores.get(store)?.contents.entries,
    now: () => clock.now().getTime(),
  });
}

function findPublished(
  arn: string,
  { functions }: Plane,
): { readonly name: string; readonly live: NonNullable<FunctionRecord["live"]> } {
  const name = nameInArn("function", arn);
  const record = functions.list().find((candidate) => candidate.name === name);
  if (record === undefined) throw invalidAssociation(`There is no function with the ARN ${arn}.`);
  if (record.live !== undefined) return { name: record.name, live: record.live };
  throw invalidAssociation(`The function ${arn} is not published: it has no LIVE stage.`);
}
