import { describe, expect, it } from "vitest";
import { OPERATION_GRANTS } from "../../../deploy/core/iam/actions.ts";
import { arnsOf, type EstateNames } from "../../../deploy/core/iam/resources.ts";
import { policyNotes, rolePolicy } from "../../../deploy/core/iam/role-policy.ts";
import { grantsOf, operationsOf, ROLES, type Role } from "../../../deploy/core/iam/roles.ts";
import { type IamRequest, simulate } from "../../support/iam-simulator.ts";

const NAMES: EstateNames = {
  bucket: "example-site",
  region: "eu-west-1",
  account: "111122223333",
  functions: ["slipway-example-live-viewer-request", "slipway-example-live-viewer-response"],
  distribution: "E2EXAMPLE",
  headersPolicy: undefined,
  store: undefined,
  domains: ["www.example.com", "example.com"],
};

const BUCKET = "arn:aws:s3:::example-site";
const CLOUDFRONT = "arn:aws:cloudfront::111122223333";
const FUNCTION = `${CLOUDFRONT}:function/slipway-example-live-viewer-request`;
const ZONE = "arn:aws:route53:::hostedzone/Z1";

const NAMES_KEY = "route53:ChangeResourceRecordSetsNormalizedRecordNames";
const TYPES_KEY = "route53:ChangeResourceRecordSetsRecordTypes";
const record = (name: string, type: string): IamRequest => ({
  action: "route53:ChangeResourceRecordSets",
  resource: ZONE,
  context: { [NAMES_KEY]: [name], [TYPES_KEY]: [type] },
});

/** Who may: the roles from this one on. */
type From = Role | "nobody";
const RANK: Readonly<Record<From, number>> = { deployer: 0, operator: 1, admin: 2, nobody: 3 };

const TABLE: readonly (readonly [string, IamRequest, From])[] = [
  ["reads a page", { action: "s3:GetObject", resource: `${BUCKET}/index.html` }, "deployer"],
  [
    "writes the lock",
    { action: "s3:PutObject", resource: `${BUCKET}/.slipway/lock.json` },
    "deployer",
  ],
  ["lists the bucket", { action: "s3:ListBucket", resource: BUCKET }, "deployer"],
  [
    "invalidates",
    { action: "cloudfront:CreateInvalidation", resource: `${CLOUDFRONT}:distribution/E2EXAMPLE` },
    "deployer",
  ],
  [
    "publishes a function",
    { action: "cloudfront:PublishFunction", resource: FUNCTION },
    "deployer",
  ],
  [
    "fills the redirect table",
    {
      action: "cloudfront-keyvaluestore:UpdateKeys",
      resource: `${CLOUDFRONT}:key-value-store/abc`,
    },
    "deployer",
  ],
  [
    "reads an old version",
    { action: "s3:GetObjectVersion", resource: `${BUCKET}/index.html` },
    "operator",
  ],
  [
    "lists invalidations",
    { action: "cloudfront:ListInvalidations", resource: `${CLOUDFRONT}:distribution/E2EXAMPLE` },
    "deployer",
  ],
  [
    "changes the distribution",
    { action: "cloudfront:UpdateDistribution", resource: `${CLOUDFRONT}:distribution/E2EXAMPLE` },
    "admin",
  ],
  ["writes the bucket's policy", { action: "s3:PutBucketPolicy", resource: BUCKET }, "admin"],
  ["switches versioning", { action: "s3:PutBucketVersioning", resource: BUCKET }, "admin"],
  ["makes a function", { action: "cloudfront:CreateFunction", resource: FUNCTION }, "admin"],
  ["requests a certificate", { action: "acm:RequestCertificate", resource: "*" }, "admin"],
  ["points a name at the site", record("www.example.com", "A"), "admin"],
  ["writes a validation record", record("_x1.www.example.com", "CNAME"), "admin"],
  ["points another name elsewhere", record("mail.example.com", "A"), "nobody"],
  ["takes a name's mail", record("example.com", "MX"), "nobody"],
  [
    "removes a version for good",
    { action: "s3:DeleteObjectVersion", resource: `${BUCKET}/index.html` },
    "nobody",
  ],
  ["removes the bucket", { action: "s3:DeleteBucket", resource: BUCKET }, "nobody"],
  [
    "removes the distribution",
    { action: "cloudfront:DeleteDistribution", resource: `${CLOUDFRONT}:distribution/E2EXAMPLE` },
    "nobody",
  ],
  [
    "writes to another bucket",
    { action: "s3:PutObject", resource: "arn:aws:s3:::example-site-2/index.html" },
    "nobody",
  ],
  [
    "invalidates another site",
    { action: "cloudfront:CreateInvalidation", resource: `${CLOUDFRONT}:distribution/E9OTHER` },
    "nobody",
  ],
  [
    "publishes another function",
    {
      action: "cloudfront:PublishFunction",
      resource: `${CLOUDFRONT}:function/slipway-example-live-viewer-request-2`,
    },
    "nobody",
  ],
  [
    "fills another account's table",
    {
      action: "cloudfront-keyvaluestore:UpdateKeys",
      resource: "arn:aws:cloudfront::999999999999:key-value-store/abc",
    },
    "nobody",
  ],
  ["makes a user", { action: "iam:CreateUser", resource: "*" }, "nobody"],
];

describe.each(ROLES)("the %s", (role) => {
  const policy = rolePolicy(role, NAMES);

  it.each(TABLE)("%s: as its rank says", (_, request, from) => {
    expect(simulate(policy, request)).toBe(RANK[role] >= RANK[from] ? "allow" : "deny");
  });

  it("may do every grant of each of its operations, on what the grant is for", () => {
    const context = { [NAMES_KEY]: ["www.example.com"], [TYPES_KEY]: ["A"] };
    for (const operation of operationsOf(role, { named: true })) {
      for (const { action, on } of OPERATION_GRANTS[operation]) {
        for (const arn of arnsOf(on, NAMES)) {
          const request = { action, resource: arn.replace("*", "some/thing"), context };
          expect([operation, action, simulate(policy, request)]).toEqual([
            operation,
            action,
            "allow",
          ]);
        }
      }
    }
  });

  it("is Allow only, names no action by a wildcard, and has each Sid once", () => {
    const sids = policy.Statement.map(({ Sid }) => Sid);
    expect(new Set(sids).size).toBe(sids.length);
    for (const { Effect, Action, Sid } of policy.Statement) {
      expect(Effect).toBe("Allow");
      expect(Sid).toMatch(/^[A-Za-z0-9]+$/);
      expect(Action.every((action) => /^[a-z0-9-]+:[A-Za-z]+$/.test(action))).toBe(true);
    }
  });

  it("fits into a managed policy", () => {
    // IAM quotas: 6,144 characters, white space not counted.
    expect(JSON.stringify(policy).length).toBeLessThan(6144);
  });
});

it("every operation of the table belongs to a role", () => {
  const used = new Set<string>(ROLES.flatMap((role) => [...operationsOf(role, { named: true })]));
  expect(Object.keys(OPERATION_GRANTS).filter((operation) => !used.has(operation))).toEqual([]);
});

it("the deployer never changes what the infrastructure is", () => {
  const actions = grantsOf("deployer", { named: true }).map(({ action }) => action);
  expect(
    actions.filter((action) =>
      /PutBucket|:Create(?!Invalidation)|UpdateDistribution|DeleteObjectVersion/.test(action),
    ),
  ).toEqual([]);
});

describe("a site without names of its own", () => {
  const names = { ...NAMES, domains: [] };

  it("gets no rights over certificates and DNS, and is told so", () => {
    const actions = rolePolicy("admin", names).Statement.flatMap(({ Action }) => Action);
    expect(actions.filter((action) => /^(?:acm|route53):/.test(action))).toEqual([]);
    expect(policyNotes("admin", names).join()).toContain("has no domain");
  });
});

describe("ids", () => {
  it("that are not known reach the whole account, and the note says with what to narrow them", () => {
    const names = { ...NAMES, distribution: undefined };
    const resource = `${CLOUDFRONT}:distribution/E9OTHER`;
    const policy = rolePolicy("deployer", names);
    expect(simulate(policy, { action: "cloudfront:CreateInvalidation", resource })).toBe("allow");
    expect(policyNotes("deployer", names).join()).toMatch(
      /--distribution.*--headers-policy.*--store/,
    );
  });

  it("that are all known leave nothing to say", () => {
    const names = { ...NAMES, headersPolicy: "h1", store: "s1" };
    expect(policyNotes("deployer", names)).toEqual([]);
    const resource = `${CLOUDFRONT}:key-value-store/other`;
    const action = "cloudfront-keyvaluestore:UpdateKeys";
    expect(simulate(rolePolicy("deployer", names), { action, resource })).toBe("deny");
  });

  it.each([
    ["eu-west-1", "arn:aws:s3:::example-site"],
    ["cn-north-1", "arn:aws-cn:s3:::example-site"],
    ["us-gov-west-1", "arn:aws-us-gov:s3:::example-site"],
  ])("in %s begin with the partition's word", (region, arn) => {
    expect(arnsOf("bucket", { ...NAMES, region })).toEqual([arn]);
  });
});
