import type { Stored } from "../ports.ts";
import { codeOf, statusOf } from "./failure.ts";

/** How S3 stored an object, from the answer to any kind of write. */
export function storedFrom(answer: {
  readonly ETag?: string | undefined;
  readonly VersionId?: string | undefined;
}): Stored {
  const etag = answer.ETag ?? "";
  return answer.VersionId === undefined ? { etag } : { etag, versionId: answer.VersionId };
}

/** 412: someone else wrote it; 404: someone removed it; 409: someone is writing right now. */
export function didMove(error: unknown): boolean {
  const status = statusOf(error);
  return status === 412 || status === 409 || (status === 404 && codeOf(error) === "NoSuchKey");
}
