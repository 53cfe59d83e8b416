import { removeElement, setElement, setText } from "./xml-edit.ts";
import { editItems, fieldOf, itemsOf, prependItem } from "./xml-lists.ts";

/** The service behind `/api/*`, and the managed policies that keep its answers out of the cache. */
export type ApiWishes = {
  readonly host: string;
  readonly port: number;
  /** Put before the path; empty, or with a slash before and none after. */
  readonly path: string;
  /** What proves to the API that a request came through CloudFront; undefined leaves what is there. */
  readonly secret: string | undefined;
  readonly cachingDisabled: string;
  readonly allViewerExceptHost: string;
};

/** The header that carries the secret. */
export const SECRET_HEADER = "X-Origin-Secret";

const PATTERN = "/api/*";
const ORIGINS = ["Origins"];
const BEHAVIORS = ["CacheBehaviors"];

/** The configuration with the API's origin and behaviour; fields that we have no opinion on stay. */
export function apiSettings(config: string, wishes: ApiWishes): string {
  const found = ownOrigin(config, wishes);
  const id = (found && fieldOf(found, "Id")) ?? freeId(config);
  const present =
    found === undefined ? prependItem(config, ORIGINS, `<Origin><Id>${id}</Id></Origin>`) : config;
  const withOrigin = editItems(present, ORIGINS, (origin) =>
    fieldOf(origin, "Id") === id ? setOrigin(origin, wishes) : origin,
  );
  return setBehavior(withOrigin, id, wishes);
}

/** The origin that the behaviour has, or one that is the same; others of that host are somebody else's. */
function ownOrigin(config: string, { host, path }: ApiWishes): string | undefined {
  const ofHost = itemsOf(config, ORIGINS).filter(
    (origin) => fieldOf(origin, "DomainName") === host,
  );
  const behavior = itemsOf(config, BEHAVIORS).find(
    (one) => fieldOf(one, "PathPattern") === PATTERN,
  );
  const target = behavior && fieldOf(behavior, "TargetOriginId");
  return (
    ofHost.find((origin) => fieldOf(origin, "Id") === target) ??
    ofHost.find((origin) => (fieldOf(origin, "OriginPath") ?? "") === path)
  );
}

/** Whether the API's origin is told a secret already. */
export function hasSecret(config: string, host: string): boolean {
  const origin = itemsOf(config, ORIGINS).find((one) => fieldOf(one, "DomainName") === host);
  return origin !== undefined && secretOf(origin) !== undefined;
}

function freeId(config: string): string {
  const taken = new Set(itemsOf(config, ORIGINS).map((origin) => fieldOf(origin, "Id")));
  const names = ["api", ...Array.from({ length: taken.size + 1 }, (_, at) => numbered(at))];
  return names.find((name) => !taken.has(name)) ?? "api";
}

const numbered = (at: number) => (at === 0 ? "slipway-api" : `slipway-api-${at + 1}`);

const ORIGIN_ORDER = ["Id", "DomainName", "OriginPath", "CustomHeaders", "S3OriginConfig"].concat(
  ["CustomOriginConfig", "VpcOriginConfig", "ConnectionAttempts", "ConnectionTimeout"],
  ["ResponseCompletionTimeout", "OriginShield", "OriginAccessControlId"],
);
const CUSTOM_ORDER = ["HTTPPort", "HTTPSPort", "OriginProtocolPolicy", "OriginSslProtocols"].concat(
  ["OriginReadTimeout", "OriginKeepaliveTimeout", "IpAddressType", "OriginMtlsConfig"],
);

function setOrigin(origin: string, { host, port, path, secret }: ApiWishes): string {
  let edited = setText(origin, ["DomainName"], host, ORIGIN_ORDER);
  edited = setText(edited, ["OriginPath"], path, ORIGIN_ORDER);
  if (secret !== undefined) edited = setSecret(edited, secret);
  if (fieldOf(edited, "CustomOriginConfig", "HTTPSPort") === undefined) {
    edited = setElement(edited, ["CustomOriginConfig"], {
      xml: `<CustomOriginConfig><HTTPPort>80</HTTPPort><HTTPSPort>${port}</HTTPSPort><OriginProtocolPolicy>https-only</OriginProtocolPolicy><OriginSslProtocols><Quantity>1</Quantity><Items><SslProtocol>TLSv1.2</SslProtocol></Items></OriginSslProtocols></CustomOriginConfig>`,
      order: ORIGIN_ORDER,
    });
  }
  const custom = (name: string) => ["CustomOriginConfig", name];
  edited = setText(edited, custom("HTTPSPort"), String(port), CUSTOM_ORDER);
  return setText(edited, custom("OriginProtocolPolicy"), "https-only", CUSTOM_ORDER);
}

function secretOf(origin: string): string | undefined {
  return itemsOf(origin, ["CustomHeaders"])
    .filter((item) => fieldOf(item, "HeaderName")?.toLowerCase() === SECRET_HEADER.toLowerCase())
    .map((item) => fieldOf(item, "HeaderValue"))[0];
}

function setSecret(origin: string, secret: string): string {
  const list = ["CustomHeaders"];
  if (secretOf(origin) === undefined) {
    const empty = `<OriginCustomHeader><HeaderName>${SECRET_HEADER}</HeaderName><HeaderValue></HeaderValue></OriginCustomHeader>`;
    return prependItem(origin, list, setText(empty, ["HeaderValue"], secret), ORIGIN_ORDER);
  }
  return editItems(origin, list, (item) =>
    fieldOf(item, "HeaderName")?.toLowerCase() === SECRET_HEADER.toLowerCase()
      ? setText(item, ["HeaderValue"], secret)
      : item,
  );
}

const METHODS = ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"];

function setBehavior(config: string, origin: string, wishes: ApiWishes): string {
  const isApi = (item: string) => fieldOf(item, "PathPattern") === PATTERN;
  const present = itemsOf(config, BEHAVIORS).some(isApi)
    ? config
    : prependItem(config, BEHAVIORS, newBehavior(origin), [
        "Origins",
        "OriginGroups",
        "DefaultCacheBehavior",
        "CacheBehaviors",
        "CustomErrorResponses",
        "Comment",
      ]);
  return editItems(present, BEHAVIORS, (item) =>
    isApi(item) ? settleBehavior(item, origin, wishes) : item,
  );
}

function newBehavior(origin: string): string {
  return `<CacheBehavior><PathPattern>${PATTERN}</PathPattern><TargetOriginId>${origin}</TargetOriginId><ViewerProtocolPolicy>https-only</ViewerProtocolPolicy><Compress>false</Compress></CacheBehavior>`;
}

function settleBehavior(item: string, origin: string, wishes: ApiWishes): string {
  const order = ["PathPattern", "TargetOriginId", "ViewerProtocolPolicy", "AllowedMethods"].concat(
    ["SmoothStreaming", "Compress", "LambdaFunctionAssociations", "FunctionAssociations"],
    ["FieldLevelEncryptionId", "RealtimeLogConfigArn", "CachePolicyId", "OriginRequestPolicyId"],
    ["ResponseHeadersPolicyId", "GrpcConfig", "ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"],
  );
  let edited = setText(item, ["TargetOriginId"], origin, order);
  // A redirect would turn a POST into a GET; who has chosen one keeps it.
  if (fieldOf(edited, "ViewerProtocolPolicy") === "allow-all") {
    edited = setText(edited, ["ViewerProtocolPolicy"], "https-only", order);
  }
  const allowed = new Set(methodsOf(edited));
  if (METHODS.some((method) => !allowed.has(method))) {
    edited = setElement(edited, ["AllowedMethods"], { xml: allowedMethods(), order });
  }
  const old = ["ForwardedValues", "MinTTL", "DefaultTTL", "MaxTTL"];
  edited = old.reduce((text, name) => removeElement(text, [name]), edited);
  edited = setText(edited, ["CachePolicyId"], wishes.cachingDisabled, order);
  return setText(edited, ["OriginRequestPolicyId"], wishes.allViewerExceptHost, order);
}

function methodsOf(behavior: string): readonly string[] {
  return itemsOf(behavior, ["AllowedMethods"]).map((method) => fieldOf(method) ?? "");
}

function allowedMethods(): string {
  const items = METHODS.map((method) => `<Method>${method}</Method>`).join("");
  return `<AllowedMethods><Quantity>${METHODS.length}</Quantity><Items>${items}</Items><CachedMethods><Quantity>2</Quantity><Items><Method>GET</Method><Method>HEAD</Method></Items></CachedMethods></AllowedMethods>`;
}
