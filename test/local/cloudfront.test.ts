import { join } from "node:path";
import {
  CreateCachePolicyCommand,
  CreateInvalidationCommand,
  GetDistributionCommand,
  GetDistributionConfigCommand,
  GetInvalidationCommand,
  ListDistributionsCommand,
  ListInvalidationsCommand,
  paginateListInvalidations,
} from "@aws-sdk/client-cloudfront";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Invalidation } from "../../deploy/local/edge/cloudfront/invalidations.ts";
import { openRecordFiles } from "../../deploy/local/edge/cloudfront/record-files.ts";
import {
  type CloudFrontFixture,
  DELAY_MS,
  DISTRIBUTION,
  startCloudFront,
} from "../support/cloudfront-fixture.ts";

let api: CloudFrontFixture;
beforeEach(async () => {
  api = await startCloudFront();
});
afterEach(async () => {
  expect(api.faults).toEqual([]);
  await api.close();
});

let references = 0;

/** The statuses on disk, which are what a restart would find. */
async function savedStatuses(): Promise<ReadonlySet<string>> {
  const { saved } = await openRecordFiles<Invalidation>(join(api.folder, "invalidations"));
  return new Set(saved.map(({ status }) => status));
}

function invalidate(
  paths: readonly string[],
  { reference = `ref-${++references}`, quantity = paths.length, distribution = DISTRIBUTION } = {},
) {
  return api.client.send(
    new CreateInvalidationCommand({
      DistributionId: distribution,
      InvalidationBatch: {
        CallerReference: reference,
        Paths: { Quantity: quantity, Items: [...paths] },
      },
    }),
  );
}

const get = (id: string) =>
  api.client.send(new GetInvalidationCommand({ DistributionId: DISTRIBUTION, Id: id }));

const list = (input: { readonly Marker?: string; readonly MaxItems?: number } = {}) =>
  api.client.send(new ListInvalidationsCommand({ DistributionId: DISTRIBUTION, ...input }));

const numbered = (count: number, suffix = "") =>
  Array.from({ length: count }, (_, i) => `/${i}${suffix}`);

describe("the distribution", () => {
  it("is the only one listed", async () => {
    const { DistributionList } = await api.client.send(new ListDistributionsCommand({}));
    expect(DistributionList).toMatchObject({ Quantity: 1, IsTruncated: false, MaxItems: 100 });
    expect(DistributionList?.Items).toHaveLength(1);
    expect(DistributionList?.Items?.[0]).toMatchObject({
      Id: DISTRIBUTION,
      ARN: `arn:aws:cloudfront::000000000000:distribution/${DISTRIBUTION}`,
      Status: "Deployed",
      DomainName: "127.0.0.1:8788",
      Enabled: true,
      Origins: { Quantity: 1, Items: [{ DomainName: "bucket.s3.eu-west-1.amazonaws.com" }] },
    });
  });

  it("says what the edge does, as a complete configuration with an ETag", async () => {
    const answer = await api.client.send(new GetDistributionConfigCommand({ Id: DISTRIBUTION }));
    expect(answer.ETag).toMatch(/^E[0-9A-F]{13}$/);
    expect(answer.DistributionConfig).toMatchObject({
      CallerReference: expect.any(String),
      DefaultRootObject: "index.html",
      Aliases: { Quantity: 0 },
      DefaultCacheBehavior: {
        Compress: true,
        CachePolicyId: "658327ea-f89d-4fab-a63d-7e88639e58f6",
        AllowedMethods: {
          Items: ["GET", "HEAD", "OPTIONS"],
          CachedMethods: { Items: ["GET", "HEAD"] },
        },
      },
      CustomErrorResponses: {
        Items: [
          {
            ErrorCode: 404,
            ResponsePagePath: "/404.html",
            ResponseCode: "404",
            ErrorCachingMinTTL: 10,
          },
        ],
      },
      Origins: { Items: [{ S3OriginConfig: { OriginAccessIdentity: "" } }] },
    });
  });

  it("is told with its configuration, the same ETag and the invalidations in progress", async () => {
    await invalidate(["/a"]);
    const [whole, config] = await Promise.all([
      api.client.send(new GetDistributionCommand({ Id: DISTRIBUTION })),
      api.client.send(new GetDistributionConfigCommand({ Id: DISTRIBUTION })),
    ]);
    expect(whole.ETag).toBe(config.ETag);
    expect(whole.Distribution?.DistributionConfig).toEqual(config.DistributionConfig);
    expect(whole.Distribution).toMatchObject({
      Status: "Deployed",
      InProgressInvalidationBatches: 1,
      LastModifiedTime: new Date("2026-03-01T12:00:00Z"),
    });
  });

  it("is the only one there is", async () => {
    const wanted = { name: "NoSuchDistribution", $metadata: { httpStatusCode: 404 } };
    const input = { DistributionId: "EOTHER", Id: "I1" };
    await expect(
      api.client.send(new GetDistributionCommand({ Id: "EOTHER" })),
    ).rejects.toMatchObject(wanted);
    await expect(api.client.send(new GetInvalidationCommand(input))).rejects.toMatchObject(wanted);
    await expect(invalidate(["/a"], { distribution: "EOTHER" })).rejects.toMatchObject(wanted);
  });
});

describe("an invalidation", () => {
  it("is in progress until its delay is over, and completed as it takes effect", async () => {
    const { Invalidation, Location, $metadata } = await invalidate(["/a/index.html", "/b/*"]);
    const id = Invalidation?.Id ?? "";
    expect($metadata.httpStatusCode).toBe(201);
    expect(Location).toMatch(
      new RegExp(`/2020-05-31/distribution/${DISTRIBUTION}/invalidation/${id}$`),
    );
    expect(Invalidation).toMatchObject({
      Id: expect.stringMatching(/^I[0-9A-Z]+$/),
      Status: "InProgress",
      CreateTime: api.clock.now(),
      InvalidationBatch: { Paths: { Quantity: 2, Items: ["/a/index.html", "/b/*"] } },
    });
    await api.clock.move(DELAY_MS - 1);
    expect((await get(id)).Invalidation?.Status).toBe("InProgress");
    expect(api.effects).toEqual([]);
    await api.clock.move(1);
    expect(api.effects).toEqual([["/a/index.html", "/b/*"]]);
    expect((await get(id)).Invalidation?.Status).toBe("Completed");
  });

  it("keeps its paths as they were sent", async () => {
    const paths = ["/a&b", "/it's", "/caf%C3%A9", "/x?y=1&z=2", "/*"];
    const { Invalidation } = await invalidate(paths, { reference: '<&">' });
    const again = await get(Invalidation?.Id ?? "");
    expect(again.Invalidation?.InvalidationBatch).toEqual({
      CallerReference: '<&">',
      Paths: { Quantity: paths.length, Items: paths },
    });
  });

  it("may name cache tags among its paths, which count as one path each", async () => {
    const items = ["/a", "#Blog-1", "#x:y/z"];
    const { Invalidation } = await invalidate(items);
    await api.clock.move(DELAY_MS);
    expect(api.effects).toEqual([items]);
    const again = await get(Invalidation?.Id ?? "");
    expect(again.Invalidation?.InvalidationBatch?.Paths?.Items).toEqual(items);
    await invalidate([...numbered(2_999), "#one"]);
    await expect(invalidate(["#two"])).rejects.toMatchObject({
      name: "TooManyInvalidationsInProgress",
    });
  });

  it("is given again for the same reference and paths, in any order, and takes effect once", async () => {
    const first = await invalidate(["/a", "/b"], { reference: "same" });
    const second = await invalidate(["/b", "/a"], { reference: "same" });
    expect(second.$metadata.httpStatusCode).toBe(201);
    expect(second.Invalidation).toEqual(first.Invalidation);
    await api.clock.move(DELAY_MS);
    expect(api.effects).toHaveLength(1);
    expect((await invalidate(["/a", "/b"], { reference: "same" })).Invalidation).toMatchObject({
      Id: first.Invalidation?.Id,
      Status: "Completed",
    });
  });

  it("is one even when the same request comes twice at once", async () => {
    const [first, second] = await Promise.all([
      invalidate(["/a"], { reference: "twice" }),
      invalidate(["/a"], { reference: "twice" }),
    ]);
    expect(second.Invalidation?.Id).toBe(first.Invalidation?.Id);
    expect((await list()).InvalidationList?.Quantity).toBe(1);
  });

  it("is refused for a reference that was used with other paths", async () => {
    await invalidate(["/a"], { reference: "same" });
    await expect(invalidate(["/b"], { reference: "same" })).rejects.toMatchObject({
      name: "InvalidationBatchAlreadyExists",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("that nobody created is not found", async () => {
    await expect(get("INOTHING")).rejects.toMatchObject({
      name: "NoSuchInvalidation",
      $metadata: { httpStatusCode: 404 },
    });
  });

  it.each([
    ["a path without its slash", ["/a", "b"], "InvalidArgument", 400],
    ["a path of 4,001 characters", [`/${"a".repeat(4_000)}`], "InvalidArgument", 400],
    ["a raw space", ["/a b"], "InvalidArgument", 400],
    ["a raw tilde", ["/a~b.js"], "InvalidArgument", 400],
    ["a tag without its name", ["#"], "InvalidArgument", 400],
    ["a tag with a wildcard", ["#a*"], "InvalidArgument", 400],
    ["a tag of 257 characters", [`#${"a".repeat(257)}`], "InvalidArgument", 400],
    ["two tags in one", ["#a,b"], "InvalidArgument", 400],
    ["no path at all", [], "InvalidArgument", 400],
    ["more than 3,000 paths", numbered(3_001), "BatchTooLarge", 413],
    ["more than 15 wildcards", numbered(16, "*"), "TooManyInvalidationsInProgress", 400],
  ])("is refused for %s", async (_rule, paths, name, httpStatusCode) => {
    await expect(invalidate(paths)).rejects.toMatchObject({ name, $metadata: { httpStatusCode } });
    expect((await list()).InvalidationList?.Quantity).toBe(0);
  });

  it.each([
    ["fewer", 1],
    ["more", 3],
    ["negative", -2],
  ])("is refused when Quantity is not the number of its items: %s", async (_rule, quantity) => {
    await expect(invalidate(["/a", "/b"], { quantity })).rejects.toMatchObject({
      name: "InconsistentQuantities",
      $metadata: { httpStatusCode: 400 },
    });
  });

  it("waits its turn while 3,000 paths or 15 wildcards are in progress, counted apart", async () => {
    await invalidate(numbered(3_000));
    await invalidate(numbered(15, "*"));
    const full = { name: "TooManyInvalidationsInProgress", $metadata: { httpStatusCode: 400 } };
    await expect(invalidate(["/one-more"])).rejects.toMatchObject(full);
    await expect(invalidate(["/one-more/*"])).rejects.toMatchObject(full);
    await api.clock.move(DELAY_MS);
    await invalidate(["/one-more", "/one-more/*"]);
  });
});

describe("the list of invalidations", () => {
  it("is empty at first", async () => {
    expect((await list()).InvalidationList).toMatchObject({ Quantity: 0, IsTruncated: false });
  });

  it("has the newest first, page by page", async () => {
    const ids: (string | undefined)[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await invalidate([`/${i}`])).Invalidation?.Id);
    const found: (string | undefined)[][] = [];
    const pages = paginateListInvalidations(
      { client: api.client, pageSize: 2 },
      { DistributionId: DISTRIBUTION },
    );
    for await (const { InvalidationList } of pages) {
      found.push((InvalidationList?.Items ?? []).map(({ Id }) => Id));
      expect(InvalidationList?.MaxItems).toBe(2);
    }
    expect(found).toEqual([ids.slice(0, 2), ids.slice(2, 4), ids.slice(4)]);
  });

  it("is not truncated when its last page is full", async () => {
    for (let i = 0; i < 2; i++) await invalidate([`/${i}`]);
    const { InvalidationList } = await list({ MaxItems: 2 });
    expect(InvalidationList).toMatchObject({ Quantity: 2, IsTruncated: false });
    expect(InvalidationList?.NextMarker).toBeUndefined();
  });

  it("refuses a marker and a size that make no sense", async () => {
    await expect(list({ Marker: "INOTHING" })).rejects.toMatchObject({ name: "InvalidArgument" });
    await expect(list({ MaxItems: 0 })).rejects.toMatchObject({ name: "InvalidArgument" });
  });
});

describe("after a restart", () => {
  it("invalidations are the same, in the same order", async () => {
    for (let i = 0; i < 12; i++) await invalidate([`/${i}`], { reference: `r${i}` });
    await api.clock.move(DELAY_MS);
    const before = (await list()).InvalidationList;
    await expect.poll(async () => (await savedStatuses()).has("InProgress")).toBe(false);
    api = await api.restart();
    expect((await list()).InvalidationList).toEqual(before);
    const again = await invalidate(["/3"], { reference: "r3" });
    expect(again.Invalidation?.Id).toBe(before?.Items?.at(-4)?.Id);
    const newest = await invalidate(["/new"]);
    expect((await list()).InvalidationList?.Items?.[0]?.Id).toBe(newest.Invalidation?.Id);
  });

  it("one that was in progress completes", async () => {
    const { Invalidation } = await invalidate(["/a"]);
    api = await api.restart();
    expect((await get(Invalidation?.Id ?? "")).Invalidation?.Status).toBe("InProgress");
    await api.clock.move(DELAY_MS);
    expect((await get(Invalidation?.Id ?? "")).Invalidation?.Status).toBe("Completed");
    expect(api.effects).toEqual([["/a"]]);
  });
});

describe("an operation that the edge lacks", () => {
  it("is answered with 501 and its name", async () => {
    const create = new CreateCachePolicyCommand({
      CachePolicyConfig: { Name: "mine", MinTTL: 0 },
    });
    await expect(api.client.send(create)).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("CreateCachePolicy"),
      $metadata: { httpStatusCode: 501 },
    });
  });
});
