import { currentObject, type StoredObject } from "../storage/model.ts";
import { checksumHeaders, ENCRYPTED } from "./object-answer.ts";
import { readDescription } from "./object-headers.ts";
import { stageBody } from "./receive-body.ts";
import { bucketOf, nowInSeconds, objectScope, type S3Operation } from "./s3-call.ts";
import { nextVersionId, versionHeader } from "./versions.ts";
import { checkWrite, readWriteCondition } from "./write-conditions.ts";

/** S3-API PutObject. The condition is checked before the body is read, and again as it commits. */
export const putObject: S3Operation = async (call, { storage, clock }) => {
  const description = readDescription(call.headers);
  const condition = readWriteCondition(call.headers);
  const before = currentObject(bucketOf(storage.buckets, call.bucket).keys.get(call.key));
  checkWrite(condition, before, undefined);
  const body = await stageBody(call, storage);

  return storage.commit({
    touches: [objectScope(call.bucket, call.key)],
    staged: body.segments,
    decide(buckets) {
      const bucket = bucketOf(buckets, call.bucket);
      checkWrite(condition, currentObject(bucket.keys.get(call.key)), before);
      const version: StoredObject = {
        kind: "object",
        versionId: nextVersionId(bucket, call.key, clock.now().getTime()),
        modified: nowInSeconds(clock),
        size: body.size,
        etag: body.md5,
        segments: body.segments,
        ...description,
        checksum: { ...body.checksum, type: "FULL_OBJECT" },
      };
      return {
        commits: [{ kind: "version-added", bucket: call.bucket, key: call.key, version }],
        result: {
          status: 200,
          headers: {
            etag: `"${version.etag}"`,
            ...ENCRYPTED,
            ...checksumHeaders(version.checksum),
            ...versionHeader(bucket, version.versionId),
          },
        },
      };
    },
  });
};
