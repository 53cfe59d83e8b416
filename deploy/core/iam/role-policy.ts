import { arnsOf, type EstateNames, type ResourceKind } from "./resources.ts";
import { grantsOf, type Role } from "./roles.ts";

/** A policy document as IAM reads it. */
export type PolicyDocument = {
  readonly Version: "2012-10-17";
  readonly Statement: readonly Statement[];
};

export type Statement = {
  readonly Sid: string;
  readonly Effect: "Allow" | "Deny";
  readonly Principal?: Readonly<Record<string, string>>;
  readonly Action: readonly string[];
  readonly Resource?: readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, readonly string[]>>>>;
};

/** What `slipway policy` gives. */
export type PolicyResult = {
  readonly subject: Role | "github";
  readonly policy: PolicyDocument;
  /** What a person should know of it. */
  readonly notes: readonly string[];
};

const SIDS: Readonly<Record<ResourceKind, string>> = {
  bucket: "Bucket",
  objects: "Objects",
  distribution: "Distribution",
  functions: "ViewerFunctions",
  "headers-policy": "HeadersPolicy",
  "access-control": "OriginAccessControl",
  store: "RedirectTable",
  certificates: "Certificates",
  zones: "HostedZones",
  records: "DnsRecords",
  changes: "DnsChanges",
  account: "WholeAccount",
};

/** The least that a role needs in this estate: one statement for each kind of resource, all of them Allow. */
export function rolePolicy(role: Role, names: EstateNames): PolicyDocument {
  const grants = grantsOf(role, { named: names.domains.length > 0 });
  const kinds = [...new Set(grants.map((grant) => grant.on))];
  return {
    Version: "2012-10-17",
    Statement: kinds.map((kind) => ({
      Sid: SIDS[kind],
      Effect: "Allow",
      Action: grants
        .filter((grant) => grant.on === kind)
        .map(({ action }) => action)
        .sort(),
      Resource: arnsOf(kind, names),
      ...(kind === "records" ? { Condition: recordCondition(names.domains) } : {}),
    })),
  };
}

/**
 * Only the site's own records, and those that validate its certificate: names in lower case without the
 * last dot, types and actions in upper case (R53-DG23 specifying-rrset-conditions).
 */
function recordCondition(domains: readonly string[]): NonNullable<Statement["Condition"]> {
  return {
    "ForAllValues:StringLike": {
      "route53:ChangeResourceRecordSetsNormalizedRecordNames": domains.flatMap((name) => [
        name,
        `_*.${name}`,
      ]),
    },
    "ForAllValues:StringEquals": {
      "route53:ChangeResourceRecordSetsRecordTypes": ["A", "AAAA", "CNAME"],
    },
  };
}

/** What a person should know of the policy that was printed. */
export function policyNotes(role: Role, names: EstateNames): readonly string[] {
  const open = [
    ...(names.distribution === undefined
      ? ["--distribution ID (or distribution in the config)"]
      : []),
    ...(names.headersPolicy === undefined ? ["--headers-policy ID"] : []),
    ...(names.store === undefined ? ["--store ID"] : []),
  ];
  return [
    ...(open.length === 0
      ? []
      : [`It reaches every such resource of the account; narrow it with ${open.join(", ")}.`]),
    ...(role === "admin" && names.domains.length === 0
      ? ["The environment has no domain: certificates and DNS are left out."]
      : []),
  ];
}
