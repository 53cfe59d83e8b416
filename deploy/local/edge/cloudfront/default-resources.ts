import { randomUUID } from "node:crypto";
import type { EdgeProgram } from "../../../edge/program.ts";
import { type ConfigResource, rootOf } from "./config-resource.ts";
import { type DefaultParts, defaultDistribution } from "./default-distribution.ts";
import { newFunction, publishedFunction } from "./function-changes.ts";
import { headersPolicyTree } from "./headers-policy-tree.ts";
import { bytesOf } from "./key-value-store.ts";
import type { Plane } from "./plane.ts";
import { newId, newRevision } from "./revision.ts";
import { newStore } from "./store-summary.ts";
import type { FunctionRecord } from "./viewer-function-record.ts";
import { childOf, writeDocument, type XmlTree } from "./xml.ts";

export const VIEWER_REQUEST = "slipway-viewer-request";
export const VIEWER_RESPONSE = "slipway-viewer-response";
const STORE = "slipway-redirects";
const HEADERS_POLICY = "slipway-headers";
const ACCESS_CONTROL = "slipway-site";

export type Defaults = Pick<DefaultParts, "id" | "bucket" | "region" | "apiOrigin"> & {
  /** What the functions and the headers policy are at first. */
  readonly program: EdgeProgram;
};

/**
 * Makes the distribution and all that it names, the distribution last: if a crash comes in between,
 * the next start makes what is missing.
 */
export async function createDefaults(plane: Plane, defaults: Defaults): Promise<void> {
  const { id, program } = defaults;
  if (plane.distributions.get(id) !== undefined) return;
  const store = await ensureStore(plane, program);
  const config = { runtime: "cloudfront-js-2.0", store } as const;
  await ensureFunction(plane, VIEWER_REQUEST, {
    config: { ...config, comment: "Slipway: addresses and redirects" },
    code: base64(program.viewerRequest),
  });
  await ensureFunction(plane, VIEWER_RESPONSE, {
    config: { ...config, store: undefined, comment: "Slipway: headers of paths" },
    code: base64(program.viewerResponse),
  });
  const parts: DefaultParts = {
    ...defaults,
    accessControl: await ensureAccessControl(plane),
    headersPolicy: await ensureHeadersPolicy(plane, program),
    viewerRequest: VIEWER_REQUEST,
    viewerResponse: VIEWER_RESPONSE,
  };
  const tree = defaultDistribution(parts);
  await plane.distributions.put(resource(id, writeDocument("DistributionConfig", tree), plane));
}

async function ensureStore(plane: Plane, { store: entries }: EdgeProgram): Promise<string> {
  const found = plane.stores.list().find(({ name }) => name === STORE);
  if (found !== undefined) return found.id;
  // Ready at once: the first deploy may follow on the heels of the first start.
  const since = new Date(plane.clock.now().getTime() - plane.deploymentMs);
  const empty = newStore(STORE, "Slipway: redirects", since);
  const contents = { ...empty.contents, entries, bytes: bytesOf(entries) };
  await plane.stores.put({ ...empty, contents });
  return empty.id;
}

async function ensureFunction(
  plane: Plane,
  name: string,
  content: Pick<FunctionRecord["development"], "config" | "code">,
): Promise<void> {
  const found = plane.functions.list().find((candidate) => candidate.name === name);
  if (found?.live !== undefined) return;
  const now = plane.clock.now();
  await plane.functions.put(publishedFunction(found ?? newFunction(name, content, now), now));
}

async function ensureAccessControl(plane: Plane): Promise<string> {
  const found = namedConfig(plane.accessControls.list(), ACCESS_CONTROL);
  if (found !== undefined) return found;
  const tree: XmlTree = {
    Name: ACCESS_CONTROL,
    Description: "Lets the distribution alone read the bucket",
    SigningProtocol: "sigv4",
    SigningBehavior: "always",
    OriginAccessControlOriginType: "s3",
  };
  const id = newId("E");
  const config = writeDocument("OriginAccessControlConfig", tree);
  await plane.accessControls.put(resource(id, config, plane));
  return id;
}

async function ensureHeadersPolicy(plane: Plane, { headersPolicy }: EdgeProgram): Promise<string> {
  const found = namedConfig(plane.headersPolicies.list(), HEADERS_POLICY);
  if (found !== undefined) return found;
  const id = randomUUID();
  const tree = headersPolicyTree(HEADERS_POLICY, headersPolicy);
  const config = writeDocument("ResponseHeadersPolicyConfig", tree);
  await plane.headersPolicies.put(resource(id, config, plane));
  return id;
}

function resource(id: string, config: string, { clock }: Plane): ConfigResource {
  const now = clock.now();
  return { id, createdAt: now.getTime(), config, ...newRevision(now) };
}

function namedConfig(resources: readonly ConfigResource[], name: string): string | undefined {
  return resources.find(({ config }) => childOf(rootOf(config), "Name")?.text === name)?.id;
}

function base64(code: string): string {
  return Buffer.from(code).toString("base64");
}
