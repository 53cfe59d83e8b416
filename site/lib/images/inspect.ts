import type { Sharp } from "sharp";
import {
  FORMATS,
  type ImageFacts,
  type Look,
  MOST_HEIGHT,
  MOST_PIXELS,
  type Refusal,
  refused,
  sizeText,
} from "./facts.ts";
import { readSvg } from "./svg.ts";
import { WIDEST } from "./variants.ts";

/**
 * What an image file holds, or why it cannot be used. `extension` is the end of its name, `.jpg`. Only
 * the head is read; of a PNG without transparency also a small copy, to see whether it is a photograph.
 */
export async function inspectImage(
  bytes: Buffer,
  extension: string,
): Promise<ImageFacts | Refusal> {
  const promised = FORMATS[extension];
  if (bytes.byteLength === 0) return refused("is empty", "Save the image again.");
  const format = formatOf(bytes);
  if (format === undefined) return unknownFormat(bytes);
  if (format !== promised) {
    return refused(
      `is named ${extension} but holds ${NAMES[format]}`,
      `Rename it to end in .${format === "jpeg" ? "jpg" : format}.`,
    );
  }
  return format === "svg" ? readSvg(bytes.toString("utf8")) : inspectPixels(bytes);
}

const NAMES: Readonly<Record<string, string>> = {
  jpeg: "a JPEG",
  png: "a PNG",
  webp: "a WebP",
  avif: "an AVIF",
  gif: "a GIF",
  svg: "an SVG",
};

async function inspectPixels(bytes: Buffer): Promise<ImageFacts | Refusal> {
  const { default: sharp } = await import("sharp");
  // The limit is ours to explain: without it the library refuses with a sentence of its own.
  const image = sharp(bytes, { limitInputPixels: false });
  let head: Awaited<ReturnType<Sharp["metadata"]>>;
  try {
    head = await image.metadata();
  } catch (error) {
    return damaged(error);
  }
  const { width, height } = head.autoOrient;
  if (width * height > MOST_PIXELS) {
    return refused(
      `has ${width} x ${height} pixels, more than ${MOST_PIXELS / 1_000_000} million`,
      "Save it smaller: 2,600 pixels of width are plenty.",
    );
  }
  if ((height * Math.min(width, WIDEST)) / width > MOST_HEIGHT) {
    return refused(
      `has ${width} x ${height} pixels, which is too high for its width`,
      "Divide it into several, each a part of its height.",
    );
  }
  if (head.space === "cmyk") {
    return refused(
      "has the colours of a printer (CMYK)",
      "Save it with the colours of a screen (sRGB).",
    );
  }
  if ((head.pages ?? 1) > 1) {
    if (head.format === "gif") return { kind: "animation", width, height };
    return refused("is animated", "Use a GIF for a short animation, or a still picture.");
  }
  try {
    return { kind: "still", width, height, look: await lookOf(image, head.format) };
  } catch (error) {
    return damaged(error);
  }
}

/** Why a file of a known kind cannot be decoded. */
export function damaged(error: unknown): Refusal {
  const said = error instanceof Error ? error.message : String(error);
  const reason = said.replace(/\s+/g, " ").trim().replace(/\.$/, "").slice(0, 120);
  return refused(`is damaged or cut off (${reason})`, "Save or copy the image again.");
}

const SAMPLE = 64;
const FEW_COLOURS = 512;

async function lookOf(image: Sharp, format: string): Promise<Look> {
  if (format === "jpeg") return "photo";
  if (format === "gif") return "drawing";
  const small = { width: SAMPLE, height: SAMPLE, fit: "fill", kernel: "nearest" } as const;
  const { data, info } = await image
    .clone()
    .resize(small)
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  const colours = new Set<number>();
  for (let at = 0; at < data.length; at += info.channels) {
    if (info.channels === 4 && (data[at + 3] ?? 255) < 255) return "drawing";
    colours.add(((data[at] ?? 0) << 16) | ((data[at + 1] ?? 0) << 8) | (data[at + 2] ?? 0));
  }
  return colours.size > FEW_COLOURS ? "photo" : "drawing";
}

/** The format by the first bytes, whatever the file is called. */
function formatOf(bytes: Buffer): string | undefined {
  const head = bytes.subarray(0, 12).toString("latin1");
  if (head.startsWith("\xff\xd8\xff")) return "jpeg";
  if (head.startsWith("\x89PNG\r\n\x1a\n")) return "png";
  if (/^GIF8[79]a/.test(head)) return "gif";
  if (/^RIFF[\s\S]{4}WEBP/.test(head)) return "webp";
  if (/^[\s\S]{4}ftypavi[fs]/.test(head)) return "avif";
  return /<svg[\s>]/i.test(bytes.subarray(0, 4096).toString("utf8")) ? "svg" : undefined;
}

function unknownFormat(bytes: Buffer): Refusal {
  if (bytes.subarray(0, 60).toString("latin1").startsWith("version https://git-lfs")) {
    return refused("is a pointer of Git LFS, not the image", "Run git lfs pull.");
  }
  return refused(
    `is no image we know (${sizeText(bytes.byteLength)})`,
    "Save it as JPEG, PNG, WebP, AVIF, GIF or SVG.",
  );
}
