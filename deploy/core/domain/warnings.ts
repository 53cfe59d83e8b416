import { type Certificate, daysLeft, validationRecordsOf } from "./certificate.ts";
import { absolute, withoutDot } from "./dns.ts";

/** ACM begins to renew 45 days before the end (ACM-UG "Renewal"); later than this it did not work. */
const LATE_DAYS = 30;

export type RenewalFacts = {
  /** Names of the validation records that are in DNS. */
  readonly proven: ReadonlySet<string>;
  /** The ARN of the certificate that the distribution has; ACM hears of that a while later. */
  readonly attached: string | undefined;
  readonly now: Date;
};

/** What will keep ACM from renewing the certificate by itself. */
export function renewalWarnings(
  certificate: Certificate,
  { proven, attached, now }: RenewalFacts,
): readonly string[] {
  const gone = validationRecordsOf(certificate).filter(({ name }) => !proven.has(absolute(name)));
  const days = daysLeft(certificate, now);
  return [
    ...gone.map(
      ({ name }) =>
        `the validation record ${withoutDot(name)} is gone: ACM cannot renew without it; slipway domain restores it`,
    ),
    ...(certificate.inUseBy.length === 0 && certificate.arn !== attached
      ? ["no distribution uses the certificate: ACM renews only those in use"]
      : []),
    ...(days !== undefined && days < LATE_DAYS
      ? [`it ends in ${days} days and has not been renewed: look at it in ACM (us-east-1)`]
      : []),
  ];
}
