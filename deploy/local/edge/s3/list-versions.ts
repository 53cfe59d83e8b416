import type { KeyEntry, Version } from "../storage/model.ts";
import { objectElements } from "./list-objects.ts";
import { listPage, type Page, type Row } from "./list-page.ts";
import { type NameWriter, prefixElement, readEncoding, readPageSize } from "./list-parameters.ts";
import { ownerElement, SLIPWAY_OWNER } from "./owner.ts";
import { bucketOf, isoTime, type S3Operation, xmlAnswer } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";
import { rankOf } from "./versions.ts";
import { element, optional, s3Document, type XmlElement } from "./write-xml.ts";

type Shown = { readonly version: Version; readonly isLatest: boolean };

/** S3-API ListObjectVersions: keys in byte order, the versions of each from new to old. */
export const listObjectVersions: S3Operation = async ({ bucket: name, query }, { storage }) => {
  const write = readEncoding(query);
  const keyMarker = query.get("key-marker") ?? "";
  const idMarker = query.get("version-id-marker") ?? "";
  if (idMarker !== "" && keyMarker === "") {
    throw new S3Error("InvalidArgument", {
      message: "A version-id marker cannot be specified without a key marker.",
    });
  }
  const request = {
    prefix: query.get("prefix") ?? "",
    delimiter: query.get("delimiter") ?? "",
    after: keyMarker,
    includesAfter: idMarker !== "",
    most: readPageSize(query, "max-keys"),
  };
  const bucket = bucketOf(storage.buckets, name);
  const page = listPage(bucket.keys, request, (entry) =>
    versionsBehind(entry, entry.key === keyMarker ? idMarker : ""),
  );
  return xmlAnswer(
    s3Document("ListVersionsResult", [
      element("Name", name),
      element("Prefix", write(request.prefix)),
      element("KeyMarker", write(keyMarker)),
      element("VersionIdMarker", idMarker),
      ...nextMarkers(page, write),
      element("MaxKeys", request.most),
      ...optional("Delimiter", request.delimiter === "" ? undefined : write(request.delimiter)),
      ...optional("EncodingType", query.get("encoding-type")),
      element("IsTruncated", page.isTruncated),
      ...page.rows.map((row) => rowElement(row, write)),
    ]),
  );
};

/** The versions older than the marked one, which may be gone by now; all of them without a mark. */
function versionsBehind({ versions }: KeyEntry, idMarker: string): readonly Shown[] {
  const shown = versions.map((version, index) => ({ version, isLatest: index === 0 }));
  if (idMarker === "") return shown;
  const marked = versions.findIndex(({ versionId }) => versionId === idMarker);
  if (marked >= 0) return shown.slice(marked + 1);
  return shown.filter(({ version }) => rankOf(version.versionId) < rankOf(idMarker));
}

function nextMarkers(page: Page<Shown>, write: NameWriter): readonly XmlElement[] {
  const last = page.rows.at(-1);
  if (!page.isTruncated || last === undefined) return [];
  if (last.kind === "prefix") return [element("NextKeyMarker", write(last.prefix))];
  return [
    element("NextKeyMarker", write(last.key)),
    element("NextVersionIdMarker", last.item.version.versionId),
  ];
}

function rowElement(row: Row<Shown>, write: NameWriter): XmlElement {
  if (row.kind === "prefix") return prefixElement(row.prefix, write);
  const { version, isLatest } = row.item;
  const names = [
    element("Key", write(row.key)),
    element("VersionId", version.versionId),
    element("IsLatest", isLatest),
  ];
  const owner = ownerElement(SLIPWAY_OWNER);
  if (version.kind === "delete-marker") {
    const modified = element("LastModified", isoTime(version.modified));
    return element("DeleteMarker", [...names, modified, owner]);
  }
  return element("Version", [
    ...names,
    ...objectElements(version),
    owner,
    element("StorageClass", version.storageClass),
  ]);
}
