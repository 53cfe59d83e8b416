import {
  type Bucket,
  type ChecksumAlgorithm,
  currentObject,
  type StoredObject,
} from "../storage/model.ts";
import type { Storage } from "../storage/storage.ts";
import { checksumElement, readAlgorithm } from "./checksum.ts";
import { type CopySource, findSource, readCopySource } from "./copy-source.ts";
import { ENCRYPTED } from "./object-answer.ts";
import {
  type ObjectDescription,
  readObjectHeaders,
  readStorageClass,
  refuseUnsupported,
} from "./object-headers.ts";
import { digestStored } from "./read-digests.ts";
import { LARGEST_BODY } from "./receive-body.ts";
import {
  bucketOf,
  isoTime,
  nowInSeconds,
  objectScope,
  type S3Answer,
  type S3Call,
  type S3Dependencies,
  type S3Operation,
  xmlAnswer,
} from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { readTagHeader } from "./tags.ts";
import { nextVersionId, versionHeader } from "./versions.ts";
import { checkWrite, readWriteCondition, type WriteCondition } from "./write-conditions.ts";
import { element, s3Document } from "./write-xml.ts";

type Copy = {
  readonly source: CopySource;
  readonly condition: WriteCondition;
  /** What was at the destination when the request came. */
  readonly before: StoredObject | undefined;
  readonly algorithm: ChecksumAlgorithm | undefined;
};

/**
 * S3-API CopyObject. The bytes are shared, not copied. The conditions on the source hold at the moment
 * of the commit: if the source changes while the copy is prepared, it is prepared again.
 */
export const copyObject: S3Operation = async (call, dependencies) => {
  const { storage } = dependencies;
  refuseUnsupported(call.headers);
  const copy: Copy = {
    source: readCopySource(call),
    condition: readWriteCondition(call.headers),
    before: currentObject(bucketOf(storage.buckets, call.bucket).keys.get(call.key)),
    algorithm: readAlgorithm(call.headers.get("x-amz-checksum-algorithm")),
  };
  for (;;) {
    const object = findSource(storage.buckets, copy.source, call);
    const release = storage.pin(object.segments);
    try {
      refuseCopy(call, copy.source, object);
      const answer = await commitCopy(call, dependencies, copy, object);
      if (answer !== undefined) return answer;
    } finally {
      release();
    }
  }
};

/** Undefined: the source is not that object any more. */
async function commitCopy(
  call: S3Call,
  { storage, clock }: S3Dependencies,
  copy: Copy,
  object: StoredObject,
): Promise<S3Answer | undefined> {
  const description = describe(call, object);
  const digests = await digestsOf(storage, object, copy.algorithm);
  const { source } = copy;
  return storage.commit<S3Answer | undefined>({
    touches: [
      ...new Set([objectScope(call.bucket, call.key), objectScope(source.bucket, source.key)]),
    ],
    decide(buckets) {
      if (findSource(buckets, source, call) !== object) return { commits: [], result: undefined };
      const bucket = bucketOf(buckets, call.bucket);
      checkWrite(copy.condition, currentObject(bucket.keys.get(call.key)), copy.before);
      const version: StoredObject = {
        kind: "object",
        versionId: nextVersionId(bucket, call.key, clock.now().getTime()),
        modified: nowInSeconds(clock),
        size: object.size,
        segments: object.segments,
        ...digests,
        ...description,
      };
      return {
        commits: [{ kind: "version-added", bucket: call.bucket, key: call.key, version }],
        result: copyAnswer({ buckets, bucket, source, object, version }),
      };
    },
  });
}

function describe(call: S3Call, object: StoredObject): ObjectDescription {
  const replacesMetadata = readDirective(call, "x-amz-metadata-directive") === "REPLACE";
  const replacesTags = readDirective(call, "x-amz-tagging-directive") === "REPLACE";
  const { "x-amz-website-redirect-location": _left, ...copied } = object.headers;
  const redirect = call.headers.get("x-amz-website-redirect-location");
  return {
    headers: replacesMetadata
      ? readObjectHeaders(call.headers)
      : {
          ...copied,
          ...(redirect === undefined ? {} : { "x-amz-website-redirect-location": redirect }),
        },
    storageClass: readStorageClass(call.headers) ?? "STANDARD",
    tags: replacesTags ? readTagHeader(call.headers.get("x-amz-tagging")) : object.tags,
  };
}

function readDirective(call: S3Call, name: string): "COPY" | "REPLACE" {
  const value = call.headers.get(name) ?? "COPY";
  if (value === "COPY" || value === "REPLACE") return value;
  const what = name === "x-amz-metadata-directive" ? "metadata" : "tagging";
  throw new S3Error("InvalidArgument", {
    message: `Unknown ${what} directive.`,
    details: { ArgumentName: name, ArgumentValue: value },
  });
}

/** A copy is a single part, whatever its source was; so digests over parts are made anew. */
async function digestsOf(
  storage: Storage,
  object: StoredObject,
  algorithm: ChecksumAlgorithm = object.checksum.algorithm,
): Promise<Pick<StoredObject, "etag" | "checksum">> {
  const isSimple = object.parts === undefined && object.checksum.algorithm === algorithm;
  if (isSimple) return { etag: object.etag, checksum: object.checksum };
  const { etag, checksum } = await digestStored(storage, object, algorithm);
  return { etag, checksum: { ...checksum, type: "FULL_OBJECT" } };
}

function refuseCopy(call: S3Call, source: CopySource, object: StoredObject): void {
  if (object.size > LARGEST_BODY) {
    throw new S3Error("InvalidRequest", {
      message: `The specified copy source is larger than the maximum allowable size for a copy source: ${LARGEST_BODY}`,
    });
  }
  const isSelf =
    source.bucket === call.bucket && source.key === call.key && source.versionId === undefined;
  if (isSelf && !changesObject(call, object)) {
    throw new S3Error("InvalidRequest", {
      message:
        "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.",
    });
  }
}

function changesObject({ headers }: S3Call, object: StoredObject): boolean {
  const storageClass = headers.get("x-amz-storage-class");
  return (
    headers.get("x-amz-metadata-directive") === "REPLACE" ||
    (storageClass !== undefined && storageClass !== object.storageClass) ||
    headers.has("x-amz-website-redirect-location") ||
    headers.has("x-amz-server-side-encryption")
  );
}

function copyAnswer(parts: {
  readonly buckets: ReadonlyMap<string, Bucket>;
  readonly bucket: Bucket;
  readonly source: CopySource;
  readonly object: StoredObject;
  readonly version: StoredObject;
}): S3Answer {
  const { buckets, bucket, source, object, version } = parts;
  const from = versionHeader(bucketOf(buckets, source.bucket), object.versionId)[
    "x-amz-version-id"
  ];
  return xmlAnswer(
    s3Document("CopyObjectResult", [
      element("LastModified", isoTime(version.modified)),
      element("ETag", `"${version.etag}"`),
      element(checksumElement(version.checksum.algorithm), version.checksum.value),
      element("ChecksumType", version.checksum.type),
    ]),
    {
      ...ENCRYPTED,
      ...versionHeader(bucket, version.versionId),
      ...(from === undefined ? {} : { "x-amz-copy-source-version-id": from }),
    },
  );
}
