import { createHash } from "node:crypto";
import {
  type ACMClient,
  type CertificateDetail,
  type CertificateSummary,
  DescribeCertificateCommand,
  type KeyAlgorithm,
  ListCertificatesCommand,
  type CertificateStatus as Reported,
  RequestCertificateCommand,
} from "@aws-sdk/client-acm";
import {
  type Certificate,
  type CertificateStatus,
  coversName,
} from "../../core/domain/certificate.ts";
import type { CertificateOrder, Certificates } from "../../estate-ports.ts";
import { codeOf, toFailure } from "../failure.ts";

/** Without them ACM lists RSA_2048 only, and a second certificate would be requested (BC acm). */
const ALL_KEY_TYPES: KeyAlgorithm[] = [
  "RSA_1024",
  "RSA_2048",
  "RSA_3072",
  "RSA_4096",
  "EC_prime256v1",
  "EC_secp384r1",
  "EC_secp521r1",
];

const STATUSES: Readonly<Record<Reported, CertificateStatus>> = {
  PENDING_VALIDATION: "pending",
  ISSUED: "issued",
  EXPIRED: "expired",
  VALIDATION_TIMED_OUT: "timed-out",
  FAILED: "failed",
  REVOKED: "revoked",
  INACTIVE: "inactive",
};

/** The certificates of the client's region over the AWS SDK. Every failure is a SlipwayError of kind "cloud". */
export function createCertificates(client: ACMClient): Certificates {
  return {
    async listFor(names) {
      const related = (await listSummaries(client)).filter((summary) => isFor(summary, names));
      const found: Certificate[] = [];
      for (const { CertificateArn } of related) {
        const certificate = await describe(client, CertificateArn ?? "");
        if (certificate !== undefined) found.push(certificate);
      }
      return found;
    },
    find: (arn) => describe(client, arn),
    request: (order) => request(client, order),
  };
}

async function listSummaries(client: ACMClient): Promise<readonly CertificateSummary[]> {
  const found: CertificateSummary[] = [];
  let token: string | undefined;
  try {
    do {
      const command: ListCertificatesCommand = new ListCertificatesCommand({
        Includes: { keyTypes: ALL_KEY_TYPES },
        NextToken: token,
      });
      const { CertificateSummaryList = [], NextToken } = await client.send(command);
      found.push(...CertificateSummaryList);
      token = NextToken;
    } while (token !== undefined);
  } catch (error) {
    throw toFailure(error, { action: "acm:ListCertificates", resource: "the certificates" });
  }
  return found;
}

/** A summary has at most 100 names, and so has a certificate; older ones may list only the first. */
function isFor(summary: CertificateSummary, names: readonly string[]): boolean {
  const { DomainName = "", SubjectAlternativeNameSummaries = [] } = summary;
  const covered = [DomainName, ...SubjectAlternativeNameSummaries];
  return (
    summary.HasAdditionalSubjectAlternativeNames === true ||
    names.some((name) => coversName(covered, name))
  );
}

async function describe(client: ACMClient, arn: string): Promise<Certificate | undefined> {
  try {
    const command = new DescribeCertificateCommand({ CertificateArn: arn });
    const { Certificate: detail } = await client.send(command);
    return detail === undefined ? undefined : certificateOf(detail);
  } catch (error) {
    if (codeOf(error) === "ResourceNotFoundException") return undefined;
    throw toFailure(error, {
      action: "acm:DescribeCertificate",
      resource: `the certificate ${arn}`,
    });
  }
}

function certificateOf(detail: CertificateDetail): Certificate {
  const { DomainName = "", SubjectAlternativeNames = [], DomainValidationOptions = [] } = detail;
  const { Status } = detail;
  return {
    arn: detail.CertificateArn ?? "",
    names: [...new Set([DomainName, ...SubjectAlternativeNames])],
    status: Status === undefined ? "pending" : STATUSES[Status],
    failure: detail.FailureReason,
    validation: DomainValidationOptions.flatMap(({ ResourceRecord: record }) =>
      record?.Name === undefined || record.Value === undefined
        ? []
        : [{ name: record.Name, value: record.Value }],
    ),
    requestedAt: detail.CreatedAt,
    notAfter: detail.NotAfter,
    inUseBy: detail.InUseBy ?? [],
    // Here with a dash, in lists and requests with an underscore.
    keyAlgorithm: (detail.KeyAlgorithm ?? "").replaceAll("-", "_"),
  };
}

async function request(
  client: ACMClient,
  { names, attempt, tags }: CertificateOrder,
): Promise<string> {
  const [first = "", ...others] = names;
  try {
    const { CertificateArn = "" } = await client.send(
      new RequestCertificateCommand({
        DomainName: first,
        ...(others.length === 0 ? {} : { SubjectAlternativeNames: others }),
        ValidationMethod: "DNS",
        IdempotencyToken: tokenOf(names, attempt),
        Tags: Object.entries(tags).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return CertificateArn;
  } catch (error) {
    const resource = `a certificate for ${names.join(", ")}`;
    throw toFailure(error, { action: "acm:RequestCertificate", resource });
  }
}

/** ACM takes 1 to 32 word characters, so no UUID with its dashes (BC acm IdempotencyToken). */
function tokenOf(names: readonly string[], attempt: number): string {
  const text = [...names.toSorted(), attempt].join(" ");
  return createHash("sha256").update(text).digest("hex").slice(0, 32);
}
