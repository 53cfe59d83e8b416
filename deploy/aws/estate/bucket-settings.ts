import {
  GetBucketEncryptionCommand,
  GetBucketLifecycleConfigurationCommand,
  GetBucketOwnershipControlsCommand,
  GetBucketPolicyCommand,
  GetBucketTaggingCommand,
  GetBucketVersioningCommand,
  GetPublicAccessBlockCommand,
  type TransitionDefaultMinimumObjectSize,
} from "@aws-sdk/client-s3";
import type { BucketSettings, FoundEncryption } from "../../core/setup/estate.ts";
import { parseXml, sourceOf } from "../../core/setup/xml-edit.ts";
import { codeOf, toFailure } from "../failure.ts";
import type { BucketPlace } from "./bucket-estate.ts";
import { type RawDocument, withDocument } from "./raw-document.ts";

/** How S3 says that a bucket has no setting of that kind; each has a code of its own. */
const NOT_SET: ReadonlySet<string> = new Set([
  "NoSuchPublicAccessBlockConfiguration",
  "OwnershipControlsNotFoundError",
  "ServerSideEncryptionConfigurationNotFoundError",
  "NoSuchLifecycleConfiguration",
  "NoSuchBucketPolicy",
  "NoSuchTagSet",
]);

/** Reads every setting that Slipway has an opinion on. */
export async function readBucketSettings(place: BucketPlace): Promise<BucketSettings> {
  const [isPrivate, isOwnerEnforced, isVersioned, encryption, tags, lifecycle, policy] =
    await Promise.all([
      readPrivacy(place),
      readOwnership(place),
      readVersioning(place),
      readEncryption(place),
      readTags(place),
      readLifecycle(place),
      readPolicy(place),
    ]);
  return {
    isPrivate: isPrivate === true,
    isOwnerEnforced: isOwnerEnforced === true,
    isVersioned: isVersioned === true,
    encryption: encryption ?? { kind: "none" },
    tags: tags ?? {},
    lifecycle: lifecycle?.document,
    policy,
  };
}

export type FoundLifecycle = {
  readonly document: string;
  /** A setting of the whole configuration, which travels in a header and not in the document. */
  readonly smallest: TransitionDefaultMinimumObjectSize | undefined;
};

/** The lifecycle configuration as it is stored. */
export async function readLifecycle({
  client,
  bucket,
}: BucketPlace): Promise<FoundLifecycle | undefined> {
  return await read("GetLifecycleConfiguration", bucket, async () => {
    const document: RawDocument = { received: "" };
    const answer = await client.send(
      new GetBucketLifecycleConfigurationCommand({ Bucket: bucket, ...withDocument(document) }),
    );
    const root = parseXml(document.received);
    return {
      document: sourceOf(document.received, root),
      smallest: answer.TransitionDefaultMinimumObjectSize,
    };
  });
}

function readPrivacy({ client, bucket }: BucketPlace) {
  return read("GetBucketPublicAccessBlock", bucket, async () => {
    const answer = await client.send(new GetPublicAccessBlockCommand({ Bucket: bucket }));
    const { BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets } =
      answer.PublicAccessBlockConfiguration ?? {};
    return [BlockPublicAcls, BlockPublicPolicy, IgnorePublicAcls, RestrictPublicBuckets].every(
      Boolean,
    );
  });
}

function readOwnership({ client, bucket }: BucketPlace) {
  return read("GetBucketOwnershipControls", bucket, async () => {
    const answer = await client.send(new GetBucketOwnershipControlsCommand({ Bucket: bucket }));
    const [rule] = answer.OwnershipControls?.Rules ?? [];
    return rule?.ObjectOwnership === "BucketOwnerEnforced";
  });
}

function readVersioning({ client, bucket }: BucketPlace) {
  return read("GetBucketVersioning", bucket, async () => {
    const answer = await client.send(new GetBucketVersioningCommand({ Bucket: bucket }));
    return answer.Status === "Enabled";
  });
}

function readEncryption({ client, bucket }: BucketPlace) {
  return read("GetEncryptionConfiguration", bucket, async (): Promise<FoundEncryption> => {
    const answer = await client.send(new GetBucketEncryptionCommand({ Bucket: bucket }));
    const [rule] = answer.ServerSideEncryptionConfiguration?.Rules ?? [];
    const { SSEAlgorithm: algorithm, KMSMasterKeyID: key } =
      rule?.ApplyServerSideEncryptionByDefault ?? {};
    if (algorithm === undefined) return { kind: "none" };
    return algorithm === "AES256" ? { kind: "aes256" } : { kind: "kms", key };
  });
}

function readTags({ client, bucket }: BucketPlace) {
  return read("GetBucketTagging", bucket, async () => {
    const { TagSet = [] } = await client.send(new GetBucketTaggingCommand({ Bucket: bucket }));
    return Object.fromEntries(TagSet.map(({ Key = "", Value = "" }) => [Key, Value]));
  });
}

function readPolicy({ client, bucket }: BucketPlace) {
  return read("GetBucketPolicy", bucket, async () => {
    const { Policy } = await client.send(new GetBucketPolicyCommand({ Bucket: bucket }));
    return Policy;
  });
}

/** Undefined where the bucket has no such setting. */
async function read<Setting>(
  action: string,
  bucket: string,
  ask: () => Promise<Setting>,
): Promise<Setting | undefined> {
  try {
    return await ask();
  } catch (error) {
    if (NOT_SET.has(codeOf(error))) return undefined;
    throw toFailure(error, { action: `s3:${action}`, resource: `the bucket ${bucket}` });
  }
}
