import type { EdgeComparison } from "./core/doctor/judge-program.ts";
import type { Certificate } from "./core/domain/certificate.ts";
import type { CaaRecord, Delegation, DnsRecord, RecordChange, Zone } from "./core/domain/dns.ts";
import type { EdgeDocument } from "./core/edge-document.ts";
import type { ObjectKey } from "./core/keys.ts";
import type { EdgeNames } from "./core/setup/blueprint.ts";
import type {
  FoundAccount,
  FoundBucket,
  FoundDistribution,
  FoundEdge,
} from "./core/setup/estate.ts";
import type { BucketAction, EdgeAction } from "./core/setup/steps.ts";

/**
 * What setting up and examining an environment needs of the world: the infrastructure around the
 * bucket, in our own words. As in ports.ts, an adapter does what it promises or throws a SlipwayError.
 */

/** Whose keys these are. */
export interface Account {
  /** Throws "cloud" when there are no valid credentials. */
  identity(): Promise<FoundAccount>;
}

/** The environment's bucket, without what is in it. */
export interface BucketEstate {
  /** `account`: whose it must be. */
  find(account: string): Promise<FoundBucket>;
  /** Idempotent. `tag`, `lifecycle` and `policy` replace what is there. */
  carryOut(action: BucketAction): Promise<void>;
}

/** CloudFront's parts beside the distribution. */
export interface EdgeEstate {
  find(names: EdgeNames): Promise<FoundEdge>;
  /** Idempotent: what bears the name already is not made again. */
  carryOut(action: EdgeAction): Promise<void>;
}

/** A distribution as CloudFront keeps it. */
export type StoredDistribution = FoundDistribution;

export type DistributionSummary = {
  readonly id: string;
  readonly domainName: string;
  readonly aliases: readonly string[];
  readonly origins: readonly string[];
  /** Those of them that are asked without a signature. */
  readonly unsigned: readonly string[];
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

/** Certificates in us-east-1, the only region that CloudFront takes them from. */
export interface Certificates {
  /** Those that cover one of the names, whatever their state and of every key type. */
  listFor(names: readonly string[]): Promise<readonly Certificate[]>;
  find(arn: string): Promise<Certificate | undefined>;
  /**
   * Asks for one that is validated by DNS; gives its ARN. The same names and attempt within an hour
   * give the same certificate (ACM's idempotency token).
   */
  request(order: CertificateOrder): Promise<string>;
}

export type CertificateOrder = {
  readonly names: readonly string[];
  /** How many certificates of these names came to nothing: a dead one is not to be given again. */
  readonly attempt: number;
  readonly tags: Readonly<Record<string, string>>;
};

/** Route 53. At most five requests a second for the whole account: adapters keep to it. */
export interface DnsZones {
  /** Every hosted zone of the account, public and private. */
  list(): Promise<readonly Zone[]>;
  /** The servers that answer for a public zone if it is delegated; lower case, no dot at the end. */
  nameServers(zone: string): Promise<readonly string[]>;
  /** The records of these names, of every type. */
  records(zone: string, names: readonly string[]): Promise<readonly DnsRecord[]>;
  /** All or none. Gives the change's id. */
  change(zone: string, changes: readonly RecordChange[]): Promise<string>;
  isInSync(change: string): Promise<boolean>;
}

/** What the world sees, through public resolvers. Throws "cloud" when none of them answers. */
export interface NameLookup {
  delegation(name: string): Promise<Delegation>;
  /** Of the name or the nearest parent that has any; empty when none has. */
  caa(name: string): Promise<readonly CaaRecord[]>;
  /** Undefined where there is none. Without the dot at its end. */
  cname(name: string): Promise<string | undefined>;
  /** IPv4 and IPv6, behind CNAMEs too. */
  addresses(
    name: string,
  ): Promise<{ readonly a: readonly string[]; readonly aaaa: readonly string[] }>;
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

/** Stored objects, as a HEAD shows them. */
export interface ObjectHeads {
  /** Undefined when there is none. `size`: bytes. */
  head(key: ObjectKey): Promise<{ readonly etag: string; readonly size: number } | undefined>;
}

/** What runs at a distribution, held against a program. Writes nothing. */
export interface EdgeComparer {
  compare(distribution: string, program: EdgeDocument): Promise<EdgeComparison>;
}
