import type { Sharp } from "sharp";
import {
  type Look,
  MOST_PIXELS,
  MOST_VARIANT_BYTES,
  type Refusal,
  refused,
  sizeText,
} from "./facts.ts";
import { damaged } from "./inspect.ts";
import type { SiteImage, Variant } from "./variants.ts";

/** One variant in its final bytes. */
export type Encoded = { readonly variant: Variant; readonly bytes: Uint8Array };

/**
 * Makes the wanted variants of an image, one after the other. The picture is turned as the camera was
 * held, brought to sRGB and stripped of everything that is not picture: place, time, camera. Each variant
 * has the best quality that stays below MOST_VARIANT_BYTES; a refusal says which one cannot.
 */
export async function encodeImage(
  source: Buffer,
  image: SiteImage,
  wanted: readonly Variant[],
): Promise<readonly Encoded[] | Refusal> {
  const copied = wanted.filter(({ format }) => format === "svg" || format === "gif");
  const drawn = wanted.filter((variant) => !copied.includes(variant));
  const tooLarge = copied.find(() => source.byteLength > MOST_VARIANT_BYTES);
  if (tooLarge) return copyTooLarge(tooLarge, source.byteLength);
  const encoded: Encoded[] = copied.map((variant) => ({ variant, bytes: source }));
  try {
    const master = drawn.length === 0 ? undefined : await decode(source, drawn);
    for (const variant of drawn) {
      const bytes = master && (await smallEnough(master, variant, image.look));
      if (!(bytes instanceof Uint8Array)) return bytes ?? damaged("nothing was decoded");
      encoded.push({ variant, bytes });
    }
  } catch (error) {
    return damaged(error);
  }
  return encoded;
}

/** The picture in the largest size wanted, so that the source is decoded once. */
async function decode(source: Buffer, wanted: readonly Variant[]): Promise<Sharp> {
  const { default: sharp } = await import("sharp");
  const width = Math.max(...wanted.map((variant) => variant.width));
  const { data, info } = await sharp(source, { limitInputPixels: MOST_PIXELS, failOn: "error" })
    .autoOrient()
    .resize({ width, withoutEnlargement: true })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const { channels, height } = info;
  return sharp(data, { raw: { width: info.width, height, channels } });
}

type Attempt = (image: Sharp) => Sharp;

/** How to encode, best first. The first one that is small enough wins. */
const ATTEMPTS: Readonly<
  Record<Look, Readonly<Record<"avif" | "webp" | "jpeg" | "png", readonly Attempt[]>>>
> = {
  photo: {
    avif: [50, 40, 30].map((quality) => (image) => image.avif({ quality, effort: 4 })),
    webp: [75, 60, 45].map((quality) => (image) => image.webp({ quality })),
    jpeg: [78, 65, 50].map((quality) => (image) => image.jpeg({ quality, mozjpeg: true })),
    png: [(image) => image.png({ palette: true, effort: 7 })],
  },
  drawing: {
    avif: [60, 50, 40].map(
      (quality) => (image) => image.avif({ quality, effort: 4, chromaSubsampling: "4:4:4" }),
    ),
    webp: [
      (image) => image.webp({ lossless: true, effort: 6 }),
      ...[85, 70, 50].map(
        (quality): Attempt =>
          (image) =>
            image.webp({ quality }),
      ),
    ],
    jpeg: [(image) => image.jpeg({ quality: 85, mozjpeg: true })],
    png: [256, 64, 16].map(
      (colours) => (image) => image.png({ palette: true, colours, effort: 7 }),
    ),
  },
};

async function smallEnough(
  master: Sharp,
  variant: Variant,
  look: Look,
): Promise<Uint8Array | Refusal> {
  const { format, width, height } = variant;
  if (format === "svg" || format === "gif") throw new Error(`${format} is copied, never encoded`);
  let bytes = 0;
  for (const attempt of ATTEMPTS[look][format]) {
    const resized = master.clone().resize({ width, height, fit: "fill" });
    const result = await attempt(resized).toBuffer();
    if (result.byteLength <= MOST_VARIANT_BYTES) return result;
    bytes = result.byteLength;
  }
  return refused(
    `has so much detail that ${width} pixels of it as ${format.toUpperCase()} weigh ${sizeText(bytes)}, over ${sizeText(MOST_VARIANT_BYTES)}`,
    "Crop it, or save it with less detail.",
  );
}

function copyTooLarge({ format }: Variant, bytes: number): Refusal {
  return refused(
    `weighs ${sizeText(bytes)}, over ${sizeText(MOST_VARIANT_BYTES)}`,
    format === "gif"
      ? "Use fewer frames or a smaller picture, or show a still one."
      : "Simplify the drawing, or save it as PNG.",
  );
}
