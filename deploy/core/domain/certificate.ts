/** A certificate of ACM in us-east-1, and which of them serves a set of names. */
export type CertificateStatus =
  | "pending"
  | "issued"
  | "expired"
  | "timed-out"
  | "failed"
  | "revoked"
  | "inactive";

/** A CNAME that proves the control of a name; both names end with a dot. */
export type ValidationRecord = { readonly name: string; readonly value: string };

export type Certificate = {
  readonly arn: string;
  readonly names: readonly string[];
  readonly status: CertificateStatus;
  /** ACM's word: CAA_ERROR, DOMAIN_NOT_ALLOWED, … */
  readonly failure: string | undefined;
  /** One for each name that is validated by DNS; ACM gives them some seconds after the request. */
  readonly validation: readonly ValidationRecord[];
  readonly requestedAt: Date | undefined;
  readonly notAfter: Date | undefined;
  readonly inUseBy: readonly string[];
  /** As ACM calls it: RSA_2048, EC_prime256v1, … */
  readonly keyAlgorithm: string;
};

/** Whose names are all covered. `request`: there is none; `attempt` counts those that came to nothing. */
export type CertificateChoice =
  | { readonly kind: "use" | "wait"; readonly certificate: Certificate }
  | {
      readonly kind: "request";
      readonly names: readonly string[];
      readonly attempt: number;
      /** Certificates of these names that cannot be used. */
      readonly unusable: readonly Certificate[];
    };

/** CF-DG "Requirements for using SSL/TLS certificates": RSA up to 4096 bits, ECDSA on P-256 only. */
const USABLE_KEYS = /^(?:RSA_(?:1024|2048|3072|4096)|EC_prime256v1)$/;

const DAY_MS = 86_400_000;

/** Whether one of a certificate's names is this one; a wildcard stands for one label. */
export function coversName(names: readonly string[], wanted: string): boolean {
  const parent = wanted.slice(wanted.indexOf(".") + 1);
  return names.includes(wanted) || (!wanted.startsWith("*.") && names.includes(`*.${parent}`));
}

/**
 * The issued certificate that lasts longest, the attached one first if it is as good as any; else the
 * newest that waits for its validation; else one is to be requested.
 */
export function chooseCertificate(
  names: readonly string[],
  { certificates, attached, now }: CertificateSearch,
): CertificateChoice {
  const related = certificates.filter((certificate) =>
    names.every((name) => coversName(certificate.names, name)),
  );
  const usable = related.filter(({ keyAlgorithm }) => USABLE_KEYS.test(keyAlgorithm));
  const issued = usable.filter((certificate) => isValid(certificate, now));
  const inPlace = issued.find(({ arn }) => arn === attached);
  const best = inPlace ?? issued.toSorted(byExpiry)[0];
  if (best !== undefined) return { kind: "use", certificate: best };
  const pending = usable.filter(({ status }) => status === "pending").toSorted(byRequest)[0];
  if (pending !== undefined) return { kind: "wait", certificate: pending };
  const attempt = usable.filter(({ status }) => status !== "issued").length;
  return { kind: "request", names: leadWithShort(names), attempt, unusable: related };
}

export type CertificateSearch = {
  readonly certificates: readonly Certificate[];
  /** The ARN of the certificate that the distribution has. */
  readonly attached: string | undefined;
  readonly now: Date;
};

function isValid({ status, notAfter }: Certificate, now: Date): boolean {
  return status === "issued" && (notAfter === undefined || notAfter > now);
}

function byExpiry(a: Certificate, b: Certificate): number {
  return (b.notAfter?.getTime() ?? 0) - (a.notAfter?.getTime() ?? 0);
}

function byRequest(a: Certificate, b: Certificate): number {
  return (b.requestedAt?.getTime() ?? 0) - (a.requestedAt?.getTime() ?? 0);
}

/** The longest that the first name of a certificate may be; the others may have 253 (BC acm). */
export const LONGEST_FIRST_NAME = 64;

function leadWithShort(names: readonly string[]): readonly string[] {
  const first = names.find((name) => name.length <= LONGEST_FIRST_NAME);
  return first === undefined ? names : [first, ...names.filter((name) => name !== first)];
}

/** Whole days until the certificate ends; undefined while it is not issued. */
export function daysLeft({ notAfter }: Certificate, now: Date): number | undefined {
  if (notAfter === undefined) return undefined;
  return Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
}

/** Each record once: the apex and its wildcard share theirs. Sorted by name. */
export function validationRecordsOf({ validation }: Certificate): readonly ValidationRecord[] {
  const byName = new Map(validation.map((record) => [record.name.toLowerCase(), record]));
  return [...byName.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** Why a certificate came to nothing, and what helps: ACM's reasons (BC acm FailureReason). */
export function explainFailure(certificate: Certificate): {
  readonly why: string;
  readonly next: string;
} {
  const { status, failure = "" } = certificate;
  if (status === "timed-out") {
    return {
      why: "the validation records were not found in DNS for 72 hours",
      next: "Run slipway domain again: it requests a new one and shows the records that it needs.",
    };
  }
  const known = Object.hasOwn(FAILURES, failure) ? FAILURES[failure] : undefined;
  return (
    known ?? {
      why: `ACM says ${failure === "" ? status : failure}`,
      next: "Look at the certificate in ACM (us-east-1), then run slipway domain again.",
    }
  );
}

const FAILURES: Readonly<Record<string, { readonly why: string; readonly next: string }>> = {
  CAA_ERROR: {
    why: "a CAA record of the domain does not allow Amazon (CAA_ERROR)",
    next: 'Add the CAA record 0 issue "amazon.com", then run slipway domain again.',
  },
  DOMAIN_NOT_ALLOWED: {
    why: "a name is on a list of unsafe domains (DOMAIN_NOT_ALLOWED)",
    next: "Have the domain taken off Google's and VirusTotal's lists, then run slipway domain again.",
  },
  INVALID_PUBLIC_DOMAIN: {
    why: "a name is not below a public top-level domain (INVALID_PUBLIC_DOMAIN)",
    next: "Check the names of domain in slipway.config.ts.",
  },
  ADDITIONAL_VERIFICATION_REQUIRED: {
    why: "Amazon wants to look at the request itself (ADDITIONAL_VERIFICATION_REQUIRED)",
    next: "Open a case with AWS Support for this certificate.",
  },
  NO_AVAILABLE_CONTACTS: {
    why: "nobody could be asked by mail (NO_AVAILABLE_CONTACTS)",
    next: "Run slipway domain again: it validates by DNS.",
  },
};
