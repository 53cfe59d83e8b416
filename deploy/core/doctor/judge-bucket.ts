import { withPolicyStatements } from "../setup/bucket-policy.ts";
import type { BucketSettings, FoundAccount, FoundBucket, FoundPlace } from "../setup/estate.ts";
import { withLifecycleRules } from "../setup/lifecycle-rules.ts";
import {
  andThen,
  bad,
  type Check,
  check,
  good,
  type Looked,
  seen,
  skipped,
  warning,
} from "./check.ts";

export type BucketWanted = {
  readonly bucket: string;
  readonly region: string;
  /** Twelve digits; undefined: any account will do. */
  readonly account: string | undefined;
};

export type BucketFacts = {
  readonly account: Looked<FoundAccount>;
  readonly bucket: Looked<FoundBucket>;
  readonly place: Looked<FoundPlace>;
};

const SETUP = "slipway setup does it; its plan shows it first.";

/** Whose keys these are, and whether the bucket is as `setup` leaves it. */
export function judgeBucket(wanted: BucketWanted, facts: BucketFacts): readonly Check[] {
  const { account, bucket } = facts;
  const settings = andThen(bucket, (found) =>
    found.kind === "found" ? seen(found.settings) : skipped("there is no bucket to look at"),
  );
  return [
    check("credentials", account, ({ arn }) => good(arn)),
    check("account", account, ({ id }) => judgeAccount(id, wanted.account)),
    check("bucket", bucket, (found) => judgeExistence(found, wanted)),
    check("bucket-privacy", settings, ({ isPrivate }) =>
      isPrivate
        ? good("all four settings of Block Public Access are on")
        : bad("at least one setting of Block Public Access is off", SETUP),
    ),
    check("bucket-ownership", settings, ({ isOwnerEnforced }) =>
      isOwnerEnforced
        ? good("the bucket's owner owns every object")
        : bad("objects may have access control lists of their own", SETUP),
    ),
    check("bucket-policy", policyFacts(facts, settings), (policy) => judgePolicy(policy, wanted)),
    check("bucket-versioning", settings, ({ isVersioned }) =>
      isVersioned
        ? good("versioning is on")
        : bad("versioning is off: nothing can be rolled back", SETUP),
    ),
    check("bucket-encryption", settings, judgeEncryption),
    check("bucket-lifecycle", settings, ({ lifecycle }) =>
      withLifecycleRules(lifecycle) === lifecycle
        ? good("Slipway's two rules are in force")
        : bad(
            "Slipway's rules are missing or changed: old versions are paid for, or go too soon",
            SETUP,
          ),
    ),
  ];
}

function judgeAccount(id: string, expected: string | undefined) {
  if (expected === undefined) {
    return warning(
      `${id}; the config names none`,
      `Set account to "${id}" in slipway.config.ts, so that no other one is ever changed.`,
    );
  }
  return id === expected
    ? good(id)
    : bad(
        `${id}, and slipway.config.ts says ${expected}`,
        "Choose the right profile (AWS_PROFILE), or mend account in slipway.config.ts.",
      );
}

function judgeExistence(found: FoundBucket, { bucket, region }: BucketWanted) {
  switch (found.kind) {
    case "found":
      return good(`${bucket} in ${region}`);
    case "absent":
      return bad(
        `there is no bucket ${bucket}`,
        "Run slipway setup, or mend bucket in the config.",
      );
    case "forbidden":
      return bad(
        `${bucket} is another account's, or these credentials may not see it`,
        "Allow s3:ListBucket on it for this role, or choose another name.",
      );
    case "elsewhere":
      return bad(
        `${bucket} is in ${found.region ?? "another region"}, not in ${region}`,
        `Set region in slipway.config.ts to ${found.region ?? "the bucket's own"}.`,
      );
  }
}

type PolicyFacts = {
  readonly policy: string | undefined;
  readonly account: FoundAccount;
  readonly distribution: string;
};

function policyFacts(
  { account, place }: BucketFacts,
  settings: Looked<BucketSettings>,
): Looked<PolicyFacts> {
  return andThen(settings, ({ policy }) =>
    andThen(account, (whose) =>
      andThen(place, (found) =>
        found.kind === "one"
          ? seen({ policy, account: whose, distribution: found.distribution.arn })
          : skipped("there is no distribution that it could name"),
      ),
    ),
  );
}

function judgePolicy({ policy, account, distribution }: PolicyFacts, { bucket }: BucketWanted) {
  if (policy === undefined)
    return bad("the bucket has no policy: CloudFront may not read it", SETUP);
  const partition = account.arn.split(":")[1] ?? "aws";
  const wishes = { bucket, partition, account: account.id, distribution };
  return withPolicyStatements(policy, wishes) === policy
    ? good(`${distribution} may read, and nothing below .slipway/`)
    : bad("Slipway's statements are missing, or are not for this distribution", SETUP);
}

function judgeEncryption({ encryption }: BucketSettings) {
  switch (encryption.kind) {
    case "none":
      return bad("nothing encrypts what is stored", SETUP);
    case "aes256":
      return good("SSE-S3");
    case "kms":
      return good(`SSE-KMS${encryption.key === undefined ? "" : ` with ${encryption.key}`}`);
  }
}
