import {
  type CloudFrontClient,
  CreateDistributionWithTagsCommand,
  type DistributionConfig,
  type DistributionSummary as FoundSummary,
  GetDistributionCommand,
  ListDistributionsCommand,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { SlipwayError } from "../../core/errors.ts";
import { escapeText, findElement, parseXml, sourceOf, textOf } from "../../core/setup/xml-edit.ts";
import type { DistributionSummary, Distributions, StoredDistribution } from "../../estate-ports.ts";
import { codeOf, statusOf, toFailure } from "../failure.ts";
import { type RawDocument, withDocument } from "./raw-document.ts";

/** The API version that is part of every document (BC cloudfront `xmlNamespace`). */
export const CLOUDFRONT_NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/** What the SDK wants to see; the wire gets the document. */
const STAND_IN: DistributionConfig = {
  CallerReference: "",
  Comment: "",
  Enabled: true,
  Origins: { Quantity: 0, Items: [] },
  DefaultCacheBehavior: { TargetOriginId: "", ViewerProtocolPolicy: "redirect-to-https" },
};

/**
 * The distributions of the account over the AWS SDK, each with its configuration as raw XML. The client
 * must know raw documents (`exchangeRawDocuments`). Every failure is a SlipwayError of kind "cloud".
 */
export function createDistributions(client: CloudFrontClient): Distributions {
  const find = (id: string) => findDistribution(client, id);
  return {
    find,
    list: () => listDistributions(client),

    async create(config, tags) {
      const document: RawDocument = { send: createDocument(config, tags), received: "" };
      try {
        const command = new CreateDistributionWithTagsCommand({
          DistributionConfigWithTags: { DistributionConfig: STAND_IN, Tags: { Items: [] } },
          ...withDocument(document),
        });
        const { ETag } = await client.send(command);
        return storedFrom(document.received, ETag);
      } catch (error) {
        const earlier = await createdBefore(error, find);
        if (earlier !== undefined) return earlier;
        const resource = "the distribution of this site";
        throw toFailure(error, { action: "cloudfront:CreateDistributionWithTags", resource });
      }
    },

    async update({ id, etag }, config) {
      const document: RawDocument = { send: asDocument(config), received: "" };
      try {
        const command = new UpdateDistributionCommand({
          Id: id,
          IfMatch: etag,
          DistributionConfig: STAND_IN,
          ...withDocument(document),
        });
        const { ETag } = await client.send(command);
        return { kind: "updated", distribution: storedFrom(document.received, ETag) };
      } catch (error) {
        if (didMove(error)) return { kind: "moved" };
        const resource = `the distribution ${id}`;
        throw toFailure(error, { action: "cloudfront:UpdateDistribution", resource });
      }
    },
  };
}

async function findDistribution(
  client: CloudFrontClient,
  id: string,
): Promise<StoredDistribution | undefined> {
  const document: RawDocument = { received: "" };
  try {
    const { ETag } = await client.send(
      new GetDistributionCommand({ Id: id, ...withDocument(document) }),
    );
    return storedFrom(document.received, ETag);
  } catch (error) {
    if (codeOf(error) === "NoSuchDistribution") return undefined;
    const resource = `the distribution ${id}`;
    throw toFailure(error, { action: "cloudfront:GetDistribution", resource });
  }
}

async function listDistributions(
  client: CloudFrontClient,
): Promise<readonly DistributionSummary[]> {
  const found: DistributionSummary[] = [];
  let marker: string | undefined;
  try {
    do {
      const command: ListDistributionsCommand = new ListDistributionsCommand({ Marker: marker });
      const { DistributionList: page } = await client.send(command);
      found.push(...(page?.Items ?? []).map(summaryOf));
      marker = page?.IsTruncated === true ? page.NextMarker : undefined;
    } while (marker !== undefined);
  } catch (error) {
    const resource = "the account's distributions";
    throw toFailure(error, { action: "cloudfront:ListDistributions", resource });
  }
  return found;
}

function summaryOf(item: FoundSummary): DistributionSummary {
  const origins = item.Origins?.Items ?? [];
  return {
    id: item.Id ?? "",
    domainName: item.DomainName ?? "",
    aliases: item.Aliases?.Items ?? [],
    origins: origins.map(({ DomainName }) => DomainName ?? ""),
    unsigned: origins
      .filter((one) => !one.OriginAccessControlId && !one.S3OriginConfig?.OriginAccessIdentity)
      .map(({ DomainName }) => DomainName ?? ""),
    comment: item.Comment ?? "",
  };
}

/**
 * The same CallerReference a second time is refused, with the distribution's id in the words (BC
 * cloudfront DistributionAlreadyExists): an earlier run made it, and did not live to hear so.
 */
async function createdBefore(
  error: unknown,
  find: (id: string) => Promise<StoredDistribution | undefined>,
): Promise<StoredDistribution | undefined> {
  if (codeOf(error) !== "DistributionAlreadyExists" || !(error instanceof Error)) return undefined;
  const id = /\bE[A-Z0-9]{6,}\b/.exec(error.message)?.[0];
  return id === undefined ? undefined : await find(id);
}

/** 412, and the 400 for an ETag that CloudFront does not know any more. */
function didMove(error: unknown): boolean {
  return statusOf(error) === 412 || codeOf(error) === "InvalidIfMatchVersion";
}

function storedFrom(text: string, etag: string | undefined): StoredDistribution {
  const root = parseXml(text);
  const config = findElement(root, ["DistributionConfig"]);
  const field = (name: string) => textOf(text, findElement(root, [name])) ?? "";
  if (config === undefined || etag === undefined) {
    throw new SlipwayError("cloud", {
      what: "CloudFront's answer about a distribution cannot be read",
      why: config === undefined ? "there is no DistributionConfig in it" : "it has no ETag",
      next: "Check cdnEndpoint in slipway.config.ts, then run the same command again.",
    });
  }
  return {
    id: field("Id"),
    arn: field("ARN"),
    domainName: field("DomainName"),
    status: field("Status").toLowerCase() === "deployed" ? "deployed" : "in-progress",
    etag,
    config: sourceOf(text, config),
  };
}

/** Inside an answer the namespace stands on the element around it; as the root it must name it itself. */
function asDocument(config: string): string {
  const tag = /^<DistributionConfig\b[^>]*>/.exec(config)?.[0] ?? "";
  const named = tag.includes("xmlns=")
    ? config
    : config.replace(/^<DistributionConfig\b/, `$& xmlns="${CLOUDFRONT_NAMESPACE}"`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n${named}`;
}

function createDocument(config: string, tags: Readonly<Record<string, string>>): string {
  const items = Object.entries(tags)
    .map(
      ([key, value]) =>
        `<Tag><Key>${escapeText(key)}</Key><Value>${escapeText(value)}</Value></Tag>`,
    )
    .join("");
  return `<?xml version="1.0" encoding="UTF-8"?>\n<DistributionConfigWithTags xmlns="${CLOUDFRONT_NAMESPACE}">${config}<Tags><Items>${items}</Items></Tags></DistributionConfigWithTags>`;
}
