import { XMLParser } from "fast-xml-parser";
import { readBody } from "./receive-body.ts";
import type { S3Call } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";

/** An element of a document that a client sent. */
export type XmlNode = {
  readonly text: string;
  readonly children: ReadonlyMap<string, readonly XmlNode[]>;
};

/** Enough for every configuration document. */
const LARGEST_DOCUMENT = 1024 * 1024;

const parser = new XMLParser({
  ignoreAttributes: true,
  removeNSPrefix: true,
  parseTagValue: false,
  trimValues: false,
  processEntities: false,
  cdataPropName: "#cdata",
  isArray: (_name, _path, isLeaf, isAttribute) => isLeaf || !isAttribute,
});

/**
 * Reads the body as a document with this root element. Throws MalformedXML for anything else, and for
 * any document type declaration: there is nothing to expand and nothing to fetch.
 */
export async function readDocument(
  call: S3Call,
  root: string,
  largest = LARGEST_DOCUMENT,
): Promise<{ readonly node: XmlNode; readonly text: string }> {
  const bytes = await readBody(call, largest);
  if (bytes.length === 0) throw new S3Error("MissingRequestBodyError");
  const text = decodeUtf8(bytes);
  return { node: parseDocument(text, root), text };
}

/** The root element of the text. */
export function parseDocument(text: string, root: string): XmlNode {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) throw new S3Error("MalformedXML");
  const nodes = parse(text).get(root);
  const node = nodes?.[0];
  if (node === undefined || nodes?.length !== 1) throw new S3Error("MalformedXML");
  return node;
}

/** The children of this name. */
export function childrenOf(node: XmlNode, name: string): readonly XmlNode[] {
  return node.children.get(name) ?? [];
}

/** The text of the first child of this name. */
export function childText(node: XmlNode, name: string): string | undefined {
  return node.children.get(name)?.[0]?.text;
}

function parse(text: string): XmlNode["children"] {
  let parsed: unknown;
  try {
    parsed = parser.parse(text, true);
  } catch {
    throw new S3Error("MalformedXML");
  }
  return toNode(parsed).children;
}

function toNode(value: unknown): XmlNode {
  if (typeof value !== "object" || value === null) {
    return { text: decodeEntities(String(value ?? "")), children: new Map() };
  }
  const children = new Map<string, readonly XmlNode[]>();
  let text = "";
  for (const [name, content] of Object.entries(value)) {
    const items: readonly unknown[] = Array.isArray(content) ? content : [content];
    if (name === "#text") text += decodeEntities(items.join(""));
    else if (name === "#cdata") text += items.join("");
    else children.set(name, items.map(toNode));
  }
  return { text, children };
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decodeEntities(text: string): string {
  return text.replace(/&([^;&]{0,10});?/g, (whole, name: string) => {
    const character = NAMED[name] ?? numbered(name);
    if (character === undefined || !whole.endsWith(";")) throw new S3Error("MalformedXML");
    return character;
  });
}

function numbered(name: string): string | undefined {
  const digits = /^#(?:x([0-9a-fA-F]{1,6})|(\d{1,7}))$/.exec(name);
  if (digits === null) return undefined;
  const code = digits[1] === undefined ? Number(digits[2]) : Number.parseInt(digits[1], 16);
  const isSurrogate = code >= 0xd800 && code <= 0xdfff;
  return code > 0x10ffff || isSurrogate ? undefined : String.fromCodePoint(code);
}

function decodeUtf8(bytes: Buffer): string {
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new S3Error("MalformedXML");
  }
}
