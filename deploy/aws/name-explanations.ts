import type { AwsAttempt, AwsError, Explanation } from "./explanations.ts";

type Explain = (attempt: AwsAttempt, error: AwsError) => Explanation;

const AGAIN = "then run slipway domain again.";

/** What CloudFront, ACM and Route 53 say of names, certificates and records (BC cloudfront, acm, route53). */
export const NAME_ERRORS: Readonly<Record<string, Explain>> = {
  CNAMEAlreadyExists: (_, { message }) => ({
    why: `one of the names belongs to a distribution of another account: ${message}`,
    next: "Remove it there; or prove by a TXT record _NAME that it is yours, and move it: aws cloudfront associate-alias.",
  }),
  InvalidViewerCertificate: (_, { message }) => ({
    why: `CloudFront does not take the certificate: ${message}`,
    next: `See that it is issued in us-east-1 and covers every alias of the distribution, ${AGAIN}`,
  }),
  InvalidChangeBatch: (_, { message }) => ({
    why: `Route 53 refused the records, all of them: ${message}`,
    next: "Somebody may have changed them meanwhile: run slipway domain again, it reads them anew.",
  }),
  PriorRequestNotComplete: () => ({
    why: "Route 53 is still busy with an earlier change of this zone, also after several tries",
    next: "Run the same command again in a minute; it continues where this one stopped.",
  }),
  NoSuchHostedZone: ({ resource }) => ({
    why: `${resource} is gone`,
    next: "Run slipway domain again: it looks for the zone anew.",
  }),
  LimitExceededException: (_, { message }) => ({
    why: `the account's quota of ACM is reached: ${message}`,
    next: `Delete certificates that are not in use, or ask for more (Service Quotas, ACM, us-east-1), ${AGAIN}`,
  }),
  InvalidDomainValidationOptionsException: (_, { message }) => ({
    why: `ACM does not take these names: ${message}`,
    next: "Check the names of domain in slipway.config.ts.",
  }),
};
