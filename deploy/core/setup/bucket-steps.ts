import type { Blueprint } from "./blueprint.ts";
import { withPolicyStatements } from "./bucket-policy.ts";
import type { BucketSettings, Estate } from "./estate.ts";
import { KEPT_VERSIONS, withLifecycleRules } from "./lifecycle-rules.ts";
import { type BucketAction, type SetupStep, step } from "./steps.ts";

const STORAGE_PRICE =
  "about US$0.023 for each GB stored, replaced versions too, and US$0.005 for 1,000 writes";

/** What the bucket lacks, but for its policy and its privacy, which come when the distribution is known. */
export function bucketSteps(
  blueprint: Blueprint,
  settings: BucketSettings | undefined,
): SetupStep[] {
  const { bucket, region, tags } = blueprint;
  const steps: SetupStep[] = [];
  const add = (action: BucketAction, title: string, details: readonly string[] = []) => {
    const known = settings === undefined ? undefined : ({ kind: "bucket", action } as const);
    steps.push(
      step({ id: `bucket-${action.kind}`, kind: "change", title, details, action: known }),
    );
  };
  if (settings === undefined) steps.push(createStep(bucket, region));
  if (settings?.isVersioned !== true) {
    add({ kind: "enable-versioning" }, "Keep replaced files as versions, for rollbacks");
  }
  if (settings === undefined || settings.encryption.kind === "none") {
    add({ kind: "encrypt" }, "Encrypt what is stored, with keys that S3 keeps (SSE-S3)");
  }
  const lifecycle = withLifecycleRules(settings?.lifecycle);
  if (lifecycle !== settings?.lifecycle) {
    add({ kind: "lifecycle", document: lifecycle }, "Let old versions expire", [
      `replaced versions go after ${KEPT_VERSIONS.days} days, but the newest ${KEPT_VERSIONS.newest} stay`,
      "uploads that broke off go after 7 days",
    ]);
  }
  if (Object.keys(tags).some((name) => settings?.tags[name] !== tags[name])) {
    const all = { ...settings?.tags, ...tags };
    add({ kind: "tag", tags: all }, "Tag the bucket with its site and environment");
  }
  return steps;
}

function createStep(bucket: string, region: string): SetupStep {
  return step({
    id: "bucket-create",
    kind: "create",
    title: `Create the bucket ${bucket} in ${region}`,
    details: ["public access blocked, access control lists off"],
    monthly: STORAGE_PRICE,
    action: { kind: "bucket", action: { kind: "create" } },
  });
}

/** Lets the distribution read the site; who was let in already stays. */
export function policySteps(blueprint: Blueprint, estate: Estate): SetupStep[] {
  const { bucket, place, account } = estate;
  const found = bucket.kind === "found" ? bucket.settings.policy : undefined;
  const title = "Let the distribution read the bucket";
  const details = [
    "any file but those below .slipway/",
    "what is missing is answered with 404, not 403",
  ];
  const base = { id: "bucket-policy", kind: "change", title, details } as const;
  if (place.kind !== "one" || bucket.kind !== "found")
    return [step({ ...base, action: undefined })];
  const document = withPolicyStatements(found, {
    bucket: blueprint.bucket,
    partition: account.arn.split(":")[1] ?? "aws",
    account: account.id,
    distribution: place.distribution.arn,
  });
  if (document === found) return [];
  return [step({ ...base, action: { kind: "bucket", action: { kind: "policy", document } } })];
}

/**
 * A bucket that is public may be read so by the live site: it is closed last, when the distribution
 * reads it in its own name everywhere.
 */
export function privacySteps(
  settings: BucketSettings | undefined,
  waiting: "distribution changes" | "nothing",
): SetupStep[] {
  const closing = settings === undefined ? [] : closingSteps(settings);
  if (closing.length === 0 || waiting === "nothing") return closing;
  const wait = step({
    id: "wait-distribution",
    kind: "wait",
    title: "Wait until CloudFront has its change everywhere, before the bucket is closed",
    usualSeconds: DEPLOY_SECONDS,
    action: { kind: "wait", patience: DEPLOY_PATIENCE_SECONDS },
  });
  return [wait, ...closing.map((one) => ({ ...one, action: undefined }))];
}

function closingSteps({ isPrivate, isOwnerEnforced }: BucketSettings): SetupStep[] {
  const steps: SetupStep[] = [];
  const add = (action: BucketAction, title: string, details: readonly string[]) => {
    const id = `bucket-${action.kind}` as const;
    steps.push(step({ id, kind: "change", title, details, action: { kind: "bucket", action } }));
  };
  if (!isOwnerEnforced) {
    add({ kind: "enforce-owner" }, "Switch the bucket's access control lists off", []);
  }
  if (!isPrivate) {
    add({ kind: "block-public-access" }, "Block public access to the bucket", [
      "who reads it by its own address, not through CloudFront, is refused from then on",
    ]);
  }
  return steps;
}

/** CF-DG23 HowToUpdateDistribution: minutes. */
const DEPLOY_SECONDS = 5 * 60;
const DEPLOY_PATIENCE_SECONDS = 40 * 60;
