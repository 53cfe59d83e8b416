import { decodeBytes } from "../signature/canonical-request.ts";
import type { Tag } from "../storage/model.ts";
import { childrenOf, childText, type XmlNode } from "./read-xml.ts";
import { S3Error } from "./s3-error.ts";
import { element, s3Document } from "./write-xml.ts";

const MOST_OBJECT_TAGS = 10;
export const MOST_BUCKET_TAGS = 50;
const LONGEST_KEY = 128;
const LONGEST_VALUE = 256;

/** Reads x-amz-tagging, a URL query (S3-UG "Object tagging"). */
export function readTagHeader(text: string | undefined): readonly Tag[] {
  if (text === undefined || text === "") return [];
  const tags = text.split("&").map((pair) => {
    const [key = "", ...rest] = pair.split("=");
    return { key: decodeTag(key), value: decodeTag(rest.join("=")) };
  });
  return checkTags(tags, MOST_OBJECT_TAGS);
}

/** Reads a `<Tagging>` document. */
export function readTagging(node: XmlNode, most = MOST_OBJECT_TAGS): readonly Tag[] {
  const set = childrenOf(node, "TagSet")[0];
  if (set === undefined) throw new S3Error("MalformedXML");
  const tags = childrenOf(set, "Tag").map((tag) => {
    const key = childText(tag, "Key");
    const value = childText(tag, "Value");
    if (key === undefined || value === undefined) throw new S3Error("MalformedXML");
    return { key, value };
  });
  return checkTags(tags, most);
}

/** Writes a `<Tagging>` document. */
export function taggingDocument(tags: readonly Tag[]): string {
  return s3Document("Tagging", [
    element(
      "TagSet",
      tags.map(({ key, value }) => element("Tag", [element("Key", key), element("Value", value)])),
    ),
  ]);
}

function checkTags(tags: readonly Tag[], most: number): readonly Tag[] {
  if (tags.length > most) {
    throw new S3Error("InvalidTag", { message: `Tags cannot be greater than ${most}` });
  }
  if (new Set(tags.map((tag) => tag.key)).size < tags.length) {
    throw new S3Error("InvalidTag", {
      message: "Cannot provide multiple Tags with the same key",
    });
  }
  for (const { key, value } of tags) {
    if (key.length === 0 || key.length > LONGEST_KEY) {
      throw new S3Error("InvalidTag", { message: "The TagKey you have provided is invalid" });
    }
    if (value.length > LONGEST_VALUE) {
      throw new S3Error("InvalidTag", { message: "The TagValue you have provided is invalid" });
    }
  }
  return tags;
}

function decodeTag(text: string): string {
  return Buffer.from(decodeBytes(text.replaceAll("+", " ")), "latin1").toString("utf8");
}
