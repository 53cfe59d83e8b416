import { createKeyIndex } from "../storage/key-index.ts";
import type { Bucket, Upload } from "../storage/model.ts";
import { checksumElement } from "./checksum.ts";
import { listPage, type Page, type Row } from "./list-page.ts";
import { type NameWriter, prefixElement, readEncoding, readPageSize } from "./list-parameters.ts";
import { ownerElement, SLIPWAY_OWNER } from "./owner.ts";
import { bucketOf, isoTime, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { uploadOf } from "./uploads.ts";
import { element, optional, s3Document, type XmlElement } from "./write-xml.ts";

/** S3-API ListMultipartUploads: by key, then by the time they began. */
export const listMultipartUploads: S3Operation = async ({ bucket: name, query }, { storage }) => {
  const write = readEncoding(query);
  const keyMarker = query.get("key-marker") ?? "";
  const idMarker = keyMarker === "" ? "" : (query.get("upload-id-marker") ?? "");
  const request = {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after: keyMarker,
    includesAfter: idMarker !== "",
    most: readPageSize(query, "max-uploads"),
  };
  const page = listPage(uploadsByKey(bucketOf(storage.buckets, name)), request, (entry) =>
    entry.key === keyMarker ? uploadsBehind(entry.uploads, idMarker) : entry.uploads,
  );
  return xmlAnswer(
    s3Document("ListMultipartUploadsResult", [
      element("Bucket", name),
      element("KeyMarker", write(keyMarker)),
      element("UploadIdMarker", idMarker),
      ...nextMarkers(page, write),
      ...optional("Prefix", request.prefix === "" ? undefined : write(request.prefix)),
      ...optional("Delimiter", request.delimiter === "" ? undefined : write(request.delimiter)),
      ...optional("EncodingType", query.get("encoding-type")),
      element("MaxUploads", request.most),
      element("IsTruncated", page.isTruncated),
      ...page.rows.map((row) => rowElement(row, write)),
    ]),
  );
};

/** S3-API ListParts. */
export const listParts: S3Operation = async (call, { storage }) => {
  const upload = uploadOf(bucketOf(storage.buckets, call.bucket), call);
  const after = Number(call.query.get("part-number-marker") ?? 0) || 0;
  const most = readPageSize(call.query, "max-parts");
  const left = [...upload.parts.values()]
    .filter(({ number }) => number > after)
    .sort((a, b) => a.number - b.number);
  const shown = left.slice(0, most);
  const isTruncated = most > 0 && left.length > most;
  const { checksum, checksumRequested, storageClass } = upload.plan;
  return xmlAnswer(
    s3Document("ListPartsResult", [
      element("Bucket", call.bucket),
      element("Key", call.key),
      element("UploadId", upload.id),
      element("PartNumberMarker", after),
      ...optional("NextPartNumberMarker", shown.at(-1)?.number),
      element("MaxParts", most),
      element("IsTruncated", isTruncated),
      ...shown.map((part) =>
        element("Part", [
          element("PartNumber", part.number),
          element("LastModified", isoTime(part.modified)),
          element("ETag", `"${part.etag}"`),
          element("Size", part.size),
          element(checksumElement(part.checksum.algorithm), part.checksum.value),
        ]),
      ),
      ownerElement(SLIPWAY_OWNER, "Initiator"),
      ownerElement(SLIPWAY_OWNER),
      element("StorageClass", storageClass),
      ...optional("ChecksumAlgorithm", checksumRequested ? checksum.algorithm : undefined),
      ...optional("ChecksumType", checksumRequested ? checksum.type : undefined),
    ]),
  );
};

type KeyUploads = { readonly key: string; readonly uploads: readonly Upload[] };

/** Uploads under way are few, so an index made for one answer will do. */
function uploadsByKey(bucket: Bucket) {
  const index = createKeyIndex<KeyUploads>();
  for (const upload of bucket.uploads.values()) {
    const others = index.get(upload.key)?.uploads ?? [];
    const uploads = [...others, upload].sort(byStart);
    index.set(upload.key, { key: upload.key, uploads });
  }
  return index;
}

function byStart(a: Upload, b: Upload): number {
  return a.started - b.started || (a.id < b.id ? -1 : 1);
}

/** The uploads after the marked one, or all of them if it has ended since. */
function uploadsBehind(uploads: readonly Upload[], idMarker: string): readonly Upload[] {
  return uploads.slice(uploads.findIndex(({ id }) => id === idMarker) + 1);
}

function nextMarkers(page: Page<Upload>, write: NameWriter): readonly XmlElement[] {
  const last = page.rows.at(-1);
  if (!page.isTruncated || last === undefined) return [];
  return last.kind === "prefix"
    ? [element("NextKeyMarker", write(last.prefix))]
    : [element("NextKeyMarker", write(last.key)), element("NextUploadIdMarker", last.item.id)];
}

function rowElement(row: Row<Upload>, write: NameWriter): XmlElement {
  if (row.kind === "prefix") return prefixElement(row.prefix, write);
  const { id, started, plan } = row.item;
  return element("Upload", [
    element("Key", write(row.key)),
    element("UploadId", id),
    ownerElement(SLIPWAY_OWNER, "Initiator"),
    ownerElement(SLIPWAY_OWNER),
    element("StorageClass", plan.storageClass),
    element("Initiated", isoTime(started)),
  ]);
}
