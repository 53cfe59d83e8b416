import { readdir } from "node:fs/promises";
import { join } from "node:path";
import {
  CreateDistributionCommand,
  CreateDistributionWithTagsCommand,
  CreateInvalidationCommand,
  DeleteDistributionCommand,
  type Distribution,
  type DistributionConfig,
  GetDistributionCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
  ListTagsForResourceCommand,
  type Tag,
  UpdateDistributionCommand,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  type CloudFrontFixture,
  DELAY_MS,
  DEPLOYMENT_MS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";
import { listen, smuggle } from "../support/wire-bodies.ts";

let api: CloudFrontFixture;
beforeEach(async () => {
  api = await startCloudFront();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await api.close();
});

/** What CreateDistribution cannot do without (BC cloudfront). */
const MINIMAL: DistributionConfig = {
  CallerReference: "first",
  Comment: "",
  Enabled: true,
  Origins: {
    Quantity: 1,
    Items: [
      {
        Id: "bucket",
        DomainName: "mine.s3.eu-west-1.amazonaws.com",
        S3OriginConfig: { OriginAccessIdentity: "" },
      },
    ],
  },
  DefaultCacheBehavior: {
    TargetOriginId: "bucket",
    ViewerProtocolPolicy: "redirect-to-https",
    CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
  },
};

async function create(change: Partial<DistributionConfig> = {}) {
  const config = { ...MINIMAL, ...change };
  const answer = await api.client.send(
    new CreateDistributionCommand({ DistributionConfig: config }),
  );
  return { ...answer, made: made(answer.Distribution) };
}

async function createTagged(Items: Tag[], change: Partial<DistributionConfig> = {}) {
  const { Distribution } = await api.client.send(
    new CreateDistributionWithTagsCommand({
      DistributionConfigWithTags: {
        DistributionConfig: { ...MINIMAL, ...change },
        Tags: { Items },
      },
    }),
  );
  return made(Distribution);
}

async function update(Id: string, change: Partial<DistributionConfig>) {
  const { Distribution, ETag } = await api.client.send(new GetDistributionCommand({ Id }));
  const config = { ...made(Distribution).DistributionConfig, ...change } as DistributionConfig;
  return api.client.send(
    new UpdateDistributionCommand({ Id, IfMatch: ETag, DistributionConfig: config }),
  );
}

const remove = (Id: string, IfMatch: string | undefined) =>
  api.client.send(new DeleteDistributionCommand({ Id, IfMatch }));

async function ids() {
  const { DistributionList } = await api.client.send(new ListDistributionsCommand({}));
  return (DistributionList?.Items ?? []).map(({ Id }) => Id);
}

function made(distribution: Distribution | undefined) {
  if (distribution?.Id === undefined || distribution.DomainName === undefined) {
    throw new Error("no distribution");
  }
  return { ...distribution, Id: distribution.Id, DomainName: distribution.DomainName };
}

const refusal = (name: string, httpStatusCode: number) => ({ name, $metadata: { httpStatusCode } });

describe("CreateDistribution", () => {
  it("makes one more, under way at first and deployed a moment later", async () => {
    const { made: distribution, ETag, Location } = await create();
    expect(distribution).toMatchObject({
      Id: expect.stringMatching(/^E[A-Z0-9]{13}$/),
      ARN: `arn:aws:cloudfront::000000000000:distribution/${distribution.Id}`,
      DomainName: expect.stringMatching(/^d[a-z0-9]{13}\.cloudfront\.net$/),
      Status: "InProgress",
      InProgressInvalidationBatches: 0,
    });
    expect(Location).toMatch(new RegExp(`/distribution/${distribution.Id}$`));
    await api.clock.move(DEPLOYMENT_MS);
    api = await api.restart();
    const read = await api.client.send(new GetDistributionCommand({ Id: distribution.Id }));
    expect(read.ETag).toBe(ETag);
    expect(read.Distribution).toEqual({ ...distribution, Status: "Deployed" });
    expect(await ids()).toEqual([DISTRIBUTION, distribution.Id]);
  });

  it("tells what was left out as CloudFront does", async () => {
    const { made: distribution } = await create({
      CustomErrorResponses: { Quantity: 1, Items: [{ ErrorCode: 404 }] },
    });
    expect(distribution.DistributionConfig).toMatchObject({
      ...MINIMAL,
      Aliases: { Quantity: 0 },
      DefaultRootObject: "",
      HttpVersion: "http2",
      IsIPV6Enabled: false,
      PriceClass: "PriceClass_All",
      CacheBehaviors: { Quantity: 0 },
      ViewerCertificate: { CloudFrontDefaultCertificate: true, MinimumProtocolVersion: "TLSv1" },
      Origins: { Quantity: 1, Items: [{ ConnectionAttempts: 3, ConnectionTimeout: 10 }] },
      DefaultCacheBehavior: {
        Compress: false,
        AllowedMethods: {
          Quantity: 2,
          Items: ["HEAD", "GET"],
          CachedMethods: { Quantity: 2, Items: ["HEAD", "GET"] },
        },
        FunctionAssociations: { Quantity: 0 },
      },
      CustomErrorResponses: { Quantity: 1, Items: [{ ErrorCode: 404, ErrorCachingMinTTL: 10 }] },
    });
  });

  it("keeps what was said, the certificate of a domain among it", async () => {
    const wanted: DistributionConfig = {
      ...MINIMAL,
      Comment: 'a & b < "c"',
      HttpVersion: "http2and3",
      IsIPV6Enabled: true,
      Aliases: { Quantity: 2, Items: ["WWW.Example.com", "*.example.org"] },
      ViewerCertificate: {
        ACMCertificateArn: "arn:aws:acm:us-east-1:000000000000:certificate/none-such",
        SSLSupportMethod: "sni-only",
        MinimumProtocolVersion: "TLSv1.2_2021",
      },
      ViewerMtlsConfig: { Mode: "optional", TrustStoreConfig: { TrustStoreId: "ts" } },
    };
    const { made: distribution } = await create(wanted);
    expect(distribution.DistributionConfig).toMatchObject(wanted);
    expect(distribution.DistributionConfig?.ViewerCertificate).toEqual(wanted.ViewerCertificate);
  });

  it("keeps a field that nobody knows yet where it was, byte for byte", async () => {
    const novelty = "<Novelty><Inner> a &amp;amp; b </Inner><Empty></Empty></Novelty>";
    smuggle(api.client, novelty, "<Comment>");
    const texts = listen(api.client);
    const command = new CreateDistributionCommand({ DistributionConfig: MINIMAL });
    await api.client.send(command).catch(() => undefined);
    expect(texts.join()).toContain(`${novelty}<Comment>`);
  });

  it.each([
    ["another request", { Comment: "other" }],
    ["the same request", {}],
  ])(
    "refuses %s with a reference that was used, and names the one that has it",
    async (_request, changes) => {
      const { made: first } = await create();
      await expect(create(changes)).rejects.toMatchObject({
        ...refusal("DistributionAlreadyExists", 409),
        message: expect.stringContaining(first.Id),
      });
      expect(await ids()).toEqual([DISTRIBUTION, first.Id]);
    },
  );

  it("makes one of two equal requests at the same time", async () => {
    const both = await Promise.allSettled([create(), create()]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
  });

  const REFUSED: readonly (readonly [string, object, string, number])[] = [
    ["no caller reference", { CallerReference: undefined }, "InvalidArgument", 400],
    ["an empty caller reference", { CallerReference: "" }, "InvalidArgument", 400],
    [
      "the reference of the first one",
      { CallerReference: `slipway-${DISTRIBUTION}` },
      "DistributionAlreadyExists",
      409,
    ],
    ["no comment", { Comment: undefined }, "MalformedXML", 400],
    ["no word on whether it is enabled", { Enabled: undefined }, "MalformedXML", 400],
    ["no default behavior", { DefaultCacheBehavior: undefined }, "InvalidArgument", 400],
    ["no origins", { Origins: { Quantity: 0, Items: [] } }, "InvalidArgument", 400],
    [
      "a quantity that is not that of the items",
      { Origins: { ...MINIMAL.Origins, Quantity: 2 } },
      "InconsistentQuantities",
      400,
    ],
    [
      "a behavior without a cache policy",
      { DefaultCacheBehavior: { ...MINIMAL.DefaultCacheBehavior, CachePolicyId: undefined } },
      "InvalidArgument",
      400,
    ],
    [
      "a function that is not there",
      {
        DefaultCacheBehavior: {
          ...MINIMAL.DefaultCacheBehavior,
          FunctionAssociations: {
            Quantity: 1,
            Items: [{ EventType: "viewer-request", FunctionARN: "arn:aws:cloudfront::0:x" }],
          },
        },
      },
      "InvalidFunctionAssociation",
      400,
    ],
    [
      "an alias that is no name",
      { Aliases: { Quantity: 1, Items: ["a b.example"] } },
      "InvalidArgument",
      400,
    ],
    [
      "a star inside an alias",
      { Aliases: { Quantity: 1, Items: ["a.*.example"] } },
      "InvalidArgument",
      400,
    ],
    ["an address", { Aliases: { Quantity: 1, Items: ["127.0.0.1"] } }, "InvalidArgument", 400],
    [
      "more aliases than there may be",
      {
        Aliases: {
          Quantity: 101,
          Items: Array.from({ length: 101 }, (_, index) => `a${index}.example.com`),
        },
      },
      "TooManyDistributionCNAMEs",
      400,
    ],
  ];

  it.each(REFUSED)("refuses %s, and makes nothing", async (_rule, change, name, status) => {
    await expect(create(change)).rejects.toMatchObject(refusal(name, status));
    expect(await ids()).toEqual([DISTRIBUTION]);
  });
});

describe("an alias", () => {
  const aliases = (...Items: string[]) => ({ Aliases: { Quantity: Items.length, Items } });
  const taken = refusal("CNAMEAlreadyExists", 409);

  it("belongs to one distribution, in whatever case it is written", async () => {
    const { made: first } = await create(aliases("www.example.com"));
    const other = { CallerReference: "second", ...aliases("WWW.example.COM") };
    await expect(create(other)).rejects.toMatchObject(taken);
    await expect(update(DISTRIBUTION, aliases("www.example.com"))).rejects.toMatchObject(taken);
    await update(first.Id, aliases("www.example.com", "example.com"));
    await update(first.Id, aliases("example.com"));
    await create(other);
  });

  it("may lie below the star of another distribution", async () => {
    const { made: first } = await create(aliases("*.example.com"));
    const { made: second } = await create({
      CallerReference: "second",
      ...aliases("www.example.com"),
    });
    expect(api.live("www.example.com").id).toBe(second.Id);
    expect(api.live("shop.example.com").id).toBe(first.Id);
  });
});

describe("viewers reach", () => {
  it("each distribution by its names, and the first one by all others", async () => {
    const { made: distribution } = await create({
      Aliases: { Quantity: 2, Items: ["Example.com", "*.example.com"] },
    });
    const hosts = {
      [distribution.DomainName]: distribution.Id,
      "example.com": distribution.Id,
      "EXAMPLE.com:8788": distribution.Id,
      "a.b.example.com.": distribution.Id,
      "notexample.com": DISTRIBUTION,
      "example.com.evil": DISTRIBUTION,
      localhost: DISTRIBUTION,
      "127.0.0.1:8788": DISTRIBUTION,
      "[::1]:8788": DISTRIBUTION,
      "": DISTRIBUTION,
    };
    const found = Object.keys(hosts).map((host) => [host, api.live(host).id]);
    expect(Object.fromEntries(found)).toEqual(hosts);
    expect(api.live().id).toBe(DISTRIBUTION);
    expect(api.live("example.com").domainName).toBe(distribution.DomainName);
  });

  it("the same value until something changes, and never a deleted one", async () => {
    const { made: distribution } = await create();
    const host = distribution.DomainName;
    const before = api.live(host);
    expect(api.live(host)).toBe(before);
    const { ETag } = await update(distribution.Id, { Enabled: false });
    expect(api.live(host).enabled).toBe(false);
    await api.clock.move(DEPLOYMENT_MS);
    await remove(distribution.Id, ETag);
    expect(api.live(host).id).toBe(DISTRIBUTION);
  });
});

describe("DeleteDistribution", () => {
  it("takes a disabled one away, its tags too, once that is deployed", async () => {
    const distribution = await createTagged([{ Key: "a", Value: "b" }]);
    await api.clock.move(DEPLOYMENT_MS);
    const { ETag } = await api.client.send(new GetDistributionCommand({ Id: distribution.Id }));
    const notYet = refusal("DistributionNotDisabled", 409);
    await expect(remove(distribution.Id, ETag)).rejects.toMatchObject(notYet);
    const { ETag: disabled } = await update(distribution.Id, { Enabled: false });
    await expect(remove(distribution.Id, disabled)).rejects.toMatchObject(notYet);
    await api.clock.move(DEPLOYMENT_MS);
    await expect(remove(distribution.Id, ETag)).rejects.toMatchObject(
      refusal("PreconditionFailed", 412),
    );
    await expect(remove(distribution.Id, undefined)).rejects.toMatchObject(
      refusal("InvalidIfMatchVersion", 400),
    );
    await remove(distribution.Id, disabled);
    expect(await ids()).toEqual([DISTRIBUTION]);
    expect(await readdir(join(api.folder, "cloudfront", "tags"))).toEqual([]);
    await expect(
      api.client.send(new ListTagsForResourceCommand({ Resource: distribution.ARN })),
    ).rejects.toMatchObject(refusal("NoSuchResource", 404));
    await expect(remove(distribution.Id, disabled)).rejects.toMatchObject(
      refusal("NoSuchDistribution", 404),
    );
    api = await api.restart();
    expect(await ids()).toEqual([DISTRIBUTION]);
  });

  it("leaves the one that the edge starts with", async () => {
    const { ETag } = await update(DISTRIBUTION, { Enabled: false });
    await api.clock.move(DEPLOYMENT_MS);
    await expect(remove(DISTRIBUTION, ETag)).rejects.toMatchObject(refusal("NotImplemented", 501));
  });
});

describe("CreateDistributionWithTags", () => {
  const tagsOf = async (Resource: string | undefined) =>
    (await api.client.send(new ListTagsForResourceCommand({ Resource }))).Tags?.Items;

  it("tags what it makes, and not what was there", async () => {
    const distribution = await createTagged([{ Key: "site", Value: "naked coders" }]);
    expect(await tagsOf(distribution.ARN)).toEqual([{ Key: "site", Value: "naked coders" }]);
    await expect(createTagged([{ Key: "other", Value: "" }])).rejects.toMatchObject(
      refusal("DistributionAlreadyExists", 409),
    );
    expect(await tagsOf(distribution.ARN)).toEqual([{ Key: "site", Value: "naked coders" }]);
  });

  it("makes nothing if the tags are refused", async () => {
    await expect(createTagged([{ Key: "aws:x", Value: "" }])).rejects.toMatchObject(
      refusal("InvalidTagging", 400),
    );
    expect(await ids()).toEqual([DISTRIBUTION]);
  });
});

describe("invalidations", () => {
  const invalidate = async (DistributionId: string, CallerReference: string, Items: string[]) => {
    const { Invalidation } = await api.client.send(
      new CreateInvalidationCommand({
        DistributionId,
        InvalidationBatch: { CallerReference, Paths: { Quantity: Items.length, Items } },
      }),
    );
    return Invalidation?.Id;
  };
  const wildcards = Array.from({ length: 15 }, (_, index) => `/${index}/*`);

  it("are each distribution's own: references, limits, lists and counts", async () => {
    const { made: distribution } = await create();
    const first = await invalidate(DISTRIBUTION, "r", wildcards);
    const second = await invalidate(distribution.Id, "r", ["/other/*"]);
    await invalidate(distribution.Id, "s", wildcards.slice(1));
    await expect(invalidate(distribution.Id, "t", ["/x/*"])).rejects.toMatchObject({
      name: "TooManyInvalidationsInProgress",
    });
    const listed = await api.client.send(
      new ListInvalidationsCommand({ DistributionId: DISTRIBUTION }),
    );
    expect(listed.InvalidationList?.Items?.map(({ Id }) => Id)).toEqual([first]);
    const strangers = new GetInvalidationCommand({ DistributionId: DISTRIBUTION, Id: second });
    await expect(api.client.send(strangers)).rejects.toMatchObject(
      refusal("NoSuchInvalidation", 404),
    );
    const { Distribution } = await api.client.send(
      new GetDistributionCommand({ Id: distribution.Id }),
    );
    expect(Distribution?.InProgressInvalidationBatches).toBe(2);
  });

  it("take effect where they were asked for, after a restart too", async () => {
    const { made: distribution } = await create();
    await invalidate(distribution.Id, "r", ["/a"]);
    api = await api.restart();
    await api.clock.move(DELAY_MS);
    expect(api.effects).toEqual([["/a"]]);
    expect(api.invalidated).toEqual([distribution.Id]);
  });
});
