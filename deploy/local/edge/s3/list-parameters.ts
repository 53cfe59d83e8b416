import { S3Error } from "./s3-error.ts";
import { element, type XmlElement } from "./write-xml.ts";

/** S3 gives at most this many rows a page. */
const LARGEST_PAGE = 1000;

/** Reads max-keys and its like: a number from 0; more than 1,000 count as 1,000. */
export function readPageSize(query: ReadonlyMap<string, string>, name: string): number {
  const text = query.get(name);
  if (text === undefined || text === "") return LARGEST_PAGE;
  const size = Number(text);
  if (!/^\d+$/.test(text) || size > 2 ** 31 - 1) {
    throw new S3Error("InvalidArgument", {
      message: `Provided ${name} not an integer or within integer range`,
      details: { ArgumentName: name, ArgumentValue: text },
    });
  }
  return Math.min(size, LARGEST_PAGE);
}

/** How names are written in a listing: as they are, or percent-encoded for encoding-type=url. */
export type NameWriter = (name: string) => string;

export function readEncoding(query: ReadonlyMap<string, string>): NameWriter {
  const type = query.get("encoding-type");
  if (type === undefined || type === "") return (name) => name;
  if (type !== "url") {
    throw new S3Error("InvalidArgument", {
      message: "Invalid Encoding Method specified in Request",
      details: { ArgumentName: "encoding-type", ArgumentValue: type },
    });
  }
  return encodeName;
}

/** As a form encodes, but "/" stays: the clients turn "+" back into a space. */
function encodeName(name: string): string {
  return encodeURIComponent(name)
    .replace(/[!'()~]/g, (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll("%2F", "/")
    .replaceAll("%20", "+");
}

/** `<CommonPrefixes>`. */
export function prefixElement(prefix: string, write: NameWriter): XmlElement {
  return element("CommonPrefixes", [element("Prefix", write(prefix))]);
}
