import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  type DistributionWishes,
  foreignFunctionsOf,
  isBucketDomain,
  settle,
} from "../../../deploy/core/setup/distribution-settings.ts";
import { seedConfig } from "../../../deploy/core/setup/seed-config.ts";
import { removeElement, setElement, setText } from "../../../deploy/core/setup/xml-edit.ts";
import { fieldOf, itemsOf, prependItem } from "../../../deploy/core/setup/xml-lists.ts";
import { bareDistributionConfig } from "../../support/memory-estate.ts";

const WISHES: DistributionWishes = {
  bucket: "example-site",
  region: "eu-west-1",
  access: "OAC1",
  cachePolicy: "optimized",
  headersPolicy: "headers",
  viewerRequest: "arn:aws:cloudfront::111122223333:function/slipway-x-viewer-request",
  viewerResponse: "arn:aws:cloudfront::111122223333:function/slipway-x-viewer-response",
  api: undefined,
};
const API = {
  host: "api.example.com",
  port: 443,
  path: "",
  secret: "one & two",
  cachingDisabled: "disabled",
  allViewerExceptHost: "except-host",
};

const FUNCTION = (arn: string, event: string) =>
  `<FunctionAssociation><FunctionARN>${arn}</FunctionARN><EventType>${event}</EventType></FunctionAssociation>`;

describe("a distribution's settings", () => {
  it("make a whole configuration of the least that CloudFront takes", () => {
    const seed = seedConfig({
      reference: "r",
      comment: "c",
      domain: "example-site.s3.eu-west-1.amazonaws.com",
    });
    const { config } = settle(seed, { ...WISHES, api: API });
    expect(config).toMatch(/^<DistributionConfig xmlns=/);
    expect(itemsOf(config, ["Origins"]).map((one) => fieldOf(one, "Id"))).toEqual(["api", "site"]);
    expect(fieldOf(config, "Origins", "Quantity")).toBe("2");
    expect(fieldOf(config, "DefaultCacheBehavior", "FunctionAssociations", "Quantity")).toBe("2");
    expect(config.indexOf("<DefaultCacheBehavior>")).toBeLessThan(
      config.indexOf("<CacheBehaviors>"),
    );
    expect(config.indexOf("<CacheBehaviors>")).toBeLessThan(
      config.indexOf("<CustomErrorResponses>"),
    );
    expect(config).toContain("<HeaderValue>one &amp; two</HeaderValue>");
  });

  it("leave HTTP/3 alone where a staging copy is rolled out, which does not go with it", () => {
    const staged = bareDistributionConfig({
      extra:
        "<HttpVersion>http2</HttpVersion><ContinuousDeploymentPolicyId>CD1</ContinuousDeploymentPolicyId>",
    });
    expect(fieldOf(settle(staged, WISHES).config, "HttpVersion")).toBe("http2");
    const plain = staged.replace(">CD1<", "><");
    expect(fieldOf(settle(plain, WISHES).config, "HttpVersion")).toBe("http2and3");
  });

  it("leave an origin of the API's host alone that begins at another path, for whom it serves", () => {
    const other =
      "<Origin><Id>api</Id><DomainName>api.example.com</DomainName><OriginPath>/v2</OriginPath></Origin>";
    const found = prependItem(bareDistributionConfig(), ["Origins"], other);
    const { config } = settle(found, { ...WISHES, api: API });
    expect(config).toContain(other);
    const [api = ""] = itemsOf(config, ["CacheBehaviors"]);
    expect(fieldOf(api, "TargetOriginId")).toBe("slipway-api");
    const moved = settle(config, { ...WISHES, api: { ...API, path: "/v3", secret: undefined } });
    expect(itemsOf(moved.config, ["Origins"])).toHaveLength(3);
    expect(moved.config).toContain("<HeaderValue>one &amp; two</HeaderValue>");
  });

  it("that are right already change not one byte", () => {
    const once = settle(bareDistributionConfig(), { ...WISHES, api: API });
    expect(once.changes.length).toBeGreaterThan(5);
    expect(settle(once.config, { ...WISHES, api: API })).toEqual({
      config: once.config,
      changes: [],
    });
  });

  it("keep every element that they do not name, byte for byte", () => {
    const places = [[], ["DefaultCacheBehavior"], ["Origins", "Items", "Origin"]] as const;
    fc.assert(
      fc.property(
        fc.subarray([...places], { minLength: 1 }),
        fc.stringMatching(/^[A-Z][a-z]{3,8}Config$/),
        fc.stringMatching(/^[ a-z0-9é&;]{0,12}$/),
        (chosen, name, text) => {
          const unknown = `<${name} a="1">\n  <Deep/>${text.replaceAll("&", "&amp;")}<!-- c --></${name}>`;
          const config = chosen.reduce(
            (document, place) => setElement(document, [...place, name], { xml: unknown }),
            bareDistributionConfig(),
          );
          const { config: settled } = settle(config, { ...WISHES, api: API });
          expect(settled.split(unknown).length - 1).toBe(chosen.length);
          const without = [...chosen]
            .sort((a, b) => b.length - a.length)
            .reduce(
              (document, place) =>
                place.length < 3
                  ? removeElement(document, [...place, name])
                  : document.replace(unknown, ""),
              settled,
            );
          expect(without).toBe(settle(bareDistributionConfig(), { ...WISHES, api: API }).config);
        },
      ),
    );
  });

  it("turn a bucket's website into the bucket itself, with signed requests", () => {
    const website = bareDistributionConfig()
      .replace("example-site.s3.eu-west-1", "example-site.s3-website-eu-west-1")
      .replace(
        "<S3OriginConfig><OriginAccessIdentity></OriginAccessIdentity></S3OriginConfig>",
        "<CustomOriginConfig><HTTPPort>80</HTTPPort></CustomOriginConfig>",
      );
    const [origin = ""] = itemsOf(settle(website, WISHES).config, ["Origins"]);
    expect(fieldOf(origin, "DomainName")).toBe("example-site.s3.eu-west-1.amazonaws.com");
    expect(origin).not.toContain("CustomOriginConfig");
    expect(fieldOf(origin, "S3OriginConfig", "OriginAccessIdentity")).toBe("");
    expect(fieldOf(origin, "OriginAccessControlId")).toBe("OAC1");
  });

  it("take the old cache fields away, which CloudFront refuses beside a policy", () => {
    const old = setElement(bareDistributionConfig(), ["DefaultCacheBehavior", "ForwardedValues"], {
      xml: "<ForwardedValues><QueryString>true</QueryString></ForwardedValues><MinTTL>0</MinTTL><MaxTTL>1</MaxTTL>",
    });
    const { config } = settle(old, WISHES);
    expect(config).not.toMatch(/ForwardedValues|MinTTL>0|MaxTTL/);
    expect(fieldOf(config, "DefaultCacheBehavior", "CachePolicyId")).toBe("optimized");
  });

  it("leave a function alone that is not Slipway's, and name it", () => {
    const list = ["DefaultCacheBehavior", "FunctionAssociations"];
    const theirs = "arn:aws:cloudfront::111122223333:function/basic-auth";
    const config = prependItem(bareDistributionConfig(), list, FUNCTION(theirs, "viewer-request"));
    const settled = settle(config, WISHES).config;
    expect(itemsOf(settled, list).map((one) => fieldOf(one, "FunctionARN"))).toEqual([
      WISHES.viewerResponse,
      theirs,
    ]);
    expect(foreignFunctionsOf(settled)).toEqual([theirs]);
  });

  it("put no function beside a Lambda at the viewer's events", () => {
    const lambda =
      "<LambdaFunctionAssociation><LambdaFunctionARN>arn:l</LambdaFunctionARN><EventType>viewer-request</EventType></LambdaFunctionAssociation>";
    const list = ["DefaultCacheBehavior", "LambdaFunctionAssociations"];
    const config = prependItem(bareDistributionConfig(), list, lambda);
    expect(settle(config, WISHES).config).not.toContain("<FunctionAssociation>");
    expect(foreignFunctionsOf(config)).toEqual(["arn:l"]);
  });

  it.each([
    ["TLSv1", "TLSv1.2_2021"],
    ["TLSv1.2_2019", "TLSv1.2_2021"],
    ["TLSv1.2_2021", "TLSv1.2_2021"],
    ["TLSv1.3_2025", "TLSv1.3_2025"],
    ["TLSv9_2031", "TLSv9_2031"],
  ])("with a certificate of its own and %s, ask for %s", (found, wanted) => {
    const config = setElement(bareDistributionConfig(), ["ViewerCertificate"], {
      xml: `<ViewerCertificate><ACMCertificateArn>arn:c</ACMCertificateArn><MinimumProtocolVersion>${found}</MinimumProtocolVersion></ViewerCertificate>`,
    });
    const settled = settle(config, WISHES).config;
    expect(fieldOf(settled, "ViewerCertificate", "MinimumProtocolVersion")).toBe(wanted);
  });

  it("adopt the API's origin and behaviour, keep what they do not name, and change the secret", () => {
    const withApi = settle(bareDistributionConfig(), { ...WISHES, api: API }).config;
    const theirs = withApi
      .replace(
        "<OriginSslProtocols>",
        "<OriginReadTimeout>60</OriginReadTimeout><OriginSslProtocols>",
      )
      .replace("<Id>api</Id>", "<Id>heroku</Id>")
      .replace("<TargetOriginId>api<", "<TargetOriginId>heroku<");
    const next = settle(theirs, { ...WISHES, api: { ...API, secret: "three" } });
    expect(next.changes).toEqual(["/api/* goes to the API, uncached"]);
    expect(next.config).toBe(theirs.replace("one &amp; two", "three"));
    expect(settle(theirs, { ...WISHES, api: { ...API, secret: undefined } }).config).toBe(theirs);
  });

  it("put the API before a behaviour that would take its paths", () => {
    const greedy = setElement(bareDistributionConfig(), ["CacheBehaviors"], {
      xml: "<CacheBehaviors><Quantity>1</Quantity><Items><CacheBehavior><PathPattern>/*</PathPattern><TargetOriginId>s3</TargetOriginId></CacheBehavior></Items></CacheBehaviors>",
    });
    const { config } = settle(greedy, { ...WISHES, api: API });
    const patterns = itemsOf(config, ["CacheBehaviors"]).map((one) => fieldOf(one, "PathPattern"));
    expect(patterns).toEqual(["/api/*", "/*"]);
    expect(fieldOf(config, "CacheBehaviors", "Quantity")).toBe("2");
  });

  it("mend one setting when one was changed, and say which", () => {
    const right = settle(bareDistributionConfig(), WISHES).config;
    const wrong = setText(right, ["HttpVersion"], "http1.1");
    expect(settle(wrong, WISHES)).toEqual({ config: right, changes: ["HTTP/2 and HTTP/3 are on"] });
  });
});

describe("a bucket's domain", () => {
  it.each([
    ["example-site.s3.eu-west-1.amazonaws.com", true],
    ["example-site.s3.amazonaws.com", true],
    ["example-site.s3-eu-west-1.amazonaws.com", true],
    ["example-site.s3-website-eu-west-1.amazonaws.com", true],
    ["example-site.s3-website.eu-west-1.amazonaws.com", true],
    ["example-site.s3.cn-north-1.amazonaws.com.cn", true],
    ["example-site-2.s3.eu-west-1.amazonaws.com", false],
    ["www.example-site.s3.eu-west-1.amazonaws.com", false],
    ["example-site.s3.eu-west-1.amazonaws.com.evil.example", false],
    ["example.com", false],
  ])("%s: %s", (domain, expected) => {
    expect(isBucketDomain(domain, "example-site")).toBe(expected);
  });
});
