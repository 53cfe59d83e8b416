import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  attachNames,
  detachNames,
  readDistributionNames,
} from "../../../deploy/core/domain/viewer-certificate.ts";
import { siteConfig } from "../../support/memory-domain.ts";

const ARN = "arn:aws:acm:us-east-1:111122223333:certificate/1";
const NAMES = ["www.example.com", "example.com"];
const attach = (config: string) => attachNames(config, { names: NAMES, certificate: ARN });

/** The configuration without the two elements that are ours to change. */
function rest(config: string): string {
  return config
    .replace(/<Aliases>.*?<\/Aliases>|<Aliases\/>/s, "")
    .replace(/<ViewerCertificate>.*?<\/ViewerCertificate>/s, "");
}

describe("names and certificate in a distribution's configuration", () => {
  it("are put in, and nothing else changes by a byte", () => {
    const config = siteConfig("  <ViewerMtlsConfig>\n<Mode>x &amp; y</Mode></ViewerMtlsConfig>");
    const attached = attach(config);
    expect(readDistributionNames(attached)).toMatchObject({ aliases: NAMES, certificate: ARN });
    expect(attached).toContain("<SSLSupportMethod>sni-only</SSLSupportMethod>");
    expect(attached).toContain("<MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion>");
    expect(rest(attached)).toBe(rest(config));
  });

  it("are the same text when nothing is missing", () => {
    const attached = attach(siteConfig());
    expect(attach(attached)).toBe(attached);
  });

  it.each([
    ["TLSv1", "TLSv1.2_2021"],
    ["TLSv1.2_2019", "TLSv1.2_2021"],
    ["TLSv1.2_2021", "TLSv1.2_2021"],
    ["TLSv1.2_2025", "TLSv1.2_2025"],
    ["TLSv1.3_2025", "TLSv1.3_2025"],
    ["TLSv1.3_2099", "TLSv1.3_2099"],
  ])("ask for TLS 1.2 and keep what is stricter: %s becomes %s", (before, after) => {
    const present = `<ViewerCertificate><CloudFrontDefaultCertificate>true</CloudFrontDefaultCertificate><SSLSupportMethod>vip</SSLSupportMethod><MinimumProtocolVersion>${before}</MinimumProtocolVersion><Future>kept</Future><CertificateSource>cloudfront</CertificateSource></ViewerCertificate>`;
    const attached = attach(siteConfig(present));
    expect(attached).toContain(
      `<ViewerCertificate><CloudFrontDefaultCertificate>false</CloudFrontDefaultCertificate><ACMCertificateArn>${ARN}</ACMCertificateArn><SSLSupportMethod>sni-only</SSLSupportMethod><MinimumProtocolVersion>${after}</MinimumProtocolVersion><Future>kept</Future></ViewerCertificate>`,
    );
  });

  it.each(["vip", "static-ip", "sni-only"])(
    "leave the addresses that viewers reach a certificate by as they are: %s",
    (method) => {
      const present = `<ViewerCertificate><ACMCertificateArn>arn:old</ACMCertificateArn><SSLSupportMethod>${method}</SSLSupportMethod><MinimumProtocolVersion>TLSv1.2_2021</MinimumProtocolVersion></ViewerCertificate>`;
      const attached = attach(siteConfig(present));
      expect(attached).toContain(`<SSLSupportMethod>${method}</SSLSupportMethod>`);
      expect(readDistributionNames(attached).certificate).toBe(ARN);
      expect(attach(attached)).toBe(attached);
    },
  );

  it("go away again, the certificate with the last of them", () => {
    const attached = attach(siteConfig());
    const one = detachNames(attached, ["example.com"]);
    expect(readDistributionNames(one)).toMatchObject({
      aliases: ["www.example.com"],
      certificate: ARN,
    });
    const none = detachNames(one, ["www.example.com"]);
    expect(readDistributionNames(none)).toMatchObject({ aliases: [], certificate: undefined });
    expect(rest(none)).toBe(rest(siteConfig()));
    expect(detachNames(none, NAMES)).toBe(none);
  });

  it("never take anything from any other field, whatever it holds", () => {
    const text = fc.stringMatching(/^[a-z0-9 \n\t.-]{0,20}$/);
    fc.assert(
      fc.property(text, text, (first, second) => {
        const config = siteConfig(`<Odd a="${first.trim()}">${second}</Odd>`);
        expect(rest(attach(config))).toBe(rest(config));
        expect(rest(detachNames(attach(config), NAMES))).toBe(rest(config));
      }),
    );
  });
});
