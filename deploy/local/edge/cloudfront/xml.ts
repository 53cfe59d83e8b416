import { XMLParser, XMLValidator } from "fast-xml-parser";
import { escapeXml } from "../s3/write-xml.ts";
import { ApiError } from "./api-error.ts";

const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/** A document to write: children in the order of the fields; a list repeats its element. */
export type XmlTree = {
  readonly [name: string]: string | number | boolean | XmlTree | readonly (string | XmlTree)[];
};

/** A document with one root element, in CloudFront's namespace. */
export function writeDocument(root: string, tree: XmlTree): string {
  return `<?xml version="1.0"?>\n<${root} xmlns="${NAMESPACE}">${writeChildren(tree)}</${root}>`;
}

function writeChildren(tree: XmlTree): string {
  return Object.entries(tree)
    .flatMap(([name, value]) =>
      Array.isArray(value)
        ? value.map((item: string | XmlTree) => writeElement(name, item))
        : [writeElement(name, value as Exclude<typeof value, readonly unknown[]>)],
    )
    .join("");
}

function writeElement(name: string, value: string | number | boolean | XmlTree): string {
  const content = typeof value === "object" ? writeChildren(value) : escapeXml(String(value));
  return `<${name}>${content}</${name}>`;
}

/** A document that was read: text, or children by name, one or several. */
export type XmlNode = string | { readonly [name: string]: XmlNode | readonly XmlNode[] };

const parser = new XMLParser({
  // Numbers and entities are read here, one by one: the text of a path must arrive as it was sent.
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  maxNestedTags: 20,
});

/**
 * Reads a request's document. A document type is refused, so no entity but XML's own five ever
 * stands for anything. Throws an ApiError for what is no XML.
 */
export function readDocument(text: string): XmlNode {
  if (text.trim() === "") throw new ApiError(400, "MissingBody", "The request has no body.");
  if (/<!DOCTYPE|<!ENTITY|<!\[CDATA\[/i.test(text)) throw malformed("an unexpected declaration");
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformed(valid.err.msg);
  try {
    return parser.parse(text) as XmlNode;
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "unreadable");
  }
}

/** The element of this name below `node`; undefined when there is none or there are several. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  const [child, ...more] = childrenOf(node, name);
  return more.length === 0 ? child : undefined;
}

export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  if (node === undefined || typeof node === "string") return [];
  const found = Object.hasOwn(node, name) ? node[name] : undefined;
  if (found === undefined) return [];
  return Array.isArray(found) ? (found as readonly XmlNode[]) : [found as XmlNode];
}

/** The text of an element without children; undefined for any other. */
export function textOf(node: XmlNode | undefined): string | undefined {
  return typeof node === "string" ? decodeReferences(node) : undefined;
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decodeReferences(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}

function malformed(why: string): ApiError {
  return new ApiError(400, "MalformedInput", `The request body is not valid XML: ${why}.`);
}
