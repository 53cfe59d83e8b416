import { getBucketAcl, getObjectAcl, putBucketAcl, putObjectAcl } from "./acl.ts";
import {
  deleteBucketPolicy,
  getBucketPolicy,
  getBucketPolicyStatus,
  putBucketPolicy,
} from "./bucket-policy.ts";
import {
  deleteSetting,
  fixedDocument,
  getSetting,
  neverThere,
  putSetting,
} from "./bucket-settings.ts";
import { getBucketVersioning, putBucketVersioning } from "./bucket-versioning.ts";
import {
  createBucket,
  deleteBucket,
  getBucketLocation,
  headBucket,
  listBuckets,
} from "./buckets.ts";
import { completeMultipartUpload } from "./complete-upload.ts";
import { copyObject } from "./copy-object.ts";
import { deleteObject } from "./delete-object.ts";
import { deleteObjects } from "./delete-objects.ts";
import { getObject } from "./get-object.ts";
import { listObjects, listObjectsV2 } from "./list-objects.ts";
import { listMultipartUploads, listParts } from "./list-uploads.ts";
import { listObjectVersions } from "./list-versions.ts";
import { getObjectAttributes } from "./object-attributes.ts";
import { deleteObjectTagging, getObjectTagging, putObjectTagging } from "./object-tagging.ts";
import { putObject } from "./put-object.ts";
import type { S3Operation } from "./s3-call.ts";
import { uploadPart, uploadPartCopy } from "./upload-part.ts";
import { abortMultipartUpload, createMultipartUpload } from "./uploads.ts";
import { element, s3Document } from "./write-xml.ts";

/** Every operation that the edge has, by S3's name. */
export const OPERATIONS: Readonly<Record<string, S3Operation | undefined>> = {
  ListBuckets: listBuckets,
  CreateBucket: createBucket,
  HeadBucket: headBucket,
  DeleteBucket: deleteBucket,
  GetBucketLocation: getBucketLocation,

  ListObjects: listObjects,
  ListObjectsV2: listObjectsV2,
  ListObjectVersions: listObjectVersions,

  PutObject: putObject,
  GetObject: getObject,
  HeadObject: getObject,
  CopyObject: copyObject,
  DeleteObject: deleteObject,
  DeleteObjects: deleteObjects,
  GetObjectAttributes: getObjectAttributes,
  GetObjectTagging: getObjectTagging,
  PutObjectTagging: putObjectTagging,
  DeleteObjectTagging: deleteObjectTagging,

  CreateMultipartUpload: createMultipartUpload,
  UploadPart: uploadPart,
  UploadPartCopy: uploadPartCopy,
  CompleteMultipartUpload: completeMultipartUpload,
  AbortMultipartUpload: abortMultipartUpload,
  ListParts: listParts,
  ListMultipartUploads: listMultipartUploads,

  GetBucketVersioning: getBucketVersioning,
  PutBucketVersioning: putBucketVersioning,
  GetBucketPolicy: getBucketPolicy,
  PutBucketPolicy: putBucketPolicy,
  DeleteBucketPolicy: deleteBucketPolicy,
  GetBucketPolicyStatus: getBucketPolicyStatus,
  GetBucketAcl: getBucketAcl,
  PutBucketAcl: putBucketAcl,
  GetObjectAcl: getObjectAcl,
  PutObjectAcl: putObjectAcl,

  GetBucketCors: getSetting("cors"),
  PutBucketCors: putSetting("cors"),
  DeleteBucketCors: deleteSetting("cors"),
  GetBucketEncryption: getSetting("encryption"),
  PutBucketEncryption: putSetting("encryption"),
  DeleteBucketEncryption: deleteSetting("encryption"),
  GetBucketLifecycleConfiguration: getSetting("lifecycle"),
  PutBucketLifecycleConfiguration: putSetting("lifecycle"),
  DeleteBucketLifecycle: deleteSetting("lifecycle"),
  GetBucketLogging: getSetting("logging"),
  PutBucketLogging: putSetting("logging"),
  GetBucketNotificationConfiguration: getSetting("notification"),
  PutBucketNotificationConfiguration: putSetting("notification"),
  GetBucketOwnershipControls: getSetting("ownershipControls"),
  PutBucketOwnershipControls: putSetting("ownershipControls"),
  DeleteBucketOwnershipControls: deleteSetting("ownershipControls"),
  GetPublicAccessBlock: getSetting("publicAccessBlock"),
  PutPublicAccessBlock: putSetting("publicAccessBlock"),
  DeletePublicAccessBlock: deleteSetting("publicAccessBlock"),
  GetBucketTagging: getSetting("tagging"),
  PutBucketTagging: putSetting("tagging"),
  DeleteBucketTagging: deleteSetting("tagging"),
  GetBucketWebsite: getSetting("website"),
  PutBucketWebsite: putSetting("website"),
  DeleteBucketWebsite: deleteSetting("website"),

  GetBucketAccelerateConfiguration: fixedDocument(s3Document("AccelerateConfiguration", "")),
  GetBucketRequestPayment: fixedDocument(
    s3Document("RequestPaymentConfiguration", [element("Payer", "BucketOwner")]),
  ),
  GetBucketReplication: neverThere("ReplicationConfigurationNotFoundError"),
  GetObjectLockConfiguration: neverThere("ObjectLockConfigurationNotFoundError"),
};
