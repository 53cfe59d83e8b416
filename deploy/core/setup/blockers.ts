import type { Blueprint } from "./blueprint.ts";
import { defaultOriginOf, foreignFunctionsOf, isBucketDomain } from "./distribution-settings.ts";
import type { Estate, FoundAccount, FoundDistribution } from "./estate.ts";
import type { Blocker } from "./steps.ts";
import { fieldOf } from "./xml-lists.ts";

/** What a person has to decide or mend before anything is written. Empty: nothing. */
export function findBlockers(blueprint: Blueprint, estate: Estate): readonly Blocker[] {
  const account = accountBlockers(blueprint, estate.account);
  // In another account everything else looks wrong as well.
  if (account.length > 0) return account;
  return [
    ...bucketBlockers(blueprint, estate),
    ...placeBlockers(blueprint, estate),
    ...partBlockers(blueprint, estate),
  ];
}

/** Whether the keys are those of another account than the config expects. */
export function accountBlockers(
  { account }: { readonly account?: string | undefined },
  found: FoundAccount,
): readonly Blocker[] {
  if (account === undefined || account === found.id) return [];
  return [
    {
      what: `These credentials are of account ${found.id}, not ${account}`,
      why: `slipway.config.ts expects ${account}; the keys belong to ${found.arn}`,
      next: "Choose the other account (AWS_PROFILE, aws sso login), or correct account in slipway.config.ts.",
    },
  ];
}

function bucketBlockers({ bucket, region, tags }: Blueprint, estate: Estate): Blocker[] {
  const { bucket: found } = estate;
  const what = `The bucket ${bucket} cannot be used`;
  switch (found.kind) {
    case "absent":
      return [];
    case "forbidden":
      return [
        {
          what,
          why: `it exists, and account ${estate.account.id} may not see it: names are unique in the world, and somebody else has this one, or a policy denies it`,
          next: "Choose another name for bucket in slipway.config.ts; or, if it is yours, allow s3:ListBucket, or use the keys of its account.",
        },
      ];
    case "elsewhere":
      return [
        {
          what,
          why: `it is in ${found.region ?? "another region"}, and slipway.config.ts says ${region}`,
          next: `Set region to ${found.region ?? "the bucket's own"}, or choose another name: a bucket cannot be moved.`,
        },
      ];
    case "found": {
      const other = (["site", "environment"] as const).find((kind) => {
        const tag = found.settings.tags[`slipway:${kind}`];
        return tag !== undefined && tag !== tags[`slipway:${kind}`];
      });
      if (other === undefined) return [];
      const owner = found.settings.tags[`slipway:${other}`];
      return [
        {
          what,
          why: `its tag slipway:${other} says that it belongs to the ${other} ${owner}`,
          next: "Choose another name for bucket in slipway.config.ts, or remove the tag if the bucket is free.",
        },
      ];
    }
  }
}

function placeBlockers(blueprint: Blueprint, { place, account }: Estate): Blocker[] {
  switch (place.kind) {
    case "none":
      return [];
    case "missing":
      return [
        {
          what: `There is no distribution ${place.id}`,
          why: `slipway.config.ts names it, and account ${account.id} has none of that id`,
          next: "Correct distribution in slipway.config.ts, or leave it out: then one is found or created.",
        },
      ];
    case "several":
      return [
        {
          what: `${place.ids.length} distributions serve the bucket ${blueprint.bucket}`,
          why: `they are ${place.ids.join(", ")}, and nothing says which one is the site's`,
          next: "Name one of them as distribution in slipway.config.ts.",
        },
      ];
    case "one":
      return distributionBlockers(blueprint, place.distribution);
  }
}

function distributionBlockers({ bucket }: Blueprint, { id, config }: FoundDistribution): Blocker[] {
  const blockers: Blocker[] = [];
  const what = `The distribution ${id} cannot be used`;
  if (fieldOf(config, "Enabled") === "false") {
    blockers.push({
      what,
      why: "it is disabled; somebody has switched it off",
      next: "Enable it in the CloudFront console if it is the right one, then run setup again.",
    });
  }
  const origin = defaultOriginOf(config);
  const domain = (origin && fieldOf(origin, "DomainName")) ?? "an origin group";
  if (!isBucketDomain(domain, bucket)) {
    blockers.push({
      what,
      why: `it serves ${domain}, not the bucket ${bucket}; to switch it over would take down what it serves`,
      next: "Name the bucket that it serves, or leave distribution out: then the bucket gets one of its own, and slipway domain moves the names.",
    });
  }
  const [foreign] = foreignFunctionsOf(config, "viewer-request");
  if (domain.startsWith(`${bucket}.s3-website`) && foreign !== undefined) {
    blockers.push({
      what,
      why: `the bucket's website finds its index pages, and where a function of ours would do so ${foreign} has the place`,
      next: "Take that function away, or leave distribution out: then the bucket gets one of its own, and slipway domain moves the names.",
    });
  }
  const path = (origin && fieldOf(origin, "OriginPath")) ?? "";
  if (path !== "") {
    blockers.push({
      what,
      why: `its origin begins at ${path}, and a deploy writes to the bucket's root`,
      next: "Empty the origin's path in the CloudFront console, or leave distribution out.",
    });
  }
  return blockers;
}

const MANAGED = ["CachingOptimized", "CachingDisabled", "AllViewerExceptHostHeader"];

function partBlockers({ names }: Blueprint, { edge }: Estate): Blocker[] {
  const blockers: Blocker[] = [];
  if (edge.store?.state === "failed") {
    blockers.push({
      what: `The key value store ${names.store} cannot be used`,
      why: "CloudFront says that it could not be made",
      next: "Delete it in the CloudFront console (Functions, KeyValueStores), then run setup again.",
    });
  }
  const missing = MANAGED.filter((name) => !edge.managed.has(name));
  if (missing.length > 0) {
    blockers.push({
      what: `CloudFront does not list its own policies ${missing.join(", ")}`,
      why: "they are looked up by name among the managed policies",
      next: "Check cdnEndpoint in slipway.config.ts, and whether this part of AWS has them.",
    });
  }
  return blockers;
}
