/** The least that viewers may use, by CloudFront's name (BC cloudfront MinimumProtocolVersion). */
export const LEAST_TLS = "TLSv1.2_2021";

const WEAK: ReadonlySet<string> = new Set([
  "SSLv3",
  "TLSv1",
  "TLSv1_2016",
  "TLSv1.1_2016",
  "TLSv1.2_2018",
  "TLSv1.2_2019",
]);

/** A name that we do not know yet is newer, and stays. */
export function isTooWeak(version: string): boolean {
  return WEAK.has(version);
}
