import { isTooWeak, LEAST_TLS } from "../setup/tls-version.ts";
import {
  escapeText,
  findElement,
  parseXml,
  setElement,
  sourceOf,
  textOf,
  type XmlElement,
} from "../setup/xml-edit.ts";

/** What a distribution's configuration says about names and certificate, and how to change only that. */
export type DistributionNames = {
  readonly isEnabled: boolean;
  readonly hasIpv6: boolean;
  /** Such a distribution serves tenants and takes no aliases (BC cloudfront ConnectionMode). */
  readonly isForTenants: boolean;
  readonly isStaging: boolean;
  readonly aliases: readonly string[];
  /** The ARN of ACM's certificate; undefined while it is CloudFront's own or one of IAM. */
  readonly certificate: string | undefined;
};

/** Where the two elements stand among their siblings (BC cloudfront DistributionConfig). */
const AFTER_ALIASES = ["Aliases", "DefaultRootObject", "Origins"];
const AFTER_CERTIFICATE = ["ViewerCertificate", "Restrictions", "WebACLId", "HttpVersion"];

/** What we write about the certificate; every other field of it is kept as it stands. */
const MANAGED: ReadonlySet<string> = new Set([
  "CloudFrontDefaultCertificate",
  "IAMCertificateId",
  "ACMCertificateArn",
  "SSLSupportMethod",
  "MinimumProtocolVersion",
  "Certificate",
  "CertificateSource",
]);

export function readDistributionNames(config: string): DistributionNames {
  const root = parseXml(config);
  const text = (...path: readonly string[]) => textOf(config, findElement(root, path));
  return {
    isEnabled: text("Enabled") === "true",
    hasIpv6: text("IsIPV6Enabled") === "true",
    isForTenants: text("ConnectionMode") === "tenant-only",
    isStaging: text("Staging") === "true",
    aliases: aliasesIn(config, root),
    certificate: text("ViewerCertificate", "ACMCertificateArn") || undefined,
  };
}

/**
 * The configuration with these names besides those that it has, and with this certificate, by SNI unless
 * it has one by addresses of its own. The same text when nothing is missing.
 */
export function attachNames(
  config: string,
  { names, certificate }: { readonly names: readonly string[]; readonly certificate: string },
): string {
  const { aliases } = readDistributionNames(config);
  const missing = names.filter((name) => !aliases.includes(name));
  const named = missing.length === 0 ? config : withAliases(config, [...aliases, ...missing]);
  return hasCertificate(named, certificate) ? named : withCertificate(named, certificate);
}

/** The configuration without these names; without any left, the certificate is CloudFront's own again. */
export function detachNames(config: string, names: readonly string[]): string {
  const { aliases, certificate } = readDistributionNames(config);
  const left = aliases.filter((alias) => !names.includes(alias));
  if (left.length === aliases.length) return config;
  const without = withAliases(config, left);
  return left.length > 0 || certificate === undefined ? without : withoutCertificate(without);
}

function aliasesIn(config: string, root: XmlElement): readonly string[] {
  const items = findElement(root, ["Aliases", "Items"])?.children ?? [];
  return items.flatMap((item) => textOf(config, item)?.toLowerCase() ?? []);
}

function withAliases(config: string, aliases: readonly string[]): string {
  const items = aliases.map((alias) => `<CNAME>${escapeText(alias)}</CNAME>`).join("");
  const list = aliases.length === 0 ? "" : `<Items>${items}</Items>`;
  const xml = `<Aliases><Quantity>${aliases.length}</Quantity>${list}</Aliases>`;
  return setElement(config, ["Aliases"], { xml, order: AFTER_ALIASES });
}

function hasCertificate(config: string, arn: string): boolean {
  const field = certificateField(config);
  return (
    field("ACMCertificateArn") === arn &&
    (field("SSLSupportMethod") ?? "") !== "" &&
    !isTooWeak(versionOf(config))
  );
}

function withCertificate(config: string, arn: string): string {
  const version = versionOf(config);
  return setCertificate(config, [
    ["CloudFrontDefaultCertificate", "false"],
    ["ACMCertificateArn", arn],
    ["SSLSupportMethod", methodOf(config)],
    ["MinimumProtocolVersion", isTooWeak(version) ? LEAST_TLS : version],
  ]);
}

/** With CloudFront's own certificate the field says nothing: it is `vip` there, whoever asks. */
function methodOf(config: string): string {
  const field = certificateField(config);
  const isOwn = Boolean(field("ACMCertificateArn") || field("IAMCertificateId"));
  return (isOwn && field("SSLSupportMethod")) || "sni-only";
}

function versionOf(config: string): string {
  return certificateField(config)("MinimumProtocolVersion") || "TLSv1";
}

function withoutCertificate(config: string): string {
  return setCertificate(config, [["CloudFrontDefaultCertificate", "true"]]);
}

function certificateField(config: string): (name: string) => string | undefined {
  const root = parseXml(config);
  return (name) => textOf(config, findElement(root, ["ViewerCertificate", name]));
}

function setCertificate(config: string, fields: readonly (readonly [string, string])[]): string {
  const found = findElement(parseXml(config), ["ViewerCertificate"]);
  const kept = (found?.children ?? [])
    .filter(({ name }) => !MANAGED.has(name))
    .map((child) => sourceOf(config, child));
  const managed = fields.map(([name, value]) => `<${name}>${escapeText(value)}</${name}>`);
  const xml = `<ViewerCertificate>${managed.join("")}${kept.join("")}</ViewerCertificate>`;
  return setElement(config, ["ViewerCertificate"], { xml, order: AFTER_CERTIFICATE });
}
