import {
  DeleteBucketCorsCommand,
  DeleteBucketLifecycleCommand,
  DeleteBucketPolicyCommand,
  DeleteObjectTaggingCommand,
  DeletePublicAccessBlockCommand,
  GetBucketAccelerateConfigurationCommand,
  GetBucketAclCommand,
  GetBucketCorsCommand,
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketLoggingCommand,
  GetBucketNotificationConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketPolicyStatusCommand,
  GetBucketReplicationCommand,
  GetBucketRequestPaymentCommand,
  GetBucketTaggingCommand,
  GetBucketWebsiteCommand,
  GetObjectAclCommand,
  GetObjectLockConfigurationCommand,
  GetObjectTaggingCommand,
  GetPublicAccessBlockCommand,
  PutBucketAccelerateConfigurationCommand,
  PutBucketAclCommand,
  PutBucketCorsCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutBucketWebsiteCommand,
  PutObjectAclCommand,
  PutObjectCommand,
  PutObjectTaggingCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { outcome, type S3Fixture, startS3 } from "./s3-fixture.ts";

let s3: S3Fixture;
let Bucket: string;

beforeAll(async () => {
  s3 = await startS3();
});
beforeEach(async () => {
  Bucket = await s3.bucket();
});
afterAll(() => s3.close());

describe("a new bucket", () => {
  test("blocks public access, has no ACLs and is encrypted", async () => {
    const { PublicAccessBlockConfiguration } = await s3.client.send(
      new GetPublicAccessBlockCommand({ Bucket }),
    );
    expect(PublicAccessBlockConfiguration).toEqual({
      BlockPublicAcls: true,
      IgnorePublicAcls: true,
      BlockPublicPolicy: true,
      RestrictPublicBuckets: true,
    });
    const { OwnershipControls } = await s3.client.send(
      new GetBucketOwnershipControlsCommand({ Bucket }),
    );
    expect(OwnershipControls?.Rules).toEqual([{ ObjectOwnership: "BucketOwnerEnforced" }]);
    const { ServerSideEncryptionConfiguration } = await s3.client.send(
      new GetBucketEncryptionCommand({ Bucket }),
    );
    expect(ServerSideEncryptionConfiguration?.Rules).toMatchObject([
      { ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } },
    ]);
  });

  test("says of everything else, in S3's words, that it is not there", async () => {
    const absent = [
      [new GetBucketPolicyCommand({ Bucket }), "404 NoSuchBucketPolicy"],
      [new GetBucketPolicyStatusCommand({ Bucket }), "404 NoSuchBucketPolicy"],
      [new GetBucketLifecycleConfigurationCommand({ Bucket }), "404 NoSuchLifecycleConfiguration"],
      [new GetBucketCorsCommand({ Bucket }), "404 NoSuchCORSConfiguration"],
      [new GetBucketWebsiteCommand({ Bucket }), "404 NoSuchWebsiteConfiguration"],
      [new GetBucketTaggingCommand({ Bucket }), "404 NoSuchTagSet"],
      [new GetBucketReplicationCommand({ Bucket }), "404 ReplicationConfigurationNotFoundError"],
      [
        new GetObjectLockConfigurationCommand({ Bucket }),
        "404 ObjectLockConfigurationNotFoundError",
      ],
      [new GetBucketLoggingCommand({ Bucket }), "ok"],
      [new GetBucketNotificationConfigurationCommand({ Bucket }), "ok"],
      [new GetBucketAccelerateConfigurationCommand({ Bucket }), "ok"],
      [new GetBucketRequestPaymentCommand({ Bucket }), "ok"],
    ] as const;
    for (const [command, answer] of absent) {
      expect(await outcome(s3.client.send(command as GetBucketCorsCommand))).toBe(answer);
    }
  });

  test("names what is not implemented", async () => {
    const command = new PutBucketAccelerateConfigurationCommand({
      Bucket,
      AccelerateConfiguration: { Status: "Enabled" },
    });
    await expect(s3.client.send(command)).rejects.toMatchObject({
      name: "NotImplemented",
      message: expect.stringContaining("PutBucketAccelerateConfiguration"),
    });
  });
});

describe("documents come back as they were sent", () => {
  test("lifecycle", async () => {
    const Rules = [
      {
        ID: "old versions",
        Status: "Enabled" as const,
        Filter: { Prefix: "" },
        NoncurrentVersionExpiration: { NoncurrentDays: 30, NewerNoncurrentVersions: 3 },
        AbortIncompleteMultipartUpload: { DaysAfterInitiation: 7 },
      },
    ];
    const LifecycleConfiguration = { Rules };
    await s3.client.send(
      new PutBucketLifecycleConfigurationCommand({ Bucket, LifecycleConfiguration }),
    );
    const found = await s3.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(found.Rules).toEqual(Rules);
    await s3.client.send(new DeleteBucketLifecycleCommand({ Bucket }));
    const gone = s3.client.send(new GetBucketLifecycleConfigurationCommand({ Bucket }));
    expect(await outcome(gone)).toBe("404 NoSuchLifecycleConfiguration");
  });

  test("cors", async () => {
    const CORSRules = [{ AllowedMethods: ["GET"], AllowedOrigins: ["https://example.com"] }];
    const CORSConfiguration = { CORSRules };
    await s3.client.send(new PutBucketCorsCommand({ Bucket, CORSConfiguration }));
    expect((await s3.client.send(new GetBucketCorsCommand({ Bucket }))).CORSRules).toEqual(
      CORSRules,
    );
    await s3.client.send(new DeleteBucketCorsCommand({ Bucket }));
    expect(await outcome(s3.client.send(new GetBucketCorsCommand({ Bucket })))).toMatch(/^404/);
  });

  test("website, encryption, tags, ownership and public access block", async () => {
    const WebsiteConfiguration = { IndexDocument: { Suffix: "index.html" } };
    await s3.client.send(new PutBucketWebsiteCommand({ Bucket, WebsiteConfiguration }));
    const website = await s3.client.send(new GetBucketWebsiteCommand({ Bucket }));
    expect(website.IndexDocument).toEqual({ Suffix: "index.html" });

    const Rules = [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" as const } }];
    await s3.client.send(
      new PutBucketEncryptionCommand({ Bucket, ServerSideEncryptionConfiguration: { Rules } }),
    );

    const TagSet = [{ Key: "k & k", Value: "<v>" }];
    await s3.client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } }));
    expect((await s3.client.send(new GetBucketTaggingCommand({ Bucket }))).TagSet).toEqual(TagSet);

    const OwnershipControls = { Rules: [{ ObjectOwnership: "BucketOwnerPreferred" as const }] };
    await s3.client.send(new PutBucketOwnershipControlsCommand({ Bucket, OwnershipControls }));

    const PublicAccessBlockConfiguration = { BlockPublicAcls: true, BlockPublicPolicy: false };
    await s3.client.send(
      new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration }),
    );
    const block = await s3.client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(block.PublicAccessBlockConfiguration).toMatchObject(PublicAccessBlockConfiguration);
    await s3.client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    const gone = s3.client.send(new GetPublicAccessBlockCommand({ Bucket }));
    expect(await outcome(gone)).toBe("404 NoSuchPublicAccessBlockConfiguration");
  });
});

describe("policies", () => {
  const statement = {
    Effect: "Allow",
    Action: "s3:GetObject",
    Resource: "arn:aws:s3:::b/*",
  };
  const forCdn = {
    Statement: [
      {
        ...statement,
        Principal: { Service: "cloudfront.amazonaws.com" },
        Condition: { StringEquals: { "AWS:SourceArn": "arn:aws:cloudfront::1:distribution/E1" } },
      },
    ],
  };
  const forAll = { Statement: [{ ...statement, Principal: "*" }] };
  const put = (policy: unknown) =>
    outcome(s3.client.send(new PutBucketPolicyCommand({ Bucket, Policy: JSON.stringify(policy) })));

  test("for the CDN are stored, returned and not public", async () => {
    expect(await put(forCdn)).toBe("ok");
    const { Policy } = await s3.client.send(new GetBucketPolicyCommand({ Bucket }));
    expect(JSON.parse(Policy ?? "")).toEqual(forCdn);
    const { PolicyStatus } = await s3.client.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(PolicyStatus?.IsPublic).toBe(false);
    await s3.client.send(new DeleteBucketPolicyCommand({ Bucket }));
    expect(await outcome(s3.client.send(new GetBucketPolicyCommand({ Bucket })))).toMatch(/^404/);
  });

  test("for everyone are refused while public policies are blocked", async () => {
    expect(await put(forAll)).toBe("403 AccessDenied");
    await s3.client.send(new DeletePublicAccessBlockCommand({ Bucket }));
    expect(await put(forAll)).toBe("ok");
    const { PolicyStatus } = await s3.client.send(new GetBucketPolicyStatusCommand({ Bucket }));
    expect(PolicyStatus?.IsPublic).toBe(true);
  });

  test("that are none are refused", async () => {
    expect(await put({ Statement: [{ Effect: "Perhaps" }] })).toBe("400 MalformedPolicy");
    expect(await put("text")).toBe("400 MalformedPolicy");
  });
});

describe("tags of objects", () => {
  test("are set with the object, read, replaced and removed", async () => {
    const Key = "a";
    const tags = () => s3.client.send(new GetObjectTaggingCommand({ Bucket, Key }));
    await s3.client.send(
      new PutObjectCommand({ Bucket, Key, Body: "x", Tagging: "a=1&b%20c=d%26e" }),
    );
    expect((await tags()).TagSet).toEqual([
      { Key: "a", Value: "1" },
      { Key: "b c", Value: "d&e" },
    ]);
    const TagSet = [{ Key: "é", Value: "😀" }];
    await s3.client.send(new PutObjectTaggingCommand({ Bucket, Key, Tagging: { TagSet } }));
    expect((await tags()).TagSet).toEqual(TagSet);
    await s3.client.send(new DeleteObjectTaggingCommand({ Bucket, Key }));
    expect((await tags()).TagSet).toEqual([]);
  });

  test("are at most ten, each once", async () => {
    const put = (Tagging: string) =>
      outcome(s3.client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x", Tagging })));
    const eleven = Array.from({ length: 11 }, (_, i) => `k${i}=v`).join("&");
    expect(await put(eleven)).toBe("400 InvalidTag");
    expect(await put("a=1&a=2")).toBe("400 InvalidTag");
    expect(await put(`${"k".repeat(129)}=v`)).toBe("400 InvalidTag");
  });
});

describe("access control lists", () => {
  test("give all to the owner and cannot be changed", async () => {
    await s3.client.send(new PutObjectCommand({ Bucket, Key: "a", Body: "x" }));
    const acl = await s3.client.send(new GetBucketAclCommand({ Bucket }));
    expect(acl.Grants).toMatchObject([{ Permission: "FULL_CONTROL" }]);
    const object = await s3.client.send(new GetObjectAclCommand({ Bucket, Key: "a" }));
    expect(object.Grants?.[0]?.Grantee).toMatchObject({ Type: "CanonicalUser", ID: acl.Owner?.ID });
    const bucketAcl = (ACL: "public-read" | "private") =>
      outcome(s3.client.send(new PutBucketAclCommand({ Bucket, ACL })));
    expect(await bucketAcl("public-read")).toBe("400 AccessControlListNotSupported");
    expect(await bucketAcl("private")).toBe("400 AccessControlListNotSupported");
    const AccessControlPolicy = { Owner: acl.Owner, Grants: acl.Grants };
    const same = new PutObjectAclCommand({ Bucket, Key: "a", AccessControlPolicy });
    expect(await outcome(s3.client.send(same))).toBe("ok");
  });
});

test("a status of versioning that is none is refused", async () => {
  const VersioningConfiguration = { Status: "Perhaps" as "Enabled" };
  const command = new PutBucketVersioningCommand({ Bucket, VersioningConfiguration });
  expect(await outcome(s3.client.send(command))).toBe("400 MalformedXML");
});
