import { Parser } from "htmlparser2";

/**
 * Changes to an XML document that leave every other byte of it as it is. CloudFront replaces a whole
 * configuration at each update, so what a client does not know it must send back as it came, or it
 * switches features off (aws-facts: UpdateDistribution).
 */
export type XmlElement = {
  readonly name: string;
  /** Places in the text: the element as a whole, and what stands between its tags. */
  readonly start: number;
  readonly end: number;
  readonly contentStart: number;
  readonly contentEnd: number;
  readonly children: readonly XmlElement[];
};

/** An element's place: the names from below the root on. */
export type XmlPath = readonly string[];

/** The root element. Throws a TypeError for a text that has none, or whose tags do not pair. */
export function parseXml(text: string): XmlElement {
  type Open = { name: string; start: number; contentStart: number; children: XmlElement[] };
  const open: Open[] = [];
  let root: XmlElement | undefined;
  const parser = new Parser(
    {
      onopentag(name) {
        const { startIndex: start, endIndex } = parser;
        open.push({ name, start, contentStart: endIndex + 1, children: [] });
      },
      onclosetag(_, isImplied) {
        const element = open.pop();
        if (element === undefined) throw new TypeError("an end tag too many");
        const { startIndex, endIndex } = parser;
        const isEmpty = text[element.contentStart - 2] === "/";
        if (isImplied && !isEmpty) throw new TypeError(`<${element.name}> is not closed`);
        const contentEnd = isEmpty ? element.contentStart : startIndex;
        const closed = { ...element, contentEnd, end: endIndex + 1 };
        const parent = open.at(-1);
        if (parent === undefined) root = closed;
        else parent.children.push(closed);
      },
    },
    { xmlMode: true, recognizeSelfClosing: true },
  );
  parser.end(text);
  if (root === undefined) throw new TypeError("there is no element in it");
  return root;
}

/** The element at the path; undefined when there is none. */
export function findElement(root: XmlElement, path: XmlPath): XmlElement | undefined {
  let element: XmlElement | undefined = root;
  for (const name of path) element = element?.children.find((child) => child.name === name);
  return element;
}

/** What stands between the tags of an element without children, its references resolved. */
export function textOf(text: string, element: XmlElement | undefined): string | undefined {
  if (element === undefined || element.children.length > 0) return undefined;
  return decode(text.slice(element.contentStart, element.contentEnd));
}

/** The element itself, tags included, as it stands in the document. */
export function sourceOf(text: string, element: XmlElement): string {
  return text.slice(element.start, element.end);
}

/**
 * The document with `xml`, one element, in the place of the one at the path; where there is none it is
 * put in, with the parents that are missing. `order` names siblings in the order of the service's
 * schema: the new element goes before the first that comes later.
 */
export function setElement(
  text: string,
  path: XmlPath,
  { xml, order = [] }: { readonly xml: string; readonly order?: readonly string[] },
): string {
  const root = parseXml(text);
  const found = findElement(root, path);
  if (found !== undefined) return splice(text, found.start, found.end, xml);
  const known = longestPrefix(root, path);
  const parent = findElement(root, path.slice(0, known)) ?? root;
  const missing = path.slice(known, -1);
  const wrapped = missing.reduceRight((inner, name) => `<${name}>${inner}</${name}>`, xml);
  return insertInto(text, parent, { xml: wrapped, name: path[known] ?? "", order });
}

/** The document with `xml` as the last child of the element at the path, which must be there. */
export function appendElement(text: string, path: XmlPath, xml: string): string {
  const parent = findElement(parseXml(text), path);
  if (parent === undefined) throw new TypeError(`there is no ${path.join("/")} in the document`);
  return insertInto(text, parent, { xml, name: "", order: [] });
}

/** The document with `xml` in the place of an element that was found in it. */
export function replaceElement(text: string, element: XmlElement, xml: string): string {
  return splice(text, element.start, element.end, xml);
}

/** The document without the element at the path; unchanged when there is none. */
export function removeElement(text: string, path: XmlPath): string {
  const found = findElement(parseXml(text), path);
  return found === undefined ? text : splice(text, found.start, found.end, "");
}

/** The document with this text between the tags at the path; unchanged when it says so already. */
export function setText(
  text: string,
  path: XmlPath,
  value: string,
  order: readonly string[] = [],
): string {
  if (textOf(text, findElement(parseXml(text), path)) === value) return text;
  const name = path.at(-1) ?? "";
  return setElement(text, path, { xml: `<${name}>${escapeText(value)}</${name}>`, order });
}

/** Text as it may stand between tags. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

function longestPrefix(root: XmlElement, path: XmlPath): number {
  let length = path.length - 1;
  while (length > 0 && findElement(root, path.slice(0, length)) === undefined) length -= 1;
  return length;
}

function insertInto(
  text: string,
  parent: XmlElement,
  {
    xml,
    name,
    order,
  }: { readonly xml: string; readonly name: string; readonly order: readonly string[] },
): string {
  const isSelfClosed =
    text.slice(parent.start, parent.end).endsWith("/>") && parent.contentStart === parent.end;
  if (isSelfClosed) {
    const tag = text.slice(parent.start, parent.end).replace(/\s*\/>$/, ">");
    return splice(text, parent.start, parent.end, `${tag}${xml}</${parent.name}>`);
  }
  const later = new Set(order.slice(order.indexOf(name) + 1));
  const next = order.includes(name)
    ? parent.children.find((child) => later.has(child.name))
    : undefined;
  const at = next?.start ?? parent.contentEnd;
  return splice(text, at, at, xml);
}

function splice(text: string, start: number, end: number, inserted: string): string {
  return text.slice(0, start) + inserted + text.slice(end);
}

const NAMED: Readonly<Record<string, string>> = {
  amp: "&",
  lt: "<",
  gt: ">",
  quot: '"',
  apos: "'",
};

function decode(text: string): string {
  return text.replace(/&(?:#x([0-9a-f]+)|#(\d+)|(\w+));/gi, (whole, hex, decimal, name) => {
    if (name !== undefined) return NAMED[name] ?? whole;
    const point = hex === undefined ? Number(decimal) : Number.parseInt(hex, 16);
    return point <= 0x10ffff ? String.fromCodePoint(point) : whole;
  });
}
