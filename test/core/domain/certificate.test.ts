import { describe, expect, it } from "vitest";
import {
  type Certificate,
  type CertificateStatus,
  chooseCertificate,
  coversName,
  daysLeft,
  validationRecordsOf,
} from "../../../deploy/core/domain/certificate.ts";
import { renewalWarnings } from "../../../deploy/core/domain/warnings.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const NAMES = ["www.example.com", "example.com"];
const inDays = (days: number) => new Date(NOW.getTime() + days * 86_400_000);

function certificate(arn: string, given: Partial<Certificate> = {}): Certificate {
  return {
    arn,
    names: NAMES,
    status: "issued",
    failure: undefined,
    validation: [],
    requestedAt: undefined,
    notAfter: inDays(100),
    inUseBy: ["arn:aws:cloudfront::1:distribution/E1"],
    keyAlgorithm: "RSA_2048",
    ...given,
  };
}

const choose = (certificates: readonly Certificate[], attached?: string) =>
  chooseCertificate(NAMES, { certificates, attached, now: NOW });

describe("a certificate's names", () => {
  it.each([
    ["the same name", ["example.com"], "example.com", true],
    ["a wildcard for one label", ["*.example.com"], "www.example.com", true],
    ["not for two", ["*.example.com"], "a.www.example.com", false],
    ["not for the apex", ["*.example.com"], "example.com", false],
    ["a wildcard for itself", ["*.example.com"], "*.example.com", true],
    ["no wildcard for a wildcard below it", ["*.example.com"], "*.www.example.com", false],
    ["not for a name that only ends so", ["*.example.com"], "www.notexample.com", false],
  ])("cover %s", (_, names, wanted, covered) => {
    expect(coversName(names, wanted)).toBe(covered);
  });
});

describe("the certificate for a set of names", () => {
  it.each(["RSA_1024", "RSA_2048", "RSA_3072", "RSA_4096", "EC_prime256v1"])(
    "may have the key %s",
    (keyAlgorithm) => {
      expect(choose([certificate("a", { keyAlgorithm })])).toMatchObject({ kind: "use" });
    },
  );

  it.each(["EC_secp384r1", "EC_secp521r1", "RSA_8192"])(
    "may not have the key %s",
    (keyAlgorithm) => {
      expect(choose([certificate("a", { keyAlgorithm })])).toMatchObject({
        kind: "request",
        attempt: 0,
      });
    },
  );

  it.each([
    [
      "the one that lasts longest",
      [certificate("a"), certificate("b", { notAfter: inDays(150) })],
      undefined,
      "use b",
    ],
    [
      "the attached one, as long as it is good",
      [certificate("a"), certificate("b", { notAfter: inDays(150) })],
      "a",
      "use a",
    ],
    [
      "one with a wildcard, if it covers all",
      [certificate("a", { names: ["example.com", "*.example.com"] })],
      undefined,
      "use a",
    ],
    [
      "none that leaves out a name",
      [certificate("a", { names: ["example.com"] })],
      undefined,
      "request 0",
    ],
    [
      "none that has ended, whatever its state says",
      [certificate("a", { notAfter: inDays(-1) })],
      undefined,
      "request 0",
    ],
    [
      "an issued one before a pending one",
      [certificate("a", { status: "pending" }), certificate("b")],
      undefined,
      "use b",
    ],
    [
      "a pending one before a new one",
      [certificate("a", { status: "pending", notAfter: undefined })],
      undefined,
      "wait a",
    ],
  ] as const)("is %s", (_, certificates, attached, expected) => {
    const choice = choose(certificates, attached);
    const said = choice.kind === "request" ? choice.attempt : choice.certificate.arn;
    expect(`${choice.kind} ${said}`).toBe(expected);
  });

  it.each(["expired", "timed-out", "failed", "revoked", "inactive"] satisfies CertificateStatus[])(
    "is none that is %s; the next request is another attempt",
    (status) => {
      const dead = [certificate("a", { status }), certificate("b", { status })];
      expect(choose(dead)).toMatchObject({ kind: "request", attempt: 2 });
    },
  );

  it("is requested with a name of at most 64 characters in front", () => {
    const long = `${"a".repeat(62)}.example.com`;
    const choice = chooseCertificate([long, "example.com"], {
      certificates: [],
      attached: undefined,
      now: NOW,
    });
    expect(choice).toMatchObject({ kind: "request", names: ["example.com", long] });
  });
});

describe("validation records", () => {
  it("are there once for the apex and its wildcard", () => {
    const record = { name: "_v.example.com.", value: "_p.acm-validations.aws." };
    const other = { name: "_w.www.example.com.", value: "_q.acm-validations.aws." };
    expect(validationRecordsOf(certificate("a", { validation: [other, record, record] }))).toEqual([
      record,
      other,
    ]);
  });
});

describe("the renewal", () => {
  const validation = [{ name: "_v.example.com.", value: "_p.acm-validations.aws." }];
  const proven = new Set(["_v.example.com."]);

  it.each([
    ["all is well", {}, proven, []],
    ["a record is gone", {}, new Set<string>(), [/_v\.example\.com is gone/]],
    ["nobody uses the certificate", { inUseBy: [] }, proven, [/no distribution uses/]],
    ["it should have happened", { notAfter: inDays(29.5) }, proven, [/ends in 29 days/]],
  ] as const)("is warned about where %s", (_, given, found, warnings) => {
    const said = renewalWarnings(certificate("a", { validation, ...given }), {
      proven: found,
      attached: "other",
      now: NOW,
    });
    expect(said).toHaveLength(warnings.length);
    warnings.forEach((warning, index) => {
      expect(said[index]).toMatch(warning);
    });
  });

  it("is counted in whole days", () => {
    expect(daysLeft(certificate("a", { notAfter: inDays(1.9) }), NOW)).toBe(1);
    expect(daysLeft(certificate("a", { notAfter: undefined }), NOW)).toBeUndefined();
  });
});
