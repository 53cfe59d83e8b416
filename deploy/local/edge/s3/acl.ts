import { OWNER_ACLS } from "./object-headers.ts";
import { ownerElement, SLIPWAY_OWNER } from "./owner.ts";
import { childrenOf, childText, parseDocument, type XmlNode } from "./read-xml.ts";
import { readBody } from "./receive-body.ts";
import { bucketOf, type S3Call, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { findObject } from "./versions.ts";
import { element, s3Document, type XmlElement } from "./write-xml.ts";

/**
 * Access control lists, as a bucket answers that has them switched off (BucketOwnerEnforced, S3-UG
 * "Controlling ownership of objects"): reading gives the owner full control, and writing anything else
 * is refused.
 */

const LARGEST_DOCUMENT = 64 * 1024;

/** S3-API GetBucketAcl. */
export const getBucketAcl: S3Operation = async (call, { storage }) => {
  bucketOf(storage.buckets, call.bucket);
  return xmlAnswer(ownerOnly());
};

/** S3-API GetObjectAcl. */
export const getObjectAcl: S3Operation = async (call, { storage }) => {
  findObject(bucketOf(storage.buckets, call.bucket), call.key, call.query.get("versionId"));
  return xmlAnswer(ownerOnly());
};

/** S3-API PutBucketAcl. No canned ACL is taken, `private` included. */
export const putBucketAcl: S3Operation = async (call, { storage }) => {
  bucketOf(storage.buckets, call.bucket);
  await refuseOtherAcl(call, new Set());
  return { status: 200 };
};

/** S3-API PutObjectAcl. */
export const putObjectAcl: S3Operation = async (call, { storage }) => {
  findObject(bucketOf(storage.buckets, call.bucket), call.key, call.query.get("versionId"));
  await refuseOtherAcl(call, OWNER_ACLS);
  return { status: 200 };
};

async function refuseOtherAcl(call: S3Call, accepted: ReadonlySet<string>): Promise<void> {
  const canned = call.headers.get("x-amz-acl") ?? "";
  const hasGrants = [...call.headers.keys()].some((name) => name.startsWith("x-amz-grant-"));
  const body = await readBody(call, LARGEST_DOCUMENT);
  const isOwnerOnly =
    !hasGrants &&
    (body.length > 0
      ? grantsOwnerOnly(parseDocument(body.toString("utf8"), "AccessControlPolicy"))
      : accepted.has(canned));
  if (!isOwnerOnly) throw new S3Error("AccessControlListNotSupported");
}

function grantsOwnerOnly(policy: XmlNode): boolean {
  const grants = childrenOf(policy, "AccessControlList").flatMap((list) =>
    childrenOf(list, "Grant"),
  );
  if (grants.length === 0) return false;
  return grants.every((grant) => {
    const grantee = childrenOf(grant, "Grantee")[0];
    return (
      grantee !== undefined &&
      childText(grantee, "ID") === SLIPWAY_OWNER.id &&
      childText(grant, "Permission") === "FULL_CONTROL"
    );
  });
}

function ownerOnly(): string {
  const grantee: XmlElement = {
    ...ownerElement(SLIPWAY_OWNER, "Grantee"),
    attributes: {
      "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
      "xsi:type": "CanonicalUser",
    },
  };
  return s3Document("AccessControlPolicy", [
    ownerElement(SLIPWAY_OWNER),
    element("AccessControlList", [
      element("Grant", [grantee, element("Permission", "FULL_CONTROL")]),
    ]),
  ]);
}
