import { describe, expect, it } from "vitest";
import { withPolicyStatements } from "../../../deploy/core/setup/bucket-policy.ts";
import { withLifecycleRules } from "../../../deploy/core/setup/lifecycle-rules.ts";

const WISHES = {
  bucket: "example-site",
  partition: "aws",
  account: "111122223333",
  distribution: "arn:aws:cloudfront::111122223333:distribution/E1",
};
const THEIRS = {
  Sid: "Theirs",
  Effect: "Allow",
  Principal: { AWS: "arn:aws:iam::111122223333:root" },
  Action: ["s3:GetObject"],
  Resource: "arn:aws:s3:::example-site/*",
  Condition: { Bool: { "aws:SecureTransport": "true" } },
};

describe("the bucket's policy", () => {
  it("lets only this distribution read, and never Slipway's own records", () => {
    const { Statement } = JSON.parse(withPolicyStatements(undefined, WISHES));
    expect(Statement).toEqual([
      {
        Sid: "SlipwayCloudFrontReads",
        Effect: "Allow",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::example-site/*",
        Condition: {
          StringEquals: {
            "AWS:SourceAccount": "111122223333",
            "AWS:SourceArn": "arn:aws:cloudfront::111122223333:distribution/E1",
          },
        },
      },
      expect.objectContaining({ Action: "s3:ListBucket", Resource: "arn:aws:s3:::example-site" }),
      {
        Sid: "SlipwayStateIsNotServed",
        Effect: "Deny",
        Principal: { Service: "cloudfront.amazonaws.com" },
        Action: "s3:GetObject",
        Resource: "arn:aws:s3:::example-site/.slipway/*",
      },
    ]);
  });

  it("keeps every other statement, and its Id", () => {
    const found = JSON.stringify({ Version: "2008-10-17", Id: "P1", Statement: THEIRS });
    const policy = JSON.parse(withPolicyStatements(found, WISHES));
    expect(policy).toMatchObject({ Version: "2008-10-17", Id: "P1" });
    expect(policy.Statement[0]).toEqual(THEIRS);
    expect(policy.Statement).toHaveLength(4);
  });

  it("is the very same text when the statements are there, however IAM writes them", () => {
    const policy = JSON.parse(withPolicyStatements(undefined, WISHES));
    for (const statement of policy.Statement) statement.Action = [statement.Action];
    const found = JSON.stringify(policy, null, 2);
    expect(withPolicyStatements(found, WISHES)).toBe(found);
  });

  it("lets a distribution that reads already go on, beside the site's", () => {
    const policy = JSON.parse(withPolicyStatements(undefined, WISHES));
    const next = { ...WISHES, distribution: `${WISHES.distribution}NEW` };
    const sources = (text: string) =>
      JSON.parse(text).Statement.flatMap(
        (one: typeof policy) => one.Condition?.StringEquals["AWS:SourceArn"] ?? [],
      );
    const both = [WISHES.distribution, next.distribution];
    const made = withPolicyStatements(JSON.stringify(policy), next);
    expect(sources(made)).toEqual([...both, ...both]);
    expect(withPolicyStatements(made, next)).toBe(made);
    const staging = `${WISHES.distribution}STAGING`;
    policy.Statement[0].Condition.StringEquals["AWS:SourceArn"] = [WISHES.distribution, staging];
    const found = JSON.stringify(policy);
    expect(withPolicyStatements(found, WISHES)).toBe(found);
  });

  it("that is no policy is refused, not replaced", () => {
    expect(() => withPolicyStatements("<xml/>", WISHES)).toThrow(/cannot be read/);
  });
});

const OTHER = "<Rule><ID>theirs</ID><Status>Enabled</Status><New  x='1'/></Rule>";
const document = (rules: string) =>
  `<LifecycleConfiguration xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${rules}</LifecycleConfiguration>`;

describe("the bucket's lifecycle", () => {
  it("gets two rules, and keeps all others byte for byte", () => {
    const made = withLifecycleRules(document(OTHER));
    expect(made).toContain(OTHER);
    expect(made.match(/<Rule>/g)).toHaveLength(3);
    expect(made).toContain("<NewerNoncurrentVersions>5</NewerNoncurrentVersions>");
    expect(withLifecycleRules(made)).toBe(made);
  });

  it.each([
    ["keeps more days", "<NoncurrentDays>30<", "<NoncurrentDays>90<", true],
    ["keeps fewer days", "<NoncurrentDays>30<", "<NoncurrentDays>7<", false],
    ["keeps fewer versions", "<NewerNoncurrentVersions>5<", "<NewerNoncurrentVersions>1<", false],
    ["is switched off", "<Status>Enabled<", "<Status>Disabled<", false],
  ])("a rule of ours that %s", (_, from, to, stays) => {
    const right = withLifecycleRules(undefined);
    const found = right.replace(from, to);
    expect(found).not.toBe(right);
    expect(withLifecycleRules(found)).toBe(stays ? found : right);
  });
});
