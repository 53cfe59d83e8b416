import { type Certificate, coversName } from "../domain/certificate.ts";
import { readDistributionNames } from "../domain/viewer-certificate.ts";
import type { FoundDistribution } from "../setup/estate.ts";
import { bad, type Check, check, good, type Looked, type Verdict, warning } from "./check.ts";

export type Addresses = { readonly a: readonly string[]; readonly aaaa: readonly string[] };

export type NameFacts = {
  readonly now: Date;
  readonly distribution: Looked<FoundDistribution>;
  /** The one that the distribution has; undefined when it has none of ACM. */
  readonly certificate: Looked<Certificate | undefined>;
  /** What DNS says today at the names of the validation records. */
  readonly validation: Looked<ReadonlyMap<string, string | undefined>>;
  readonly addresses: Looked<ReadonlyMap<string, Addresses>>;
};

const DOMAIN = "slipway domain does it; it shows its steps first.";
const DAY_MS = 86_400_000;
/** ACM begins to renew 45 days before the end (ACM-UG "Renewal for domains validated by DNS"). */
const LATE_DAYS = 40;
const LAST_DAYS = 14;

/** Whether the site's own names, the canonical one first, lead to it under a certificate that lasts. */
export function judgeNames(names: readonly string[], facts: NameFacts): readonly Check[] {
  const { now, distribution, certificate, validation, addresses } = facts;
  return [
    check("aliases", distribution, ({ config }) => {
      const { aliases } = readDistributionNames(config);
      const missing = names.filter((name) => !coversName(aliases, name));
      return missing.length === 0
        ? good(names.join(", "))
        : bad(`the distribution does not know ${missing.join(", ")}`, DOMAIN);
    }),
    check("certificate", certificate, (found) => judgeCertificate(found, now)),
    check("certificate-names", certificate, (found) => judgeCover(found, names)),
    check("certificate-renewal", validation, (records) => judgeRenewal(certificate, records)),
    check("dns", addresses, (found) => judgeAddresses(names, found)),
  ];
}

function judgeCertificate(found: Certificate | undefined, now: Date): Verdict {
  if (found === undefined) return bad("the distribution has no certificate of ACM", DOMAIN);
  const { status, failure, notAfter } = found;
  const days = notAfter && Math.floor((notAfter.getTime() - now.getTime()) / DAY_MS);
  if (status !== "issued") return bad(`it is ${status}${failure ? ` (${failure})` : ""}`, DOMAIN);
  if (days === undefined || notAfter === undefined) return good("issued");
  const until = `${days} days left, until ${notAfter.toISOString().slice(0, 10)}`;
  if (days < 0) return bad(`it ended on ${notAfter.toISOString().slice(0, 10)}`, DOMAIN);
  const late = `${until}, and ACM has not renewed it`;
  const next = "See that the validation records are in DNS; slipway domain status names them.";
  if (days < LAST_DAYS) return bad(late, next);
  return days < LATE_DAYS ? warning(late, next) : good(until);
}

function judgeCover(found: Certificate | undefined, names: readonly string[]): Verdict {
  const missing = names.filter((name) => !coversName(found?.names ?? [], name));
  return missing.length === 0
    ? good((found?.names ?? []).join(", "))
    : bad(`it does not cover ${missing.join(", ")}`, DOMAIN);
}

/** ACM renews what is in use and whose records are still there (ACM-UG "DNS validation"). */
function judgeRenewal(
  certificate: Looked<Certificate | undefined>,
  records: ReadonlyMap<string, string | undefined>,
): Verdict {
  const found = certificate.kind === "seen" ? certificate.value : undefined;
  if (found === undefined) return bad("there is no certificate that could", DOMAIN);
  if (found.validation.length === 0) {
    return warning(
      "it was not validated by DNS: it was imported, or is validated by mail",
      "Renew it by hand in time, or have one made by slipway domain.",
    );
  }
  const gone = found.validation.filter(
    ({ name, value }) => withoutDot(records.get(name) ?? "") !== withoutDot(value),
  );
  if (gone.length > 0) {
    const list = gone.map(({ name, value }) => `${name} CNAME ${value}`).join(", ");
    return warning(
      `validation records are gone from DNS: ${list}`,
      "Put them back as they are named.",
    );
  }
  return found.inUseBy.length > 0
    ? good("its validation records are in DNS")
    : warning("nothing uses it, and ACM renews only what is in use", DOMAIN);
}

function judgeAddresses(names: readonly string[], found: ReadonlyMap<string, Addresses>): Verdict {
  const lacking = names.flatMap((name) => {
    const { a, aaaa } = found.get(name) ?? { a: [], aaaa: [] };
    const types = [...(a.length === 0 ? ["A"] : []), ...(aaaa.length === 0 ? ["AAAA"] : [])];
    return types.length === 0 ? [] : [`${name} has no ${types.join(" and no ")}`];
  });
  return lacking.length === 0 ? good(names.join(", ")) : bad(lacking.join("; "), DOMAIN);
}

function withoutDot(name: string): string {
  return name.replace(/\.$/, "").toLowerCase();
}
