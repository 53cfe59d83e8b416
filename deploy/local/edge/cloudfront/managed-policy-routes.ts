import { ok, type Route } from "./api.ts";
import { ApiError, notImplemented } from "./api-error.ts";
import {
  MANAGED_CACHE_POLICIES,
  MANAGED_ORIGIN_REQUEST_POLICIES,
  type ManagedPolicy,
} from "./managed-policies.ts";
import { pageOf, shortList } from "./pages.ts";
import { policyType } from "./policy-type.ts";
import type { XmlTree } from "./xml.ts";

/** They change when AWS says so; here never. */
const ETAG = "E23ZP02F085DFQ";
const CHANGED_AT = new Date(0).toISOString();

type Kind = {
  /** `CachePolicy`. */
  readonly name: string;
  readonly plural: string;
  readonly path: string;
  readonly policies: readonly ManagedPolicy<unknown>[];
};

/** Cache and origin request policies: those of AWS are read, others cannot be made. */
export function managedPolicyRoutes(): readonly Route[] {
  return [
    ...routesOf({
      name: "CachePolicy",
      plural: "CachePolicies",
      path: "cache-policy",
      policies: MANAGED_CACHE_POLICIES,
    }),
    ...routesOf({
      name: "OriginRequestPolicy",
      plural: "OriginRequestPolicies",
      path: "origin-request-policy",
      policies: MANAGED_ORIGIN_REQUEST_POLICIES,
    }),
  ];
}

function routesOf({ name, plural, path, policies }: Kind): readonly Route[] {
  const tree = ({ id, config }: ManagedPolicy<unknown>): XmlTree => ({
    Id: id,
    LastModifiedTime: CHANGED_AT,
    [`${name}Config`]: config,
  });
  const find = (id: string) => {
    const policy = policies.find((candidate) => candidate.id === id);
    if (policy !== undefined) return policy;
    throw new ApiError(404, `NoSuch${name}`, `The ${path} "${id}" does not exist.`);
  };
  return [
    {
      operation: `List${plural}`,
      method: "GET",
      path,
      answer: ({ query }) => {
        const listed = policyType(query) === "custom" ? [] : policies;
        const page = pageOf(listed, query, ({ id }) => id);
        const item = (policy: ManagedPolicy<unknown>) => ({
          Type: "managed",
          [name]: tree(policy),
        });
        return ok(`${name}List`, shortList(page, `${name}Summary`, item));
      },
    },
    {
      operation: `Get${name}`,
      method: "GET",
      path: `${path}/{Id}`,
      answer: ({ id }) => ok(name, tree(find(id)), ETAG),
    },
    {
      operation: `Get${name}Config`,
      method: "GET",
      path: `${path}/{Id}/config`,
      answer: ({ id }) => ok(`${name}Config`, find(id).config, ETAG),
    },
    {
      operation: `Create${name}`,
      method: "POST",
      path,
      answer: () => {
        throw notImplemented(`Create${name}; it has the managed policies of AWS`);
      },
    },
  ];
}
