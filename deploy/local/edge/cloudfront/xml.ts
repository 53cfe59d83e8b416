import { XMLParser, XMLValidator } from "fast-xml-parser";
import { escapeXml } from "../s3/write-xml.ts";
import { ApiError } from "./api-error.ts";

const NAMESPACE = "http://cloudfront.amazonaws.com/doc/2020-05-31/";

/**
 * An element of a document that was read, with its children in their order, known or not; `text` is
 * what an element without children holds. Attributes, which the API does not use, are not kept.
 */
export type XmlNode = {
  readonly name: string;
  readonly children: readonly XmlNode[];
  readonly text: string;
};

type Scalar = string | number | boolean;

/**
 * A document to write: children in the order of the fields; a list repeats its element, a node that
 * was read stands for its own children or text.
 */
export type XmlTree = {
  readonly [name: string]: Scalar | XmlTree | readonly (string | XmlTree)[] | ReadNode;
};

/** Wraps a node that was read, so that a tree can hold it. */
export class ReadNode {
  readonly node: XmlNode;

  constructor(node: XmlNode) {
    this.node = node;
  }
}

/** A document with one root element, in CloudFront's namespace. */
export function writeDocument(root: string, tree: XmlTree | ReadNode): string {
  return `<?xml version="1.0"?>\n<${root} xmlns="${NAMESPACE}">${writeContent(tree)}</${root}>`;
}

/** The nodes that reading the written tree would give. */
export function nodesOf(tree: XmlTree): readonly XmlNode[] {
  return childrenOfDocument(readDocument(writeDocument("Tree", tree)));
}

function childrenOfDocument(document: XmlNode): readonly XmlNode[] {
  return document.children[0]?.children ?? [];
}

function writeContent(value: Scalar | XmlTree | ReadNode): string {
  if (value instanceof ReadNode) return writeInner(value.node);
  if (typeof value !== "object") return escapeXml(String(value));
  return Object.entries(value)
    .flatMap(([name, content]) =>
      Array.isArray(content)
        ? content.map((item: string | XmlTree) => writeElement(name, item))
        : [writeElement(name, content as Scalar | XmlTree | ReadNode)],
    )
    .join("");
}

function writeElement(name: string, value: Scalar | XmlTree | ReadNode): string {
  return `<${name}>${writeContent(value)}</${name}>`;
}

function writeInner({ children, text }: XmlNode): string {
  if (children.length === 0) return escapeXml(text);
  return children.map((child) => `<${child.name}>${writeInner(child)}</${child.name}>`).join("");
}

const parser = new XMLParser({
  // Numbers and entities are read here, one by one: the text of a path must arrive as it was sent.
  parseTagValue: false,
  processEntities: false,
  trimValues: false,
  preserveOrder: true,
  ignoreAttributes: true,
  ignoreDeclaration: true,
  ignorePiTags: true,
  removeNSPrefix: true,
  maxNestedTags: 20,
});

const TEXT = "#text";

/** As the parser gives them, in their order: `{ Name: children }`, or `{ "#text": … }`. */
type Parsed = readonly { readonly [name: string]: Parsed | string }[];

/**
 * Reads a request's document; the node is the one above its root element. A document type is refused,
 * so no entity but XML's own five ever stands for anything. Throws an ApiError for what is no XML.
 */
export function readDocument(text: string): XmlNode {
  if (text.trim() === "") throw new ApiError(400, "MissingBody", "The request has no body.");
  if (/<!DOCTYPE|<!ENTITY|<!\[CDATA\[/i.test(text)) throw malformed("an unexpected declaration");
  const valid = XMLValidator.validate(text);
  if (valid !== true) throw malformed(valid.err.msg);
  try {
    return nodeOf("", parser.parse(text) as Parsed);
  } catch (error) {
    throw malformed(error instanceof Error ? error.message : "unreadable");
  }
}

function nodeOf(name: string, parsed: Parsed): XmlNode {
  const parts = parsed.flatMap((part) => Object.entries(part));
  const children = parts.flatMap(([child, content]) =>
    typeof content === "string" ? [] : [nodeOf(child, content)],
  );
  const texts = parts.flatMap(([child, content]) =>
    child === TEXT && typeof content === "string" ? [content] : [],
  );
  return { name, children, text: children.length > 0 ? "" : decodeReferences(texts.join("")) };
}

/** The element of this name below `node`; undefined when there is none or there are several. */
export function childOf(node: XmlNode | undefined, name: string): XmlNode | undefined {
  const [child, ...more] = childrenOf(node, name);
  return more.length === 0 ? child : undefined;
}

export function childrenOf(node: XmlNode | undefined, name: string): readonly XmlNode[] {
  return (node?.children ?? []).filter((child) => child.name === name);
}

/** The text of an element without children; undefined for any other. */
export function textOf(node: XmlNode | undefined): string | undefined {
  return node === undefined || node.children.length > 0 ? undefined : node.text;
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
