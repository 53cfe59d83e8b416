import type { Bucket } from "../storage/model.ts";
import { changeSetting } from "./bucket-settings.ts";
import { isPublicPolicy, parsePolicy } from "./policy-status.ts";
import { childText, parseDocument } from "./read-xml.ts";
import { readBody } from "./receive-body.ts";
import { bucketOf, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { element, s3Document } from "./write-xml.ts";

const POLICY = "policy";
/** S3-UG "Bucket policies": 20 KB. */
const LARGEST_POLICY = 20 * 1024;

/** S3-API GetBucketPolicy: the text as it came. */
export const getBucketPolicy: S3Operation = async (call, { storage }) => {
  const text = policyOf(bucketOf(storage.buckets, call.bucket));
  return { status: 200, body: { kind: "json", text } };
};

/** S3-API GetBucketPolicyStatus. */
export const getBucketPolicyStatus: S3Operation = async (call, { storage }) => {
  const policy = parsePolicy(policyOf(bucketOf(storage.buckets, call.bucket)));
  const isPublic = policy !== undefined && isPublicPolicy(policy);
  return xmlAnswer(s3Document("PolicyStatus", [element("IsPublic", isPublic)]));
};

/** S3-API PutBucketPolicy. A public one is refused while the bucket blocks public policies. */
export const putBucketPolicy: S3Operation = async (call, { storage }) => {
  bucketOf(storage.buckets, call.bucket);
  const text = (await readBody(call, LARGEST_POLICY)).toString("utf8");
  const policy = parsePolicy(text);
  if (policy === undefined) throw new S3Error("MalformedPolicy");
  await changeSetting(storage, call.bucket, { setting: POLICY, value: text }, (bucket) => {
    if (blocksPublicPolicy(bucket) && isPublicPolicy(policy)) {
      throw new S3Error("AccessDenied", {
        message:
          "Public policies are prevented by the BlockPublicPolicy setting in Block Public Access.",
      });
    }
  });
  return { status: 204 };
};

/** S3-API DeleteBucketPolicy. */
export const deleteBucketPolicy: S3Operation = async (call, { storage }) => {
  await changeSetting(storage, call.bucket, { setting: POLICY });
  return { status: 204 };
};

function policyOf(bucket: Bucket): string {
  const text = bucket.settings.get(POLICY);
  if (text !== undefined) return text;
  throw new S3Error("NoSuchBucketPolicy", { details: { BucketName: bucket.name } });
}

function blocksPublicPolicy(bucket: Bucket): boolean {
  const text = bucket.settings.get("publicAccessBlock");
  if (text === undefined) return false;
  const configuration = parseDocument(text, "PublicAccessBlockConfiguration");
  return childText(configuration, "BlockPublicPolicy")?.trim().toLowerCase() === "true";
}
