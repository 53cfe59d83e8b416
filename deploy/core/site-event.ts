import type { DeployResult, InvalidateResult } from "./results.ts";

/** Something that happened to the site, as others hear of it: by kind, with the data of that kind. */
export type SiteEvent =
  | {
      readonly kind: "site.published.v1";
      readonly subject: string;
      readonly data: {
        readonly environment: string;
        readonly releaseId: string;
        readonly commit?: string;
        readonly created: number;
        readonly replaced: number;
        readonly removed: number;
      };
    }
  | {
      readonly kind: "site.rolled-back.v1";
      readonly subject: string;
      readonly data: {
        readonly environment: string;
        readonly releaseId: string;
        readonly restoredFrom: string;
        readonly commit?: string;
      };
    }
  | {
      readonly kind: "site.cache-invalidated.v1";
      readonly subject: string;
      readonly data: {
        readonly environment: string;
        readonly scope: "paths" | "everything";
        readonly paths: number;
      };
    };

/**
 * What a deploy or a rollback has to tell: that a release is live. Nothing about what was refused,
 * declined or not needed; and nothing about a partial one, whose rerun tells it.
 */
export function siteEventOf(result: DeployResult, environment: string): SiteEvent | undefined {
  if (result.kind !== "released") return undefined;
  const { id, provenance, rollbackTo, totals } = result.release;
  const { commit } = provenance;
  const release = { environment, releaseId: id, ...(commit === undefined ? {} : { commit }) };
  if (rollbackTo !== undefined) {
    const data = { ...release, restoredFrom: rollbackTo };
    return { kind: "site.rolled-back.v1", subject: id, data };
  }
  const { created, replaced, removed } = totals;
  const data = { ...release, created, replaced, removed };
  return { kind: "site.published.v1", subject: id, data };
}

/** What an operator's invalidation has to tell, once the CDN was asked. */
export function invalidationEventOf(
  result: InvalidateResult,
  environment: string,
): SiteEvent | undefined {
  if (result.kind !== "requested") return undefined;
  const { invalidation } = result;
  const told = (scope: "paths" | "everything", paths: number): SiteEvent => ({
    kind: "site.cache-invalidated.v1",
    subject: environment,
    data: { environment, scope, paths },
  });
  switch (invalidation.kind) {
    case "none":
      return undefined;
    case "paths":
      return told("paths", invalidation.paths.length);
    case "everything":
      return told("everything", 1);
  }
}
