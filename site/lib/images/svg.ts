import { Parser } from "htmlparser2";
import { type ImageFacts, type Refusal, refused } from "./facts.ts";

type Attributes = Readonly<Record<string, string>>;

/** Elements that run code, or that hold a page inside the drawing. */
const ACTIVE = new Set([
  "script",
  "foreignobject",
  "iframe",
  "object",
  "embed",
  "handler",
  "listener",
]);
const ANIMATIONS = new Set(["animate", "set", "animatemotion", "animatetransform"]);
const LINKS = ["href", "xlink:href", "src"];

/**
 * The size of a drawing, or why it cannot be used. An SVG is a document: one that could run a script or
 * ask another host for something is refused, never cleaned, so that what is published is what was drawn.
 */
export function readSvg(text: string): ImageFacts | Refusal {
  if (/<!(?:DOCTYPE|ENTITY)/i.test(text)) {
    return unsafe("has a DOCTYPE, which can hide other text");
  }
  if (/<\?xml-stylesheet/i.test(text)) return unsafe("asks for a stylesheet of its own");
  let root: { readonly name: string; readonly attributes: Attributes } | undefined;
  let complaint: string | undefined;
  let inStyle = false;
  const parser = new Parser(
    {
      onopentag(name, attributes) {
        root ??= { name, attributes };
        inStyle = localName(name) === "style";
        complaint ??= dangerIn(localName(name), attributes);
      },
      ontext(styles) {
        if (inStyle) complaint ??= dangerInStyle(styles);
      },
      onclosetag() {
        inStyle = false;
      },
    },
    { xmlMode: true, decodeEntities: true },
  );
  parser.end(text);
  if (root === undefined || localName(root.name) !== "svg") {
    return refused("holds no drawing", "Export it again as SVG.");
  }
  return complaint === undefined ? sizeOf(root.attributes) : unsafe(complaint);
}

function dangerIn(element: string, attributes: Attributes): string | undefined {
  if (ACTIVE.has(element)) return `has a <${element}> in it`;
  if (ANIMATIONS.has(element) && /href$/i.test(attributes.attributeName ?? "")) {
    return "changes a link while it is shown";
  }
  for (const [name, value] of Object.entries(attributes)) {
    const danger = dangerInAttribute(name.toLowerCase(), value);
    if (danger !== undefined) return danger;
  }
  return undefined;
}

function dangerInAttribute(name: string, value: string): string | undefined {
  if (name.startsWith("on")) return `has a script in its attribute ${name}`;
  if (LINKS.includes(name) && !isInside(value)) return `leads to ${shown(value)}`;
  return name === "style" || value.includes("url(") ? dangerInStyle(value) : undefined;
}

function dangerInStyle(styles: string): string | undefined {
  if (/@import/i.test(styles) || styles.includes("\\")) return "loads other styles";
  const urls = [...styles.matchAll(/url\(\s*["']?([^"')]*)/gi)].map(([, url]) => url ?? "");
  const outside = urls.find((url) => !isInside(url));
  return outside === undefined ? undefined : `leads to ${shown(outside)}`;
}

/** A place in the drawing itself, or a picture that travels in it. */
function isInside(address: string): boolean {
  return /^(#|data:image\/(png|jpeg|webp|gif);)/i.test(address.trim());
}

function sizeOf(attributes: Attributes): ImageFacts | Refusal {
  const box = (attributes.viewBox ?? "")
    .trim()
    .split(/[\s,]+/)
    .map(Number);
  const boxWidth = box.length === 4 ? (box[2] ?? 0) : 0;
  const boxHeight = box.length === 4 ? (box[3] ?? 0) : 0;
  const width = pixels(attributes.width) ?? boxWidth;
  const height = pixels(attributes.height) ?? boxHeight;
  if (!(width >= 1 && height >= 1 && width <= 20_000 && height <= 20_000)) {
    return refused(
      "says no size, so the page cannot keep room for it",
      'Give its <svg> a width and a height, or a viewBox such as "0 0 800 450".',
    );
  }
  return { kind: "vector", width: Math.round(width), height: Math.round(height) };
}

/** `800` and `800px`; other units depend on the page, so the viewBox decides. */
function pixels(length: string | undefined): number | undefined {
  const number = /^\s*(\d+(?:\.\d+)?)(?:px)?\s*$/.exec(length ?? "")?.[1];
  return number === undefined ? undefined : Number(number);
}

function localName(name: string): string {
  return name.slice(name.indexOf(":") + 1).toLowerCase();
}

function shown(address: string): string {
  return `"${address.trim().slice(0, 60)}"`;
}

function unsafe(message: string): Refusal {
  return refused(
    message,
    "Export it as a plain drawing, without scripts, links and outside files.",
  );
}
