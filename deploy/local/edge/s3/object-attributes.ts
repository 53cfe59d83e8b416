import type { StoredObject } from "../storage/model.ts";
import { checksumElement } from "./checksum.ts";
import { bucketOf, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { findObject, versionHeader } from "./versions.ts";
import { element, optional, s3Document, type XmlElement } from "./write-xml.ts";

const MOST_PARTS = 1000;

/** S3-API GetObjectAttributes: only what x-amz-object-attributes asks for. */
export const getObjectAttributes: S3Operation = async (call, { storage }) => {
  const bucket = bucketOf(storage.buckets, call.bucket);
  const object = findObject(bucket, call.key, call.query.get("versionId"));
  const wanted = (call.headers.get("x-amz-object-attributes") ?? "")
    .split(",")
    .map((name) => name.trim());
  if (wanted.join("") === "") {
    throw new S3Error("InvalidRequest", { message: "Missing x-amz-object-attributes header." });
  }
  const after = Number(call.headers.get("x-amz-part-number-marker") ?? 0);
  const most = Math.min(Number(call.headers.get("x-amz-max-parts") ?? MOST_PARTS), MOST_PARTS);
  const elements = wanted.flatMap((name) => attribute(name, object, { after, most }));
  return xmlAnswer(s3Document("GetObjectAttributesResponse", elements), {
    "last-modified": new Date(object.modified).toUTCString(),
    ...versionHeader(bucket, object.versionId),
  });
};

type PartsPage = { readonly after: number; readonly most: number };

function attribute(name: string, object: StoredObject, page: PartsPage): readonly XmlElement[] {
  switch (name) {
    case "ETag":
      return [element("ETag", object.etag)];
    case "Checksum":
      return [
        element("Checksum", [
          element(checksumElement(object.checksum.algorithm), object.checksum.value),
          element("ChecksumType", object.checksum.type),
        ]),
      ];
    case "ObjectParts":
      return object.parts === undefined ? [] : [partsElement(object.parts, page)];
    case "StorageClass":
      return [element("StorageClass", object.storageClass)];
    case "ObjectSize":
      return [element("ObjectSize", object.size)];
    default:
      throw new S3Error("InvalidArgument", { message: "Invalid attribute name specified." });
  }
}

function partsElement(
  parts: NonNullable<StoredObject["parts"]>,
  { after, most }: PartsPage,
): XmlElement {
  const left = parts.filter(({ number }) => number > after);
  const shown = left.slice(0, most);
  return element("ObjectParts", [
    element("PartsCount", parts.length),
    element("PartNumberMarker", after),
    ...optional("NextPartNumberMarker", shown.at(-1)?.number),
    element("MaxParts", most),
    element("IsTruncated", left.length > most),
    ...shown.map(({ number, size, checksum }) =>
      element("Part", [
        element("PartNumber", number),
        element("Size", size),
        element(checksumElement(checksum.algorithm), checksum.value),
      ]),
    ),
  ]);
}
