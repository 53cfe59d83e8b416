import { ok, type Route } from "./api.ts";
import { type ConfigKind, configRoutes, resourceTree } from "./config-resource.ts";
import { pageOf, shortList } from "./pages.ts";
import type { Plane } from "./plane.ts";
import { policyType } from "./policy-type.ts";

/** Response headers policies and their list. */
export function headersPolicyRoutes(kind: ConfigKind, plane: Plane): readonly Route[] {
  const typed = (type: "managed" | "custom") => {
    const policies = type === "managed" ? kind.managed : kind.collection.list();
    return policies.map((policy) => ({ type, policy }));
  };
  return [
    {
      operation: "ListResponseHeadersPolicies",
      method: "GET",
      path: kind.path,
      answer: ({ query }) => {
        const type = policyType(query);
        const listed = type === undefined ? [...typed("managed"), ...typed("custom")] : typed(type);
        const page = pageOf(listed, query, ({ policy }) => policy.id);
        const tree = ({ type: Type, policy }: (typeof listed)[number]) => ({
          Type,
          ResponseHeadersPolicy: resourceTree(kind, policy),
        });
        return ok(
          "ResponseHeadersPolicyList",
          shortList(page, "ResponseHeadersPolicySummary", tree),
        );
      },
    },
    ...configRoutes(kind, plane),
  ];
}
