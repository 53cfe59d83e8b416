import { element, s3Document } from "./write-xml.ts";

/** What a new bucket has without being asked (S3-UG "Blocking public access", "Object ownership"). */

export function defaultOwnership(ownership: string): string {
  return s3Document("OwnershipControls", [
    element("Rule", [element("ObjectOwnership", ownership)]),
  ]);
}

export function defaultPublicAccessBlock(): string {
  const names = [
    "BlockPublicAcls",
    "IgnorePublicAcls",
    "BlockPublicPolicy",
    "RestrictPublicBuckets",
  ];
  return s3Document(
    "PublicAccessBlockConfiguration",
    names.map((name) => element(name, true)),
  );
}

/** SSE-S3, which every bucket has since January 2023 (S3-UG "Default encryption"). */
export function defaultEncryption(): string {
  return s3Document("ServerSideEncryptionConfiguration", [
    element("Rule", [
      element("ApplyServerSideEncryptionByDefault", [element("SSEAlgorithm", "AES256")]),
      element("BucketKeyEnabled", false),
    ]),
  ]);
}
