import { SlipwayError } from "../errors.ts";

/** The infrastructure that an environment is to have, as far as its config decides it. */
export type Blueprint = {
  readonly site: string;
  readonly environment: string;
  readonly bucket: string;
  readonly region: string;
  /** The account that it must be; undefined: any. */
  readonly account: string | undefined;
  /** The distribution that the config names. */
  readonly distribution: string | undefined;
  readonly api: BlueprintApi | undefined;
  readonly names: EdgeNames;
  /** Marks the distribution as this environment's. */
  readonly comment: string;
  readonly tags: Readonly<Record<string, string>>;
};

export type BlueprintApi = {
  readonly host: string;
  readonly port: number;
  /** Empty, or with a slash before and none after. */
  readonly path: string;
  readonly secret: string | undefined;
};

/** The names of what CloudFront has no tags for; each at most 64 characters. */
export type EdgeNames = {
  readonly access: string;
  readonly store: string;
  readonly headersPolicy: string;
  readonly viewerRequest: string;
  readonly viewerResponse: string;
};

export type BlueprintInput = {
  readonly site: string;
  readonly environment: string;
  readonly bucket: string;
  readonly region: string;
  readonly account?: string | undefined;
  readonly distribution?: string | undefined;
  /** The service behind `/api/`. */
  readonly api?: string | undefined;
  /** Sent to the API with each request. */
  readonly secret?: string | undefined;
};

/** Throws a SlipwayError for an API that CloudFront cannot be put before. */
export function blueprintOf(input: BlueprintInput): Blueprint {
  const { site, environment, bucket, region, account, distribution, api, secret } = input;
  return {
    site,
    environment,
    bucket,
    region,
    account,
    distribution,
    api: api === undefined ? undefined : apiOf(new URL(api), secret),
    names: edgeNames(site, environment),
    comment: `slipway ${site} ${environment}`,
    tags: { "slipway:site": site, "slipway:environment": environment },
  };
}

const LONGEST_NAME = 64;
const LONGEST_BASE = LONGEST_NAME - "slipway--viewer-response".length;

/** The names of an environment's parts; `deploy` publishes to what bears the prefix `slipway-`. */
export function edgeNames(site: string, environment: string): EdgeNames {
  const full = `${site}-${environment}`;
  const base =
    full.length <= LONGEST_BASE ? full : `${full.slice(0, LONGEST_BASE - 9)}-${checksum(full)}`;
  const name = `slipway-${base}`;
  return {
    access: name,
    store: name,
    headersPolicy: name,
    viewerRequest: `${name}-viewer-request`,
    viewerResponse: `${name}-viewer-response`,
  };
}

/** FNV-1a, 32 bits: tells shortened names apart, and guards nothing. */
function checksum(text: string): string {
  let hash = 0x811c9dc5;
  for (const character of text) {
    hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  }
  return hash.toString(16).padStart(8, "0");
}

function apiOf(url: URL, secret: string | undefined): BlueprintApi {
  if (url.protocol !== "https:") {
    throw new SlipwayError("config", {
      what: `CloudFront is not put before ${url.href}`,
      why: "the way from CloudFront to the API crosses the internet, and http would show everything on it",
      next: "Give api in slipway.config.ts an https:// address.",
    });
  }
  return {
    host: url.hostname,
    port: url.port === "" ? 443 : Number(url.port),
    path: url.pathname.replace(/\/+$/, ""),
    secret,
  };
}
