import { z } from "zod";
import { SlipwayError } from "../errors.ts";
import { STATE_PREFIX } from "../keys.ts";

export type BucketPolicyWishes = {
  readonly bucket: string;
  /** `aws`, `aws-cn`. */
  readonly partition: string;
  readonly account: string;
  /** The distribution's ARN. */
  readonly distribution: string;
};

/** Sids: letters and digits only. */
const READ = "SlipwayCloudFrontReads";
const LIST = "SlipwayCloudFrontSeesWhatIsMissing";
const STATE = "SlipwayStateIsNotServed";

const statement = z.looseObject({ Sid: z.string().optional() });
const policySchema = z.looseObject({
  Version: z.string().optional(),
  Statement: z.union([statement.transform((one) => [one]), z.array(statement)]),
});

const SERVICE = { Service: "cloudfront.amazonaws.com" };

/**
 * The bucket's policy with Slipway's three statements, by their Sid; all others stay as they are, and
 * so do the distributions that those three name. The
 * very same text when they are there. Throws a SlipwayError for a policy that is not JSON.
 *
 * There is no statement that asks for TLS: CloudFront asks an S3 origin by the viewer's own protocol,
 * and a behaviour that is not ours may still allow http.
 */
export function withPolicyStatements(
  found: string | undefined,
  wishes: BucketPolicyWishes,
): string {
  const policy = found === undefined ? undefined : parse(found);
  const before = policy?.Statement ?? [];
  const wanted = statementsOf(wishes, before);
  const isRight = wanted.every((one) =>
    before.some((other) => other.Sid === one.Sid && canonical(other) === canonical(one)),
  );
  if (found !== undefined && isRight) return found;
  const sids = new Set<string | undefined>(wanted.map(({ Sid }) => Sid));
  const kept = before.filter(({ Sid }) => !sids.has(Sid));
  return JSON.stringify({ Version: "2012-10-17", ...policy, Statement: [...kept, ...wanted] });
}

function statementsOf(
  { bucket, partition, account, distribution }: BucketPolicyWishes,
  before: readonly { readonly Sid?: string | undefined }[],
) {
  const arn = `arn:${partition}:s3:::${bucket}`;
  const conditionFor = (sid: string) => ({
    StringEquals: {
      "AWS:SourceAccount": account,
      "AWS:SourceArn": sourcesOf(
        before.find(({ Sid }) => Sid === sid),
        distribution,
      ),
    },
  });
  const allow = { Effect: "Allow", Principal: SERVICE };
  return [
    {
      Sid: READ,
      ...allow,
      Action: "s3:GetObject",
      Resource: `${arn}/*`,
      Condition: conditionFor(READ),
    },
    // Without it a missing key is 403, which no error page is made for (S3-API "GetObject").
    { Sid: LIST, ...allow, Action: "s3:ListBucket", Resource: arn, Condition: conditionFor(LIST) },
    {
      Sid: STATE,
      Effect: "Deny",
      Principal: SERVICE,
      Action: "s3:GetObject",
      Resource: `${arn}/${STATE_PREFIX}*`,
    },
  ];
}

/**
 * Whoever reads already goes on: a staging distribution has an ARN of its own, and one that the site
 * moves away from serves it until DNS has moved.
 */
function sourcesOf(found: object | undefined, distribution: string): string | readonly string[] {
  const condition = z
    .object({
      Condition: z.object({
        StringEquals: z.object({ "AWS:SourceArn": z.union([z.string(), z.array(z.string())]) }),
      }),
    })
    .safeParse(found);
  if (!condition.success) return distribution;
  const sources = [condition.data.Condition.StringEquals["AWS:SourceArn"]].flat();
  if (sources.every((source) => source === distribution)) return distribution;
  return sources.includes(distribution) ? sources : [...sources, distribution];
}

/** IAM takes one string and a list of one for the same, and gives back either. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_, inner: unknown) => {
    if (Array.isArray(inner)) return inner.length === 1 ? inner[0] : [...inner].sort();
    if (typeof inner !== "object" || inner === null) return inner;
    return Object.fromEntries(Object.entries(inner).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

function parse(text: string) {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    value = undefined;
  }
  const parsed = policySchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SlipwayError("config", {
    what: "The bucket's policy cannot be read",
    why: "it is not a policy as IAM writes them",
    next: "Look at it in the S3 console, and mend or remove it there.",
  });
}
