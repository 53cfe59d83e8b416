import { findElement, parseXml, textOf } from "../../deploy/core/setup/xml-edit.ts";
import type { Distributions, StoredDistribution } from "../../deploy/estate-ports.ts";

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
