import { createHash } from "node:crypto";
import type { ImageFacts, Look } from "./facts.ts";

/** One file that the site serves for an image. Widths and heights are in pixels. */
export type Variant = {
  /** Its place in the output: `assets/images/desk-656.0123456789.avif`. */
  readonly path: string;
  readonly format: "avif" | "webp" | "jpeg" | "png" | "gif" | "svg";
  readonly width: number;
  readonly height: number;
};

/** An image as pages show it: a browser takes the first source it can read, in the width it needs. */
export type SiteImage = {
  /** Changes when any byte of any variant may change. */
  readonly id: string;
  readonly width: number;
  readonly height: number;
  readonly look: Look;
  readonly sources: readonly ImageSource[];
  /** For browsers that read no source, and for feed readers. */
  readonly fallback: Variant;
};

export type ImageSource = {
  readonly format: "avif" | "webp";
  /** Only for people who asked for less motion. */
  readonly reducedMotion: boolean;
  readonly variants: readonly Variant[];
};

/** What the bytes of a variant depend on besides the source file. */
export type Encoder = {
  /** `dev` leaves AVIF out: it takes seconds to encode. */
  readonly mode: "build" | "dev";
  /** The version of the encoding library. */
  readonly version: string;
};

/** Raise it when a change in `encode.ts` gives other bytes for the same source. */
const ENCODING = 1;

/** The column of text is at most 656 CSS pixels wide, of two device pixels each; no eye sees more. */
export const WIDEST = 1312;

/** These serve that column on phones and desktops of one and two device pixels a CSS pixel. */
const WIDTHS = [360, 656, 984, WIDEST];
const FALLBACK_WIDTH = 984;

/** A width this much narrower than the next one saves nobody anything. */
const WORTHWHILE = 0.85;

/** Everything that will be served for an image. `name` is the file's own, without folder. */
export function planImage(
  source: { readonly name: string; readonly digest: string; readonly facts: ImageFacts },
  encoder: Encoder,
): SiteImage {
  const { facts, digest } = source;
  const { width, height } = facts;
  const id = shortHash(["image", digest, encoder.mode, encoder.version, ENCODING].join(" "));
  const variant = (format: Variant["format"], wanted: number): Variant => {
    const isCopy = format === "svg" || format === "gif";
    const inputs = isCopy ? digest : [digest, format, wanted, encoder.version, ENCODING].join(" ");
    const stem = isCopy ? slugOf(source.name) : `${slugOf(source.name)}-${wanted}`;
    return {
      path: `assets/images/${stem}.${shortHash(inputs)}.${EXTENSIONS[format]}`,
      format,
      width: wanted,
      height: Math.max(1, Math.round((height * wanted) / width)),
    };
  };
  const image = { id, width, height };
  switch (facts.kind) {
    case "vector":
      return { ...image, look: "drawing", sources: [], fallback: variant("svg", width) };
    case "animation": {
      const still = variant("webp", Math.min(width, FALLBACK_WIDTH));
      return {
        ...image,
        look: "drawing",
        sources: [{ format: "webp", reducedMotion: true, variants: [still] }],
        fallback: variant("gif", width),
      };
    }
    case "still": {
      const widths = widthsFor(width);
      const formats = encoder.mode === "dev" ? (["webp"] as const) : (["avif", "webp"] as const);
      return {
        ...image,
        look: facts.look,
        sources: formats.map((format) => ({
          format,
          reducedMotion: false,
          variants: widths.map((wanted) => variant(format, wanted)),
        })),
        fallback: variant(
          facts.look === "photo" ? "jpeg" : "png",
          widths.findLast((wanted) => wanted <= FALLBACK_WIDTH) ?? width,
        ),
      };
    }
  }
}

/** Every file an image needs, the widest first: the others are made from it. */
export function variantsOf(image: SiteImage): readonly Variant[] {
  return [...image.sources.flatMap(({ variants }) => variants), image.fallback].sort(
    (a, b) => b.width - a.width,
  );
}

/** The widths to offer for a source of this width, narrowest first; never wider than the source. */
export function widthsFor(sourceWidth: number): readonly number[] {
  const widest = Math.min(sourceWidth, WIDEST);
  return [...WIDTHS.filter((width) => width <= widest * WORTHWHILE), widest];
}

const EXTENSIONS: Readonly<Record<Variant["format"], string>> = {
  avif: "avif",
  webp: "webp",
  jpeg: "jpg",
  png: "png",
  gif: "gif",
  svg: "svg",
};

/** A file name as part of an address: lower-case letters, digits and dashes; `image` when none are left. */
function slugOf(name: string): string {
  const slug = name
    .replace(/\.[^.]*$/, "")
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60);
  return slug || "image";
}

function shortHash(text: string): string {
  return createHash("sha256").update(text).digest("hex").slice(0, 10);
}
