import { changeSetting } from "./bucket-settings.ts";
import { childText, readDocument } from "./read-xml.ts";
import { bucketOf, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { VERSIONING, versioningOf } from "./versions.ts";
import { optional, s3Document } from "./write-xml.ts";

/** S3-API GetBucketVersioning: an empty document until versioning is first set. */
export const getBucketVersioning: S3Operation = async (call, { storage }) => {
  const versioning = versioningOf(bucketOf(storage.buckets, call.bucket));
  return xmlAnswer(
    s3Document(
      "VersioningConfiguration",
      optional("Status", versioning === "Off" ? undefined : versioning),
    ),
  );
};

/** S3-API PutBucketVersioning. Versioning can be suspended, but never taken away again. */
export const putBucketVersioning: S3Operation = async (call, { storage }) => {
  bucketOf(storage.buckets, call.bucket);
  const { node } = await readDocument(call, "VersioningConfiguration");
  const status = childText(node, "Status");
  if (childText(node, "MfaDelete") === "Enabled") {
    throw new S3Error("NotImplemented", {
      message: "The local edge does not implement MFA delete.",
    });
  }
  if (status !== "Enabled" && status !== "Suspended") throw new S3Error("MalformedXML");
  await changeSetting(storage, call.bucket, { setting: VERSIONING, value: status });
  return { status: 200 };
};
