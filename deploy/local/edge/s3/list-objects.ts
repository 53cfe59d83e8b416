import { currentObject, type KeyEntry, type StoredObject } from "../storage/model.ts";
import { lastName, listPage, type Page, type Row } from "./list-page.ts";
import { type NameWriter, prefixElement, readEncoding, readPageSize } from "./list-parameters.ts";
import { ownerElement, SLIPWAY_OWNER } from "./owner.ts";
import { bucketOf, isoTime, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { element, optional, s3Document, type XmlElement } from "./write-xml.ts";

/** S3-API ListObjectsV2. The token only says where to go on, so it stays valid as objects change. */
export const listObjectsV2: S3Operation = async ({ bucket: name, query }, { storage }) => {
  const write = readEncoding(query);
  const token = query.get("continuation-token");
  const startAfter = query.get("start-after");
  const request = {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after: token === undefined ? (startAfter ?? "") : readToken(token),
    most: readPageSize(query, "max-keys"),
  };
  const bucket = bucketOf(storage.buckets, name);
  const page = listPage(bucket.keys, request, currentOf);
  const withOwner = query.get("fetch-owner") === "true";
  return xmlAnswer(
    s3Document("ListBucketResult", [
      element("Name", name),
      element("Prefix", write(request.prefix)),
      ...optional("ContinuationToken", token),
      ...optional("NextContinuationToken", page.isTruncated ? makeToken(page) : undefined),
      ...optional("StartAfter", startAfter === undefined ? undefined : write(startAfter)),
      element("KeyCount", page.rows.length),
      element("MaxKeys", request.most),
      ...optional("Delimiter", request.delimiter === "" ? undefined : write(request.delimiter)),
      ...optional("EncodingType", query.get("encoding-type")),
      element("IsTruncated", page.isTruncated),
      ...page.rows.map((row) => rowElement(row, write, withOwner)),
    ]),
  );
};

/** S3-API ListObjects, which older clients use. NextMarker is given only with a delimiter. */
export const listObjects: S3Operation = async ({ bucket: name, query }, { storage }) => {
  const write = readEncoding(query);
  const request = {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after: query.get("marker") ?? "",
    most: readPageSize(query, "max-keys"),
  };
  const bucket = bucketOf(storage.buckets, name);
  const page = listPage(bucket.keys, request, currentOf);
  const hasNext = page.isTruncated && request.delimiter !== "";
  return xmlAnswer(
    s3Document("ListBucketResult", [
      element("Name", name),
      element("Prefix", write(request.prefix)),
      element("Marker", write(request.after)),
      ...optional("NextMarker", hasNext ? write(lastName(page)) : undefined),
      element("MaxKeys", request.most),
      ...optional("Delimiter", request.delimiter === "" ? undefined : write(request.delimiter)),
      ...optional("EncodingType", query.get("encoding-type")),
      element("IsTruncated", page.isTruncated),
      ...page.rows.map((row) => rowElement(row, write, true)),
    ]),
  );
};

function currentOf(entry: KeyEntry): readonly StoredObject[] {
  const object = currentObject(entry);
  return object === undefined ? [] : [object];
}

function rowElement(row: Row<StoredObject>, write: NameWriter, withOwner: boolean): XmlElement {
  if (row.kind === "prefix") return prefixElement(row.prefix, write);
  return element("Contents", [
    element("Key", write(row.key)),
    ...objectElements(row.item),
    ...(withOwner ? [ownerElement(SLIPWAY_OWNER)] : []),
    element("StorageClass", row.item.storageClass),
  ]);
}

/** What every listing says of an object. */
export function objectElements(object: StoredObject): readonly XmlElement[] {
  return [
    element("LastModified", isoTime(object.modified)),
    element("ETag", `"${object.etag}"`),
    element("ChecksumAlgorithm", object.checksum.algorithm),
    element("ChecksumType", object.checksum.type),
    element("Size", object.size),
  ];
}

const TOKEN_MARK = "1:";

function makeToken(page: Page<StoredObject>): string {
  return Buffer.from(`${TOKEN_MARK}${lastName(page)}`).toString("base64url");
}

function readToken(token: string): string {
  const text = Buffer.from(token, "base64url").toString("utf8");
  if (!text.startsWith(TOKEN_MARK)) {
    throw new S3Error("InvalidArgument", {
      message: "The continuation token provided is incorrect",
      details: { ArgumentName: "continuation-token" },
    });
  }
  return text.slice(TOKEN_MARK.length);
}
