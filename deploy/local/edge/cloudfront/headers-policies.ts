import { randomUUID } from "node:crypto";
import { type ConfigKind, checkUniqueName } from "./config-resource.ts";
import { readHeadersPolicy } from "./headers-policy-config.ts";
import { MANAGED_HEADERS_POLICIES } from "./managed-headers-policies.ts";

const NAME = "ResponseHeadersPolicy";

/** Response headers policies, those of AWS among them (BC cloudfront ResponseHeadersPolicy). */
export function headersPolicyKind(parts: Pick<ConfigKind, "collection" | "isInUse">): ConfigKind {
  const { collection, isInUse } = parts;
  const managed = MANAGED_HEADERS_POLICIES;
  return {
    name: NAME,
    path: "response-headers-policy",
    updatePath: "response-headers-policy/{Id}",
    collection,
    newId: randomUUID,
    managed,
    check(config, self) {
      readHeadersPolicy(config);
      checkUniqueName({ name: NAME, collection, managed }, config, self);
    },
    isInUse,
    facts: ({ changedAt }) => ({ LastModifiedTime: new Date(changedAt).toISOString() }),
  };
}
