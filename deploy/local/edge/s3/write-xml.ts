/** A piece of an XML document: an element with text, with children, or without content. */
export type XmlElement = {
  readonly name: string;
  readonly attributes?: Readonly<Record<string, string>>;
  readonly content: string | readonly XmlElement[];
};

const S3_NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";

type Scalar = string | number | boolean;

/** `element("Key", "a&b")`; a list is the children. */
export function element(name: string, content: Scalar | readonly XmlElement[]): XmlElement {
  return { name, content: Array.isArray(content) ? content : String(content) };
}

/** The element, or nothing when there is no value: for use with a spread. */
export function optional(name: string, content: Scalar | undefined): readonly XmlElement[] {
  return content === undefined ? [] : [element(name, content)];
}

/** A whole document in S3's namespace, as S3 writes it. */
export function s3Document(name: string, content: string | readonly XmlElement[]): string {
  const root: XmlElement = { name, attributes: { xmlns: S3_NAMESPACE }, content };
  return `<?xml version="1.0" encoding="UTF-8"?>\n${render(root)}`;
}

/**
 * Text for an element or attribute. Control characters become references, as S3 sends them; XML 1.0
 * cannot carry most of them, which is why S3 offers encoding-type=url (S3-API ListObjectsV2).
 */
export function escapeXml(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not go out bare
  return text.replace(/[&<>"\u0000-\u0008\u000b-\u001f\u007f\ufffe\uffff]/g, (character) => {
    const name = NAMES[character];
    return name ?? `&#x${character.charCodeAt(0).toString(16)};`;
  });
}

const NAMES: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "\r": "&#13;",
};

function render({ name, attributes = {}, content }: XmlElement): string {
  const opening = Object.entries(attributes)
    .map(([key, value]) => ` ${key}="${escapeXml(value)}"`)
    .join("");
  const inner = typeof content === "string" ? escapeXml(content) : content.map(render).join("");
  return inner === "" ? `<${name}${opening}/>` : `<${name}${opening}>${inner}</${name}>`;
}
