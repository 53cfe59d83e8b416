import type { CaaRecord } from "./dns.ts";

/** The words that mean Amazon in a CAA record; one of them is enough (ACM-UG "CAA"). */
const AMAZON: ReadonlySet<string> = new Set([
  "amazon.com",
  "amazontrust.com",
  "awstrust.com",
  "amazonaws.com",
]);

/**
 * Whether these CAA records let Amazon issue for the name. Without any that speaks of issuing everyone
 * may; for a wildcard `issuewild` counts instead of `issue` where there is any (RFC 8659 section 4.3).
 */
export function allowsAmazon(records: readonly CaaRecord[], name: string): boolean {
  const wild = withTag(records, "issuewild");
  const rules = name.startsWith("*.") && wild.length > 0 ? wild : withTag(records, "issue");
  return rules.length === 0 || rules.some(({ value }) => AMAZON.has(issuerOf(value)));
}

function withTag(records: readonly CaaRecord[], wanted: string): readonly CaaRecord[] {
  return records.filter(({ tag }) => tag.toLowerCase() === wanted);
}

/** `amazon.com; account=1` names amazon.com; `;` names nobody. */
function issuerOf(value: string): string {
  return value.split(";", 1).join("").trim().toLowerCase();
}
