/**
 * What setting up and examining an environment needs of the world: the infrastructure around the
 * bucket, in our own words. As in ports.ts, an adapter does what it promises or throws a SlipwayError.
 */

/** Whose keys these are. */
export interface Account {
  /** Throws "cloud" when there are no valid credentials. `id`: twelve digits. */
  identity(): Promise<{ readonly id: string; readonly arn: string }>;
}

/** A distribution as CloudFront keeps it. */
export type StoredDistribution = {
  readonly id: string;
  readonly arn: string;
  /** `d111111abcdef8.cloudfront.net` */
  readonly domainName: string;
  readonly status: "deployed" | "in-progress";
  readonly etag: string;
  /** The DistributionConfig document byte for byte: an update must send back what it does not know. */
  readonly config: string;
};

export type DistributionSummary = {
  readonly id: string;
  readonly domainName: string;
  readonly aliases: readonly string[];
  readonly origins: readonly string[];
  readonly comment: string;
};

/** `moved`: somebody changed it since it was read; nothing was written. */
export type DistributionUpdate =
  | { readonly kind: "updated"; readonly distribution: StoredDistribution }
  | { readonly kind: "moved" };

export interface Distributions {
  /** Undefined when there is none of that id in the account. */
  find(id: string): Promise<StoredDistribution | undefined>;
  /** All of the account, however many pages. */
  list(): Promise<readonly DistributionSummary[]>;
  /** `config` is a whole DistributionConfig document; its CallerReference makes a repeated call harmless. */
  create(config: string, tags: Readonly<Record<string, string>>): Promise<StoredDistribution>;
  update(distribution: StoredDistribution, config: string): Promise<DistributionUpdate>;
}

export type CertificateStatus =
  | "pending"
  | "issued"
  | "expired"
  | "timed-out"
  | "failed"
  | "revoked"
  | "inactive";

/** A record that proves the control of a name; names end with a dot. */
export type ValidationRecord = { readonly name: string; readonly value: string };

export type Certificate = {
  readonly arn: string;
  readonly names: readonly string[];
  readonly status: CertificateStatus;
  /** ACM's word: CAA_ERROR, DOMAIN_NOT_ALLOWED, … */
  readonly failure: string | undefined;
  /** One for each name that is validated by DNS; ACM gives them some seconds after the request. */
  readonly validation: readonly ValidationRecord[];
  readonly notAfter: Date | undefined;
  readonly inUseBy: readonly string[];
  /** As ACM calls it: RSA_2048, EC_prime256v1, … */
  readonly keyAlgorithm: string;
};

/** Certificates in us-east-1, the only region that CloudFront takes them from. */
export interface Certificates {
  /** All of them, of every key type. */
  list(): Promise<readonly Certificate[]>;
  find(arn: string): Promise<Certificate | undefined>;
  /** Same names within an hour: same certificate. Validation by DNS. Gives the ARN. */
  request(names: readonly string[], tags: Readonly<Record<string, string>>): Promise<string>;
}

export type Zone = {
  readonly id: string;
  /** Lower case, with its dot at the end. */
  readonly name: string;
  readonly isPrivate: boolean;
  /** The servers that answer for it if it is delegated; lower case, no dot at the end. */
  readonly nameServers: readonly string[];
};

export type DnsRecord = {
  /** Lower case, with its dot at the end. */
  readonly name: string;
  readonly type: string;
  readonly content:
    | { readonly kind: "values"; readonly ttl: number; readonly values: readonly string[] }
    | { readonly kind: "alias"; readonly target: string; readonly zone: string };
};

export type RecordChange = {
  readonly action: "UPSERT" | "CREATE" | "DELETE";
  readonly record: DnsRecord;
};

/** Route 53. At most five requests a second for the whole account: adapters keep to it. */
export interface DnsZones {
  /** Every hosted zone whose name is the host's or one of its parents', public and private, longest first. */
  zonesOf(host: string): Promise<readonly Zone[]>;
  /** The records of these names, of every type. */
  records(zone: string, names: readonly string[]): Promise<readonly DnsRecord[]>;
  /** All or none. Gives the change's id. */
  change(zone: string, changes: readonly RecordChange[]): Promise<string>;
  isInSync(change: string): Promise<boolean>;
}

/** What the world sees, through public resolvers; an empty list where there is no such record. */
export interface NameLookup {
  nameServers(name: string): Promise<readonly string[]>;
  /** Of the name or the nearest parent that has any: `issue`/`issuewild` and their values. */
  caa(name: string): Promise<readonly { readonly tag: string; readonly value: string }[]>;
  addresses(
    name: string,
  ): Promise<{ readonly a: readonly string[]; readonly aaaa: readonly string[] }>;
  cname(name: string): Promise<string | undefined>;
}

export type ProbeAnswer = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  /** At most the first 64 KB. */
  readonly body: string;
};

/** Real requests, as a visitor makes them; no redirect is followed. */
export interface Probe {
  /** Throws "cloud" with the reason (DNS, TLS, time-out) when there is no answer. */
  get(url: string): Promise<ProbeAnswer>;
}
