import {
  type BucketLocationConstraint,
  CreateBucketCommand,
  PutBucketEncryptionCommand,
  PutBucketLifecycleConfigurationCommand,
  PutBucketOwnershipControlsCommand,
  PutBucketPolicyCommand,
  PutBucketTaggingCommand,
  PutBucketVersioningCommand,
  PutPublicAccessBlockCommand,
} from "@aws-sdk/client-s3";
import type { BucketAction } from "../../core/setup/steps.ts";
import { codeOf, toFailure } from "../failure.ts";
import type { BucketPlace } from "./bucket-estate.ts";
import { readLifecycle } from "./bucket-settings.ts";
import { withDocument } from "./raw-document.ts";

/** Does one thing to the bucket; doing it again changes nothing. */
export async function changeBucket(action: BucketAction, place: BucketPlace): Promise<void> {
  const { client, bucket: Bucket } = place;
  switch (action.kind) {
    case "create":
      await createBucket(place);
      return await changeBucket({ kind: "block-public-access" }, place);
    case "block-public-access":
      return await change("PutBucketPublicAccessBlock", place, () =>
        client.send(
          new PutPublicAccessBlockCommand({ Bucket, PublicAccessBlockConfiguration: ALL_BLOCKED }),
        ),
      );
    case "enforce-owner":
      return await change("PutBucketOwnershipControls", place, () =>
        client.send(
          new PutBucketOwnershipControlsCommand({
            Bucket,
            OwnershipControls: { Rules: [{ ObjectOwnership: "BucketOwnerEnforced" }] },
          }),
        ),
      );
    case "enable-versioning":
      return await change("PutBucketVersioning", place, () =>
        client.send(
          new PutBucketVersioningCommand({
            Bucket,
            VersioningConfiguration: { Status: "Enabled" },
          }),
        ),
      );
    case "encrypt":
      return await change("PutEncryptionConfiguration", place, () =>
        client.send(
          new PutBucketEncryptionCommand({
            Bucket,
            ServerSideEncryptionConfiguration: {
              Rules: [{ ApplyServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
            },
          }),
        ),
      );
    case "tag": {
      const TagSet = Object.entries(action.tags).map(([Key, Value]) => ({ Key, Value }));
      return await change("PutBucketTagging", place, () =>
        client.send(new PutBucketTaggingCommand({ Bucket, Tagging: { TagSet } })),
      );
    }
    case "lifecycle":
      return await putLifecycle(action.document, place);
    case "policy":
      return await change("PutBucketPolicy", place, () =>
        client.send(new PutBucketPolicyCommand({ Bucket, Policy: action.document })),
      );
  }
}

const ALL_BLOCKED = {
  BlockPublicAcls: true,
  BlockPublicPolicy: true,
  IgnorePublicAcls: true,
  RestrictPublicBuckets: true,
};

/** us-east-1 is the one region that must not be named (S3-API "CreateBucket"). */
async function createBucket(place: BucketPlace): Promise<void> {
  const { client, bucket, region } = place;
  const where =
    region === "us-east-1"
      ? {}
      : {
          CreateBucketConfiguration: { LocationConstraint: region as BucketLocationConstraint },
        };
  await change("CreateBucket", place, async () => {
    const command = new CreateBucketCommand({
      Bucket: bucket,
      ObjectOwnership: "BucketOwnerEnforced",
      ...where,
    });
    try {
      await client.send(command);
    } catch (error) {
      if (codeOf(error) !== "BucketAlreadyOwnedByYou") throw error;
    }
  });
}

async function putLifecycle(send: string, place: BucketPlace): Promise<void> {
  const { client, bucket } = place;
  const found = await readLifecycle(place);
  await change("PutLifecycleConfiguration", place, () =>
    client.send(
      new PutBucketLifecycleConfigurationCommand({
        Bucket: bucket,
        LifecycleConfiguration: { Rules: [] },
        TransitionDefaultMinimumObjectSize: found?.smallest,
        ...withDocument({ send, received: "" }),
      }),
    ),
  );
}

async function change(
  action: string,
  { bucket }: BucketPlace,
  send: () => Promise<unknown>,
): Promise<void> {
  try {
    await send();
  } catch (error) {
    throw toFailure(error, { action: `s3:${action}`, resource: `the bucket ${bucket}` });
  }
}
