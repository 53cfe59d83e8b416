import type {
  BucketSettings,
  FoundAccess,
  FoundFunction,
  FoundStore,
} from "../../deploy/core/setup/estate.ts";
import type { BucketAction, EdgeAction } from "../../deploy/core/setup/steps.ts";
import { findElement, parseXml, textOf } from "../../deploy/core/setup/xml-edit.ts";
import type {
  Account,
  BucketEstate,
  Distributions,
  EdgeEstate,
  StoredDistribution,
} from "../../deploy/estate-ports.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import type { StateStore } from "../../deploy/ports.ts";
import { createMemoryObjectStore } from "./memory-object-store.ts";

/** CloudFront's distributions in memory, with ETags that are compared, as CloudFront does and moto does not. */
export type MemoryDistributions = Distributions & {
  readonly stored: Map<string, StoredDistribution>;
  readonly tags: Map<string, Readonly<Record<string, string>>>;
  /** Puts a distribution there, as somebody else would have made it. */
  add(config: string, status?: StoredDistribution["status"]): StoredDistribution;
  /** Somebody else changes it: the ETag that was read is no longer the right one. */
  change(id: string, edit: (config: string) => string): void;
  /** What was in progress is deployed. */
  settle(): void;
};

const ACCOUNT = "111122223333";

export function createMemoryDistributions(account = ACCOUNT): MemoryDistributions {
  const stored = new Map<string, StoredDistribution>();
  const tags = new Map<string, Readonly<Record<string, string>>>();
  let writes = 0;

  const put = (id: string, config: string, status: StoredDistribution["status"]) => {
    writes += 1;
    const distribution: StoredDistribution = {
      id,
      arn: `arn:aws:cloudfront::${account}:distribution/${id}`,
      domainName: `${id.toLowerCase()}.cloudfront.net`,
      status,
      etag: `ETAG${writes}`,
      config,
    };
    stored.set(id, distribution);
    return distribution;
  };
  const get = (id: string) => {
    const found = stored.get(id);
    if (found === undefined) throw new Error(`there is no distribution ${id}`);
    return found;
  };
  const nextId = () => `E${String(stored.size + 1).padStart(6, "0")}MEMORY`;

  return {
    stored,
    tags,
    add: (config, status = "deployed") => put(nextId(), config, status),
    change: (id, edit) => {
      put(id, edit(get(id).config), "in-progress");
    },
    settle() {
      for (const [id, distribution] of stored)
        stored.set(id, { ...distribution, status: "deployed" });
    },

    find: async (id) => stored.get(id),
    async list() {
      return [...stored.values()].map(({ id, domainName, config }) => ({
        id,
        domainName,
        aliases: textsOf(config, ["Aliases", "Items"]),
        origins: originsOf(config),
        unsigned: unsignedOf(config),
        comment: textAt(config, ["Comment"]),
      }));
    },
    async create(config, given) {
      const reference = textAt(config, ["CallerReference"]);
      const earlier = [...stored.values()].find(
        (distribution) => textAt(distribution.config, ["CallerReference"]) === reference,
      );
      if (earlier !== undefined) return earlier;
      const made = put(nextId(), config, "in-progress");
      tags.set(made.id, given);
      return made;
    },
    async update({ id, etag }, config) {
      if (get(id).etag !== etag) return { kind: "moved" };
      return { kind: "updated", distribution: put(id, config, "in-progress") };
    },
  };
}

/** A configuration with no more than CloudFront insists on. */
export function bareDistributionConfig({
  bucket = "example-site",
  region = "eu-west-1",
  reference = "by-hand",
  extra = "",
} = {}): string {
  return [
    '<DistributionConfig xmlns="http://cloudfront.amazonaws.com/doc/2020-05-31/">',
    `<CallerReference>${reference}</CallerReference><Aliases><Quantity>0</Quantity></Aliases>`,
    `<DefaultRootObject></DefaultRootObject><Origins><Quantity>1</Quantity><Items><Origin><Id>s3</Id>`,
    `<DomainName>${bucket}.s3.${region}.amazonaws.com</DomainName><OriginPath></OriginPath>`,
    "<S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig></Origin></Items></Origins>",
    "<DefaultCacheBehavior><TargetOriginId>s3</TargetOriginId>",
    "<ViewerProtocolPolicy>allow-all</ViewerProtocolPolicy></DefaultCacheBehavior>",
    "<CacheBehaviors><Quantity>0</Quantity></CacheBehaviors><Comment>by hand</Comment>",
    `<Enabled>true</Enabled>${extra}</DistributionConfig>`,
  ].join("");
}

function textAt(config: string, path: readonly string[]): string {
  return textOf(config, findElement(parseXml(config), path)) ?? "";
}

function textsOf(config: string, path: readonly string[]): readonly string[] {
  const children = findElement(parseXml(config), path)?.children ?? [];
  return children.map((child) => textOf(config, child) ?? "");
}

function originsOf(config: string): readonly string[] {
  const origins = findElement(parseXml(config), ["Origins", "Items"])?.children ?? [];
  return origins.map((origin) => textOf(config, findElement(origin, ["DomainName"])) ?? "");
}

function unsignedOf(config: string): readonly string[] {
  const origins = findElement(parseXml(config), ["Origins", "Items"])?.children ?? [];
  const text = (origin: (typeof origins)[number], ...path: readonly string[]) =>
    textOf(config, findElement(origin, path)) ?? "";
  return origins
    .filter((one) => text(one, "OriginAccessControlId") === "")
    .filter((one) => text(one, "S3OriginConfig", "OriginAccessIdentity") === "")
    .map((one) => text(one, "DomainName"));
}

export type MemoryBucket = {
  readonly owner: string;
  readonly region: string;
  settings: BucketSettings;
};

/** What a new bucket is without being asked (S3-UG "Blocking public access"). */
export const NEW_BUCKET: BucketSettings = {
  isPrivate: true,
  isOwnerEnforced: true,
  isVersioned: false,
  encryption: { kind: "aes256" },
  tags: {},
  lifecycle: undefined,
  policy: undefined,
};

/** AWS's own policies, with ids that are not the real ones: they must be looked up. */
export const MANAGED_POLICIES: ReadonlyMap<string, string> = new Map(
  ["CachingOptimized", "CachingDisabled", "AllViewerExceptHostHeader"].map((name) => [
    name,
    `managed-${name}`,
  ]),
);

export type MemoryEstate = {
  readonly account: Account;
  readonly bucket: BucketEstate;
  readonly edge: EdgeEstate;
  readonly distributions: Distributions;
  readonly state: StateStore;
  readonly codec: typeof gzipCodec;
  /** Every bucket of the world, by name. */
  readonly buckets: Map<string, MemoryBucket>;
  readonly accesses: FoundAccess[];
  readonly stores: Map<string, FoundStore>;
  readonly functions: Map<string, FoundFunction>;
  readonly policies: Map<string, string>;
  readonly cloudFront: MemoryDistributions;
  /** "bucket create", "edge access": each write, in order. */
  readonly writes: string[];
  /** How many calls of any port there were. */
  calls(): number;
  /** Throws at this call: before it does anything, or when it is done and only its answer is lost. */
  dieAt(call: number, when: "before" | "after"): void;
  live(): void;
  /** What there is, without what differs from run to run. */
  snapshot(): unknown;
};

/** An AWS account in memory. Made once, it outlives the runs of the command that die in it. */
export function createMemoryEstate({
  bucket: bucketName = "example-site",
  region = "eu-west-1",
  id = ACCOUNT,
} = {}): MemoryEstate {
  const buckets = new Map<string, MemoryBucket>();
  const accesses: FoundAccess[] = [];
  const stores = new Map<string, FoundStore>();
  const functions = new Map<string, FoundFunction>();
  const policies = new Map<string, string>();
  const cloudFront = createMemoryDistributions(id);
  const objects = createMemoryObjectStore();
  const writes: string[] = [];
  let calls = 0;
  let death: { readonly call: number; readonly when: "before" | "after" } | undefined;

  const call = async <Answer>(work: () => Promise<Answer>): Promise<Answer> => {
    calls += 1;
    const dies = death?.call === calls;
    if (dies && death?.when === "before") throw new Error("killed before the call");
    const answer = await work();
    if (dies) throw new Error("killed before the answer");
    return answer;
  };
  const counted = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get(target, name) {
        const method = Reflect.get(target, name) as (...args: unknown[]) => Promise<unknown>;
        return (...args: unknown[]) => call(() => method.apply(target, args));
      },
    });

  const bucket: BucketEstate = {
    async find(account) {
      const found = buckets.get(bucketName);
      if (found === undefined) return { kind: "absent" };
      if (found.owner !== account) return { kind: "forbidden" };
      if (found.region !== region) return { kind: "elsewhere", region: found.region };
      return { kind: "found", settings: found.settings };
    },
    async carryOut(action) {
      writes.push(`bucket ${action.kind}`);
      if (action.kind === "create") {
        if (buckets.has(bucketName)) throw new Error("BucketAlreadyOwnedByYou");
        buckets.set(bucketName, { owner: id, region, settings: NEW_BUCKET });
        return;
      }
      const found = buckets.get(bucketName);
      if (found === undefined) throw new Error("NoSuchBucket");
      found.settings = applyToBucket(found.settings, action);
    },
  };

  const edge: EdgeEstate = {
    async find(names) {
      const provisioning = stores.get(names.store);
      // It is ready the next time somebody looks.
      if (provisioning) stores.set(names.store, { ...provisioning, state: "ready" });
      return {
        accesses: [...accesses],
        store: provisioning,
        headersPolicy: policies.get(names.headersPolicy),
        viewerRequest: functions.get(names.viewerRequest),
        viewerResponse: functions.get(names.viewerResponse),
        managed: MANAGED_POLICIES,
      };
    },
    async carryOut(action) {
      writes.push(`edge ${action.kind === "function" ? action.event : action.kind}`);
      applyToEdge(action);
    },
  };

  function applyToEdge(action: EdgeAction): void {
    const arn = `arn:aws:cloudfront::${id}:`;
    switch (action.kind) {
      case "access":
        if (accesses.some(({ name }) => name === action.name)) throw new Error("exists already");
        accesses.push({ id: `OAC${accesses.length + 1}`, name: action.name, signs: true });
        return;
      case "store":
        if (stores.has(action.name)) throw new Error("exists already");
        stores.set(action.name, {
          arn: `${arn}key-value-store/${stores.size + 1}`,
          state: "provisioning",
        });
        return;
      case "headers-policy":
        if (policies.has(action.name)) throw new Error("exists already");
        policies.set(action.name, `policy-${policies.size + 1}`);
        return;
      case "function":
        functions.set(action.name, {
          arn: `${arn}function/${action.name}`,
          isLive: true,
          store: action.store,
        });
    }
  }

  return {
    account: counted({ identity: async () => ({ id, arn: `arn:aws:iam::${id}:user/mira` }) }),
    bucket: counted(bucket),
    edge: counted(edge),
    distributions: counted({
      find: cloudFront.find,
      list: cloudFront.list,
      create: async (config, tags) => {
        writes.push("distribution create");
        return await cloudFront.create(config, tags);
      },
      update: async (distribution, config) => {
        writes.push("distribution update");
        return await cloudFront.update(distribution, config);
      },
    } satisfies Distributions),
    state: counted(objects.state),
    codec: gzipCodec,
    buckets,
    accesses,
    stores,
    functions,
    policies,
    cloudFront,
    writes,
    calls: () => calls,
    dieAt(at, when) {
      death = { call: calls + at, when };
    },
    live() {
      death = undefined;
    },
    snapshot: () => ({
      buckets: [...buckets],
      accesses: [...accesses],
      stores: [...stores],
      functions: [...functions],
      policies: [...policies],
      distributions: [...cloudFront.stored.values()].map(({ id: name, config }) => [name, config]),
      tags: [...cloudFront.tags],
      records: [...objects.objects.values()].map(({ body }) => gzipCodec.decode(body)),
    }),
  };
}

/** What S3 does with an action on a bucket that is there. */
function applyToBucket(
  settings: BucketSettings,
  action: Exclude<BucketAction, { readonly kind: "create" }>,
): BucketSettings {
  switch (action.kind) {
    case "block-public-access":
      return { ...settings, isPrivate: true };
    case "enforce-owner":
      return { ...settings, isOwnerEnforced: true };
    case "enable-versioning":
      return { ...settings, isVersioned: true };
    case "encrypt":
      return { ...settings, encryption: { kind: "aes256" } };
    case "tag":
      return { ...settings, tags: action.tags };
    case "lifecycle":
      return { ...settings, lifecycle: action.document };
    case "policy":
      return { ...settings, policy: action.document };
  }
}
