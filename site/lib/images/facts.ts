/** Photographs and drawings want other encodings: soft loss here, sharp edges there. */
export type Look = "photo" | "drawing";

/** What an image file holds. Sizes are in pixels, after the turn that the camera asked for. */
export type ImageFacts =
  | { readonly kind: "still"; readonly width: number; readonly height: number; readonly look: Look }
  | { readonly kind: "vector"; readonly width: number; readonly height: number }
  | { readonly kind: "animation"; readonly width: number; readonly height: number };

/** Why a file cannot be used, and what its author can do. */
export type Refusal = { readonly kind: "refused"; readonly message: string; readonly fix: string };

/** What may be used as an image, by the end of its name. */
export const FORMATS: Readonly<Record<string, string>> = {
  ".jpg": "jpeg",
  ".jpeg": "jpeg",
  ".png": "png",
  ".webp": "webp",
  ".avif": "avif",
  ".gif": "gif",
  ".svg": "svg",
};

/** Larger files belong into an archive, not into a repository. */
export const MOST_SOURCE_BYTES = 20_000_000;

/** More than any phone takes; decoding it needs about 200 MB. */
export const MOST_PIXELS = 50_000_000;

/** A picture in any of the widths that are made of it: what WebP can hold. */
export const MOST_HEIGHT = 16_383;

/** What one file of an image may weigh on its way to a reader. */
export const MOST_VARIANT_BYTES = 100_000;

export function refused(message: string, fix: string): Refusal {
  return { kind: "refused", message, fix };
}

/** Bytes for people: `123 kB`, `20.5 MB`. */
export function sizeText(bytes: number): string {
  if (bytes < 1_000_000) return `${Math.ceil(bytes / 1000)} kB`;
  return `${(bytes / 1_000_000).toFixed(1).replace(/\.0$/, "")} MB`;
}
