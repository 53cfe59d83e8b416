import type { FailureText } from "../errors.ts";

/** Every check, in the order in which it is shown, and what a person reads of it. */
export const CHECKS = {
  credentials: "credentials are valid",
  account: "it is the right account",
  bucket: "the bucket is there, in its region",
  "bucket-privacy": "public access to the bucket is blocked",
  "bucket-ownership": "access control lists are off",
  "bucket-policy": "the bucket lets in the distribution, and keeps .slipway/ back",
  "bucket-versioning": "replaced files stay as versions",
  "bucket-encryption": "what is stored is encrypted",
  "bucket-lifecycle": "old versions and leftovers expire",
  distribution: "the distribution is there, enabled and deployed",
  "distribution-settings": "the distribution is as setup wants it",
  "access-control": "CloudFront signs its requests to the bucket",
  functions: "the viewer functions are there and published",
  "function-code": "the functions run the live release's rules",
  "redirect-table": "the redirect table is the live release's",
  "headers-policy": "the response headers policy is the live release's",
  release: "a release is live, and its record is readable",
  files: "stored files are as they were released",
  lock: "no deploy broke off",
  aliases: "the distribution answers under the site's names",
  certificate: "the certificate is valid",
  "certificate-names": "the certificate covers the site's names",
  "certificate-renewal": "the certificate can renew itself",
  dns: "the site's names have A and AAAA records",
  "home-page": "the home page is served",
  headers: "answers carry the site's headers",
  "clean-url": "addresses without their last slash are sent on",
  "missing-page": "a missing page is answered with 404",
  "state-hidden": "Slipway's own records are not served",
  https: "http is sent on to https",
  "other-names": "the other names are sent on to the canonical one",
} as const;

export type CheckId = keyof typeof CHECKS;

/** What a look came to. `next` is the mend. */
export type Verdict =
  | { readonly kind: "good"; readonly found: string }
  | { readonly kind: "warning" | "bad"; readonly found: string; readonly next: string }
  | { readonly kind: "skipped"; readonly why: string };

export type Check = Verdict & { readonly id: CheckId; readonly title: string };

/** `healthy`: no check is bad. */
export type DoctorResult = { readonly healthy: boolean; readonly checks: readonly Check[] };

/** Something that was looked at, that could not be looked at, or that is not there to be looked at. */
export type Looked<Value> =
  | { readonly kind: "seen"; readonly value: Value }
  | { readonly kind: "unseen"; readonly text: FailureText }
  | { readonly kind: "skipped"; readonly why: string };

/** What cannot be looked at is bad, with what is missing for the look: never good by default. */
export function check<Value>(
  id: CheckId,
  looked: Looked<Value>,
  judge: (value: Value) => Verdict,
): Check {
  return { id, title: CHECKS[id], ...verdictOn(looked, judge) };
}

function verdictOn<Value>(looked: Looked<Value>, judge: (value: Value) => Verdict): Verdict {
  switch (looked.kind) {
    case "seen":
      return judge(looked.value);
    case "unseen":
      return bad(`cannot be looked at: ${looked.text.why}`, looked.text.next);
    case "skipped":
      return looked;
  }
}

export const good = (found: string): Verdict => ({ kind: "good", found });
export const bad = (found: string, next: string): Verdict => ({ kind: "bad", found, next });
export const warning = (found: string, next: string): Verdict => ({ kind: "warning", found, next });
export const skipped = (why: string) => ({ kind: "skipped", why }) as const;
export const seen = <Value>(value: Value): Looked<Value> => ({ kind: "seen", value });

/** One look that is made from another; what was not seen stays unseen. */
export function andThen<From, To>(
  looked: Looked<From>,
  next: (value: From) => Looked<To>,
): Looked<To> {
  return looked.kind === "seen" ? next(looked.value) : looked;
}

/** All checks in their order; those that nobody made are skipped, and say so. */
export function resultOf(made: readonly Check[], otherwise: string): DoctorResult {
  const byId = new Map(made.map((one) => [one.id, one]));
  const checks = (Object.keys(CHECKS) as CheckId[]).map(
    (id) => byId.get(id) ?? check(id, skipped(otherwise), () => skipped(otherwise)),
  );
  return { healthy: checks.every(({ kind }) => kind !== "bad"), checks };
}

/** Checks in their order, those that are bad for one and the same reason behind the first of them. */
export function byReason(
  checks: readonly Check[],
): readonly { readonly check: Check; readonly also: readonly CheckId[] }[] {
  return checks.flatMap((check) => {
    const [first = check, ...others] = checks.filter((other) => isSame(check, other));
    return first === check ? [{ check, also: others.map(({ id }) => id) }] : [];
  });
}

function isSame(a: Check, b: Check): boolean {
  return a.kind === "bad" && b.kind === "bad" && a.found === b.found && a.next === b.next;
}
