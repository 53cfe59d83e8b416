import type { Behavior, ErrorResponse } from "../live-distribution.ts";
import { ApiError, invalidArgument } from "./api-error.ts";
import { type BehaviorSettings, readBehavior } from "./behavior-settings.ts";
import { readErrorResponses } from "./error-responses.ts";
import { itemsOf, optionalText, requiredBoolean, requiredText } from "./fields.ts";
import { type OriginSettings, readOrigin } from "./origin-settings.ts";
import { childOf, type XmlNode } from "./xml.ts";

/** What the local edge acts on in a DistributionConfig; the names in it are not looked up yet. */
export type DistributionSettings = {
  readonly enabled: boolean;
  readonly defaultRootObject: string;
  readonly origins: readonly OriginSettings[];
  /** In the order in which they are tried, the default one last. */
  readonly behaviors: readonly BehaviorSettings[];
  readonly errorResponses: ReadonlyMap<number, ErrorResponse>;
  readonly cacheTagHeader: string | undefined;
};

/** CF-DG "Quotas". */
const MAX_ORIGINS = 100;
const MAX_BEHAVIORS = 75;
const MAX_COMMENT = 128;
const MAX_ROOT_OBJECT = 255;

/**
 * Reads a DistributionConfig whose quantities are checked. Throws an ApiError for what CloudFront
 * refuses (BC cloudfront UpdateDistribution), and NotImplemented for what the local edge cannot do and
 * viewers would miss; all other fields are kept and have no effect.
 */
export function readDistributionSettings(config: XmlNode): DistributionSettings {
  if (requiredText(config, "Comment").length > MAX_COMMENT) {
    throw invalidArgument(`The comment may have ${MAX_COMMENT} characters.`);
  }
  const origins = readOrigins(childOf(config, "Origins"));
  return {
    enabled: requiredBoolean(config, "Enabled"),
    defaultRootObject: readRootObject(config),
    origins,
    behaviors: readBehaviors(config),
    errorResponses: readErrorResponses(childOf(config, "CustomErrorResponses")),
    cacheTagHeader: readTagHeader(childOf(config, "CacheTagConfig")),
  };
}

function readOrigins(list: XmlNode | undefined): readonly OriginSettings[] {
  const origins = itemsOf(list, "Origin").map(readOrigin);
  if (origins.length === 0) throw invalidArgument("A distribution needs at least one origin.");
  if (origins.length > MAX_ORIGINS) {
    throw new ApiError(400, "TooManyOrigins", `The most origins are ${MAX_ORIGINS}.`);
  }
  checkDistinct(
    "origin id",
    origins.map(({ id }) => id),
  );
  return origins;
}

function readBehaviors(config: XmlNode): readonly BehaviorSettings[] {
  const defaultNode = childOf(config, "DefaultCacheBehavior");
  if (defaultNode === undefined) throw invalidArgument("DefaultCacheBehavior is missing.");
  const nodes = itemsOf(childOf(config, "CacheBehaviors"), "CacheBehavior");
  if (nodes.length > MAX_BEHAVIORS) {
    throw new ApiError(400, "TooManyCacheBehaviors", `The most behaviors are ${MAX_BEHAVIORS}.`);
  }
  const behaviors = nodes.map((node) => readBehavior(node, readPattern(node)));
  checkDistinct(
    "path pattern",
    behaviors.map(({ pathPattern }) => pathPattern),
  );
  return [...behaviors, readBehavior(defaultNode, "*")];
}

function readPattern(node: XmlNode): Behavior["pathPattern"] {
  const pattern = requiredText(node, "PathPattern");
  if (/^[A-Za-z0-9_\-.$/~"'@:+&*?]{1,255}$/.test(pattern)) return pattern;
  throw invalidArgument(`"${pattern}" is no path pattern.`);
}

function readRootObject(config: XmlNode): string {
  const name = optionalText(config, "DefaultRootObject") ?? "";
  if (!name.startsWith("/") && name.length <= MAX_ROOT_OBJECT) return name;
  throw new ApiError(
    400,
    "InvalidDefaultRootObject",
    `The default root object has no leading slash and at most ${MAX_ROOT_OBJECT} characters.`,
  );
}

function readTagHeader(node: XmlNode | undefined): string | undefined {
  if (node === undefined) return undefined;
  const name = requiredText(node, "HeaderName");
  if (/^[A-Za-z0-9-]{1,256}$/.test(name)) return name.toLowerCase();
  throw invalidArgument(`"${name}" is not the name of a header.`);
}

function checkDistinct(what: string, names: readonly string[]): void {
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw invalidArgument(`The ${what} "${twice}" is given twice.`);
}
