import { SlipwayError } from "../../../core/errors.ts";
import { commitDeletion, type Deleted, type Deletion } from "./delete-object.ts";
import { childrenOf, childText, readDocument, type XmlNode } from "./read-xml.ts";
import { bucketOf, type S3Dependencies, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { element, optional, s3Document, type XmlElement } from "./write-xml.ts";

const LARGEST_DOCUMENT = 2 * 1024 * 1024;
const MOST_KEYS = 1000;
const LONGEST_KEY = 1024;

/**
 * S3-API DeleteObjects. Every key has its own fate, in the order of the request, and the answer is 200
 * although keys failed. All of them become durable together.
 */
export const deleteObjects: S3Operation = async (call, dependencies) => {
  bucketOf(dependencies.storage.buckets, call.bucket);
  refuseUnchecked(call.headers);
  const { node } = await readDocument(call, "Delete", LARGEST_DOCUMENT);
  const deletions = childrenOf(node, "Object").map((one) => readDeletion(one, call.bucket));
  if (deletions.length === 0 || deletions.length > MOST_KEYS) throw new S3Error("MalformedXML");
  const isQuiet = childText(node, "Quiet")?.trim() === "true";
  const elements = await Promise.all(
    deletions.map((deletion) => fateOf(deletion, dependencies, isQuiet)),
  );
  return xmlAnswer(s3Document("DeleteResult", elements.flat()));
};

/** A list of what to destroy must prove that it came through whole. */
function refuseUnchecked(headers: ReadonlyMap<string, string>): void {
  const isChecked = [...headers.keys()].some(
    (name) =>
      name === "content-md5" ||
      name === "x-amz-trailer" ||
      /^x-amz-checksum-(?!algorithm|type|mode)/.test(name),
  );
  if (!isChecked) {
    throw new S3Error("InvalidRequest", {
      message: "Missing required header for this request: Content-MD5 OR x-amz-checksum-*",
    });
  }
}

function readDeletion(node: XmlNode, bucket: string): Deletion {
  const key = childText(node, "Key");
  if (key === undefined || key === "") throw new S3Error("MalformedXML");
  return {
    bucket,
    key,
    versionId: childText(node, "VersionId") || undefined,
    ifMatch: childText(node, "ETag"),
  };
}

async function fateOf(
  deletion: Deletion,
  dependencies: S3Dependencies,
  isQuiet: boolean,
): Promise<readonly XmlElement[]> {
  try {
    if (Buffer.byteLength(deletion.key) > LONGEST_KEY) throw new S3Error("KeyTooLongError");
    const deleted = await commitDeletion(dependencies, deletion);
    return isQuiet ? [] : [deletedElement(deletion, deleted)];
  } catch (error) {
    return [errorElement(deletion, error)];
  }
}

function deletedElement({ key }: Deletion, { versionId, marker }: Deleted): XmlElement {
  return element("Deleted", [
    element("Key", key),
    ...optional("VersionId", versionId),
    ...optional("DeleteMarker", marker === undefined ? undefined : true),
    ...optional("DeleteMarkerVersionId", marker?.versionId),
  ]);
}

function errorElement({ key, versionId }: Deletion, error: unknown): XmlElement {
  const { code, message } = describeError(error);
  return element("Error", [
    element("Key", key),
    ...optional("VersionId", versionId),
    element("Code", code),
    element("Message", message),
  ]);
}

function describeError(error: unknown): { readonly code: string; readonly message: string } {
  if (error instanceof S3Error) return error;
  if (error instanceof SlipwayError) return { code: "InternalError", message: error.message };
  throw error;
}
