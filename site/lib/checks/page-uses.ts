/** What a page makes a browser load or do, as far as a content security policy has a word for it. */
export type PageUse =
  | "connection"
  | "data-image"
  | "font"
  | "form"
  | "frame"
  | "image"
  | "manifest"
  | "media"
  | "object"
  | "script"
  | "style";

type Attributes = Readonly<Record<string, string>>;

/** What one element needs; nothing for most of them. */
export function usesOfElement(tag: string, attributes: Attributes): readonly PageUse[] {
  if (tag === "script") return attributes.src === undefined ? [] : ["script", "connection"];
  if (tag === "link") return usesOfLink(attributes);
  const use = tag === "source" && attributes.srcset !== undefined ? "image" : BY_TAG[tag];
  const poster = attributes.poster === undefined ? [] : imageUse(attributes.poster);
  if (use === undefined) return poster;
  return use === "image" ? imageUse(attributes.src ?? attributes.href ?? "") : [use, ...poster];
}

/** What a finished stylesheet needs of its own accord. */
export function usesOfStyle(css: string): readonly PageUse[] {
  const urls = [...css.matchAll(/url\(\s*["']?([^"')]*)/g)].map(([, url]) => url ?? "");
  const fonts: readonly PageUse[] = css.includes("@font-face") ? ["font"] : [];
  return [...fonts, ...urls.flatMap(imageUse)];
}

const BY_TAG: Readonly<Record<string, PageUse>> = {
  audio: "media",
  embed: "object",
  form: "form",
  iframe: "frame",
  image: "image",
  img: "image",
  object: "object",
  source: "media",
  video: "media",
};

function usesOfLink({ rel = "", href = "" }: Attributes): readonly PageUse[] {
  const words = rel.toLowerCase().split(/\s+/);
  if (words.includes("stylesheet")) return ["style"];
  if (words.includes("manifest")) return ["manifest"];
  if (words.includes("modulepreload")) return ["script"];
  return words.some((word) => word === "icon" || word === "apple-touch-icon") ? imageUse(href) : [];
}

function imageUse(url: string): readonly PageUse[] {
  return url.startsWith("data:") ? ["data-image"] : ["image"];
}
