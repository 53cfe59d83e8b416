import { describe, expect, it } from "vitest";
import type { Check, CheckId, Looked } from "../../../deploy/core/doctor/check.ts";
import { judgeBucket } from "../../../deploy/core/doctor/judge-bucket.ts";
import { judgeDistribution } from "../../../deploy/core/doctor/judge-distribution.ts";
import { blueprintOf } from "../../../deploy/core/setup/blueprint.ts";
import { withPolicyStatements } from "../../../deploy/core/setup/bucket-policy.ts";
import { settle } from "../../../deploy/core/setup/distribution-settings.ts";
import { wishesOf } from "../../../deploy/core/setup/distribution-steps.ts";
import type {
  BucketSettings,
  Estate,
  FoundBucket,
  FoundDistribution,
  FoundEdge,
} from "../../../deploy/core/setup/estate.ts";
import { withLifecycleRules } from "../../../deploy/core/setup/lifecycle-rules.ts";
import { bareDistributionConfig } from "../../support/memory-estate.ts";

/** Every check of bucket and distribution: green for the estate that setup leaves, red for each flaw. */

const ACCOUNT = { id: "111122223333", arn: "arn:aws:sts::111122223333:assumed-role/admin/mira" };
const BLUEPRINT = blueprintOf({
  site: "example",
  environment: "live",
  bucket: "example-site",
  region: "eu-west-1",
  account: ACCOUNT.id,
});

const EDGE: FoundEdge = {
  accesses: [{ id: "OAC1", name: "slipway-example-live", signs: true }],
  store: { arn: "arn:aws:cloudfront::111122223333:key-value-store/s1", state: "ready" },
  headersPolicy: "hp-1",
  viewerRequest: {
    arn: "arn:aws:cloudfront::111122223333:function/slipway-example-live-viewer-request",
    isLive: true,
    store: "arn:aws:cloudfront::111122223333:key-value-store/s1",
  },
  viewerResponse: {
    arn: "arn:aws:cloudfront::111122223333:function/slipway-example-live-viewer-response",
    isLive: true,
    store: undefined,
  },
  managed: new Map([
    ["CachingOptimized", "cp-optimized"],
    ["CachingDisabled", "cp-disabled"],
    ["AllViewerExceptHostHeader", "orp-all"],
  ]),
};

const ARN = "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE";
const POLICY = withPolicyStatements(undefined, {
  bucket: "example-site",
  partition: "aws",
  account: ACCOUNT.id,
  distribution: ARN,
});

const SETTINGS: BucketSettings = {
  isPrivate: true,
  isOwnerEnforced: true,
  isVersioned: true,
  encryption: { kind: "aes256" },
  tags: BLUEPRINT.tags,
  lifecycle: withLifecycleRules(undefined),
  policy: POLICY,
};

const BARE: FoundDistribution = {
  id: "E2EXAMPLE",
  arn: ARN,
  domainName: "d111111abcdef8.cloudfront.net",
  status: "deployed",
  etag: "E1",
  config: bareDistributionConfig(),
};

const bare: Estate = {
  account: ACCOUNT,
  bucket: { kind: "found", settings: SETTINGS },
  edge: EDGE,
  place: { kind: "one", distribution: BARE },
  liveRules: undefined,
  record: undefined,
};
const wishes = wishesOf(BLUEPRINT, bare);
if (wishes === undefined) throw new Error("the parts are not complete");
const GOOD: FoundDistribution = { ...BARE, config: settle(BARE.config, wishes).config };

type Flaw = {
  readonly settings?: Partial<BucketSettings>;
  readonly bucket?: FoundBucket;
  readonly edge?: Partial<FoundEdge>;
  readonly distribution?: Partial<FoundDistribution>;
  readonly place?: Estate["place"];
  readonly account?: string;
};

function examine(flaw: Flaw): readonly Check[] {
  const account = seen({ ...ACCOUNT, id: flaw.account ?? ACCOUNT.id });
  const settings = { ...SETTINGS, ...flaw.settings };
  const bucket = seen<FoundBucket>(flaw.bucket ?? { kind: "found", settings });
  const distribution = { ...GOOD, ...flaw.distribution };
  const place = seen<Estate["place"]>(flaw.place ?? { kind: "one", distribution });
  const edge = seen<FoundEdge>({ ...EDGE, ...flaw.edge });
  const estate = seen<Estate>({
    account: account.value,
    bucket: bucket.value,
    edge: edge.value,
    place: place.value,
    liveRules: undefined,
    record: undefined,
  });
  return [
    ...judgeBucket(BLUEPRINT, { account, bucket, place }),
    ...judgeDistribution(BLUEPRINT, { place, edge, estate }),
  ];
}

const seen = <Value>(value: Value) => ({ kind: "seen", value }) as const;
const edited = (from: string, to: string) => {
  if (!GOOD.config.includes(from)) throw new Error(`the configuration has no ${from}`);
  return { distribution: { config: GOOD.config.replace(from, to) } };
};

describe("the estate that setup leaves", () => {
  it("is good in every check", () => {
    expect(examine({}).filter(({ kind }) => kind !== "good")).toEqual([]);
  });
});

const WRONG: readonly (readonly [string, CheckId, Flaw, RegExp])[] = [
  ["other keys", "account", { account: "999999999999" }, /999999999999/],
  ["no bucket", "bucket", { bucket: { kind: "absent" } }, /no bucket example-site/],
  ["another's bucket", "bucket", { bucket: { kind: "forbidden" } }, /another account's/],
  [
    "a bucket elsewhere",
    "bucket",
    { bucket: { kind: "elsewhere", region: "us-east-1" } },
    /us-east-1/,
  ],
  ["public access", "bucket-privacy", { settings: { isPrivate: false } }, /Block Public Access/],
  [
    "access control lists",
    "bucket-ownership",
    { settings: { isOwnerEnforced: false } },
    /access control lists/,
  ],
  ["no policy", "bucket-policy", { settings: { policy: undefined } }, /no policy/],
  [
    "a policy for another distribution",
    "bucket-policy",
    { settings: { policy: POLICY.replaceAll("E2EXAMPLE", "E9OTHER") } },
    /this distribution/,
  ],
  [
    "a policy that serves .slipway/",
    "bucket-policy",
    { settings: { policy: POLICY.replaceAll(".slipway/", "elsewhere/") } },
    /Slipway's statements/,
  ],
  ["no versions", "bucket-versioning", { settings: { isVersioned: false } }, /rolled back/],
  [
    "no encryption",
    "bucket-encryption",
    { settings: { encryption: { kind: "none" } } },
    /encrypts/,
  ],
  ["no lifecycle", "bucket-lifecycle", { settings: { lifecycle: undefined } }, /rules/],
  ["no distribution", "distribution", { place: { kind: "none" } }, /no distribution/],
  [
    "a distribution of another account",
    "distribution",
    { place: { kind: "missing", id: "E9" } },
    /E9/,
  ],
  [
    "several distributions",
    "distribution",
    { place: { kind: "several", ids: ["E1", "E2"] } },
    /E1, E2/,
  ],
  ["a disabled one", "distribution", edited("<Enabled>true<", "<Enabled>false<"), /disabled/],
  [
    "another origin",
    "distribution-settings",
    edited("example-site.s3.eu-west-1", "other-site.s3.eu-west-1"),
    /origin/,
  ],
  [
    "no compression",
    "distribution-settings",
    edited("<Compress>true<", "<Compress>false<"),
    /compression/,
  ],
  ["no HTTP/3", "distribution-settings", edited("http2and3", "http2"), /HTTP\/3/],
  [
    "no IPv6",
    "distribution-settings",
    edited("<IsIPV6Enabled>true<", "<IsIPV6Enabled>false<"),
    /IPv6/,
  ],
  ["http let through", "distribution-settings", edited("redirect-to-https", "allow-all"), /https/],
  [
    "no headers policy",
    "distribution-settings",
    edited("<ResponseHeadersPolicyId>hp-1</ResponseHeadersPolicyId>", ""),
    /headers policy/,
  ],
  [
    "an error page with 200",
    "distribution-settings",
    edited("<ResponseCode>404<", "<ResponseCode>200<"),
    /404/,
  ],
  [
    "another function of ours",
    "distribution-settings",
    edited("live-viewer-request", "staging-viewer-request"),
    /functions/,
  ],
  [
    "parts that are missing",
    "distribution-settings",
    { edge: { headersPolicy: undefined } },
    /missing/,
  ],
  [
    "no access control",
    "access-control",
    edited("<OriginAccessControlId>OAC1<", "<OriginAccessControlId><"),
    /no origin access control/,
  ],
  [
    "one that does not sign",
    "access-control",
    { edge: { accesses: [{ id: "OAC1", name: "x", signs: false }] } },
    /sign/,
  ],
  ["one that is gone", "access-control", { edge: { accesses: [] } }, /OAC1/],
  ["no function", "functions", { edge: { viewerRequest: undefined } }, /no viewer-request/],
  [
    "one never published",
    "functions",
    { edge: { viewerResponse: { arn: "a", isLive: false, store: undefined } } },
    /never published/,
  ],
  ["no key value store", "functions", { edge: { store: undefined } }, /no key value store/],
];

describe("a flaw", () => {
  it.each(WRONG)("%s: %s is bad, says so, and names the mend", (_, id, flaw, words) => {
    const found = examine(flaw).find((check) => check.id === id);
    expect(found).toMatchObject({
      kind: "bad",
      found: expect.stringMatching(words),
      next: expect.stringMatching(/\w/),
    });
  });

  it("reddens no check that has nothing to do with it", () => {
    const bad = examine({ settings: { isVersioned: false } }).filter(({ kind }) => kind === "bad");
    expect(bad.map(({ id }) => id)).toEqual(["bucket-versioning"]);
  });

  it("every check here has one in the table, or is of credentials", () => {
    const ids = new Set<CheckId>(WRONG.map(([, id]) => id));
    const all = examine({}).map(({ id }) => id);
    expect(all.filter((id) => !ids.has(id))).toEqual(["credentials"]);
  });
});

it("an account that the config does not name is worth a warning", () => {
  const facts = {
    account: seen(ACCOUNT),
    bucket: seen<FoundBucket>({ kind: "absent" }),
    place: seen<Estate["place"]>({ kind: "none" }),
  };
  const checks = judgeBucket({ ...BLUEPRINT, account: undefined }, facts);
  expect(checks.find(({ id }) => id === "account")).toMatchObject({
    kind: "warning",
    next: expect.stringContaining(ACCOUNT.id),
  });
});

it("a change on its way is a warning, no flaw", () => {
  const found = examine({ distribution: { status: "in-progress" } });
  expect(found.find(({ id }) => id === "distribution")).toMatchObject({ kind: "warning" });
});

it("what may not be looked at is bad everywhere, with the right that is missing", () => {
  const text = {
    what: "s3:GetBucketPolicy failed on the bucket example-site",
    why: "these credentials may not s3:GetBucketPolicy on the bucket example-site",
    next: "Allow s3:GetBucketPolicy for this role, or use another one.",
  };
  const unseen: Looked<never> = { kind: "unseen", text };
  const checks = [
    ...judgeBucket(BLUEPRINT, { account: unseen, bucket: unseen, place: unseen }),
    ...judgeDistribution(BLUEPRINT, { place: unseen, edge: unseen, estate: unseen }),
  ];
  for (const found of checks) {
    expect(found).toMatchObject({
      kind: "bad",
      found: expect.stringContaining("s3:GetBucketPolicy"),
      next: text.next,
    });
  }
});
