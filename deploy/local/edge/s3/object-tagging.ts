import type { Tag } from "../storage/model.ts";
import { readDocument } from "./read-xml.ts";
import {
  bucketOf,
  objectScope,
  type S3Call,
  type S3Dependencies,
  type S3Operation,
  xmlAnswer,
} from "./s3-call.ts";
import { readTagging, taggingDocument } from "./tags.ts";
import { findObject, versionHeader } from "./versions.ts";

/** S3-API GetObjectTagging: an empty set when the object has no tags. */
export const getObjectTagging: S3Operation = async (call, { storage }) => {
  const bucket = bucketOf(storage.buckets, call.bucket);
  const object = findObject(bucket, call.key, call.query.get("versionId"));
  return xmlAnswer(taggingDocument(object.tags), versionHeader(bucket, object.versionId));
};

/** S3-API PutObjectTagging: the set replaces the one before; the object keeps its time. */
export const putObjectTagging: S3Operation = async (call, dependencies) => {
  findObject(
    bucketOf(dependencies.storage.buckets, call.bucket),
    call.key,
    call.query.get("versionId"),
  );
  const { node } = await readDocument(call, "Tagging");
  return { status: 200, headers: await commitTags(call, dependencies, readTagging(node)) };
};

/** S3-API DeleteObjectTagging. */
export const deleteObjectTagging: S3Operation = async (call, dependencies) => ({
  status: 204,
  headers: await commitTags(call, dependencies, []),
});

function commitTags(
  call: S3Call,
  { storage }: S3Dependencies,
  tags: readonly Tag[],
): Promise<Readonly<Record<string, string>>> {
  const { bucket: name, key } = call;
  return storage.commit({
    touches: [objectScope(name, key)],
    decide(buckets) {
      const bucket = bucketOf(buckets, name);
      const { versionId } = findObject(bucket, key, call.query.get("versionId"));
      return {
        commits: [{ kind: "version-tagged", bucket: name, key, versionId, tags }],
        result: versionHeader(bucket, versionId),
      };
    },
  });
}
