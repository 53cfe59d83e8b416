import { describe, expect, it } from "vitest";
import type { CheckId } from "../../../deploy/core/doctor/check.ts";
import { judgeNames, type NameFacts } from "../../../deploy/core/doctor/judge-names.ts";
import type { Certificate } from "../../../deploy/core/domain/certificate.ts";
import { attachNames } from "../../../deploy/core/domain/viewer-certificate.ts";
import { bareDistributionConfig } from "../../support/memory-estate.ts";

/** Every check of the site's names: green, and red or yellow for each flaw. */

const seen = <Value>(value: Value) => ({ kind: "seen", value }) as const;
const NAMES = ["www.example.com", "example.com"];
const NOW = new Date("2026-11-22T12:00:00Z");
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

const CERTIFICATE: Certificate = {
  arn: "arn:aws:acm:us-east-1:111122223333:certificate/c1",
  names: NAMES,
  status: "issued",
  failure: undefined,
  validation: [
    { name: "_a.www.example.com.", value: "_x.acm-validations.aws." },
    { name: "_b.example.com.", value: "_y.acm-validations.aws." },
  ],
  requestedAt: inDays(-10),
  notAfter: inDays(188),
  inUseBy: ["arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE"],
  keyAlgorithm: "RSA_2048",
};
const RECORDS = new Map<string, string | undefined>([
  ["_a.www.example.com.", "_x.acm-validations.aws"],
  ["_b.example.com.", "_y.acm-validations.aws"],
]);
const BOTH = { a: ["192.0.2.1"], aaaa: ["2001:db8::1"] };
const DISTRIBUTION = {
  id: "E2EXAMPLE",
  arn: "arn:aws:cloudfront::111122223333:distribution/E2EXAMPLE",
  domainName: "d111111abcdef8.cloudfront.net",
  status: "deployed" as const,
  etag: "E1",
  config: attachNames(bareDistributionConfig(), { names: NAMES, certificate: CERTIFICATE.arn }),
};

const FACTS: NameFacts = {
  now: NOW,
  distribution: seen(DISTRIBUTION),
  certificate: seen(CERTIFICATE),
  validation: seen(RECORDS),
  addresses: seen(new Map(NAMES.map((name) => [name, BOTH]))),
};

const examine = (flaw: Partial<NameFacts>) => judgeNames(NAMES, { ...FACTS, ...flaw });
const certificate = (flaw: Partial<Certificate>) => ({
  certificate: seen({ ...CERTIFICATE, ...flaw }),
});
const addresses = (a: readonly string[], aaaa: readonly string[]) => ({
  addresses: seen(
    new Map([
      ["www.example.com", BOTH],
      ["example.com", { a, aaaa }],
    ]),
  ),
});

it("names that setup and domain left are good in every check", () => {
  expect(examine({}).filter(({ kind }) => kind !== "good")).toEqual([]);
});

it("a wildcard covers a name below it, and not the apex", () => {
  const found = examine(certificate({ names: ["*.example.com"] }));
  expect(found.find(({ id }) => id === "certificate-names")).toMatchObject({
    kind: "bad",
    found: "it does not cover example.com",
  });
});

type Row = readonly [string, CheckId, "bad" | "warning", Partial<NameFacts>, RegExp];

const FLAWS: readonly Row[] = [
  [
    "a name that the distribution does not know",
    "aliases",
    "bad",
    { distribution: seen({ ...DISTRIBUTION, config: bareDistributionConfig() }) },
    /www\.example\.com, example\.com/,
  ],
  ["no certificate", "certificate", "bad", { certificate: seen(undefined) }, /no certificate/],
  [
    "one that failed",
    "certificate",
    "bad",
    certificate({ status: "failed", failure: "CAA_ERROR" }),
    /CAA_ERROR/,
  ],
  [
    "one that waits",
    "certificate",
    "bad",
    certificate({ status: "pending", notAfter: undefined }),
    /pending/,
  ],
  [
    "one that ended",
    "certificate",
    "bad",
    certificate({ notAfter: inDays(-1) }),
    /ended on 2026-11-21/,
  ],
  [
    "one that ends soon",
    "certificate",
    "bad",
    certificate({ notAfter: inDays(13) }),
    /13 days left/,
  ],
  [
    "one that should be renewed by now",
    "certificate",
    "warning",
    certificate({ notAfter: inDays(39) }),
    /39 days left/,
  ],
  [
    "one that leaves a name out",
    "certificate-names",
    "bad",
    certificate({ names: ["www.example.com"] }),
    /cover example\.com/,
  ],
  [
    "validation records that are gone",
    "certificate-renewal",
    "warning",
    { validation: seen(new Map()) },
    /_a\.www\.example\.com\. CNAME/,
  ],
  [
    "validation records of another",
    "certificate-renewal",
    "warning",
    { validation: seen(new Map(RECORDS).set("_b.example.com.", "other")) },
    /_b\.example\.com\./,
  ],
  [
    "one that was imported",
    "certificate-renewal",
    "warning",
    certificate({ validation: [] }),
    /imported/,
  ],
  [
    "one that nothing uses",
    "certificate-renewal",
    "warning",
    certificate({ inUseBy: [] }),
    /nothing uses it/,
  ],
  [
    "no certificate to renew",
    "certificate-renewal",
    "bad",
    { certificate: seen(undefined) },
    /no certificate/,
  ],
  ["no A", "dns", "bad", addresses([], BOTH.aaaa), /example\.com has no A$/],
  ["no AAAA", "dns", "bad", addresses(BOTH.a, []), /example\.com has no AAAA$/],
  ["no record at all", "dns", "bad", addresses([], []), /no A and no AAAA/],
];

describe("a flaw", () => {
  it.each(FLAWS)("%s: %s is %s, says so, and names the mend", (_, id, kind, flaw, words) => {
    expect(examine(flaw).find((check) => check.id === id)).toMatchObject({
      kind,
      found: expect.stringMatching(words),
      next: expect.stringMatching(/\w/),
    });
  });

  it("every check here has one in the table", () => {
    const ids = new Set<CheckId>(FLAWS.map(([, id]) => id));
    expect(examine({}).filter(({ id }) => !ids.has(id))).toEqual([]);
  });
});
