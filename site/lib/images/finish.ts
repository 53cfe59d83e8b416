import { readFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { availableParallelism } from "node:os";
import { posix } from "node:path";
import pLimit from "p-limit";
import type { CopiedFile } from "../assets.ts";
import type { Blob, BlobCache } from "../blob-cache.ts";
import type { Problem } from "../problem.ts";
import { encodeImage } from "./encode.ts";
import type { Refusal } from "./facts.ts";
import type { UsedImage } from "./library.ts";
import { type Variant, variantsOf } from "./variants.ts";

/** The files of all images: where each goes in the output, and the finished file to take. */
export type FinishedImages = {
  readonly files: readonly CopiedFile[];
  readonly problems: readonly Problem[];
  /** What pages name and nobody could make. The problems say why; that it is missing says nothing new. */
  readonly missing: readonly { readonly path: string }[];
  /** How many files were encoded, because the cache did not have them. */
  readonly encoded: number;
};

/** Encoding one image as AVIF takes up to 200 MB; a machine of many cores need not have them all. */
const MOST_AT_ONCE = 4;

/**
 * Brings every variant of the used images into the cache. As many images as there are cores, but not
 * more than MOST_AT_ONCE, are worked on at once, each decoded once. An image that cannot be encoded is a problem wherever it is named.
 */
export async function finishImages(
  used: readonly UsedImage[],
  cache: BlobCache,
): Promise<FinishedImages> {
  const limit = pLimit(Math.min(availableParallelism(), MOST_AT_ONCE));
  const problems: Problem[] = [];
  let encoded = 0;
  const missing: { path: string }[] = [];
  const files = used.map(async (usedImage) => {
    const variants = variantsOf(usedImage.image);
    const found = new Map(variants.map(({ path }) => [path, cache.find(blobName(path))]));
    const wanted = variants.filter(({ path }) => found.get(path) === undefined);
    if (wanted.length > 0) {
      const made = await limit(() => make(usedImage, wanted, cache));
      if ("kind" in made) problems.push(...blame(usedImage, made));
      else for (const [path, blob] of made) found.set(path, blob);
      encoded += "kind" in made ? 0 : made.size;
    }
    const shownIn = usedImage.uses.map(({ file }) => file);
    return [...found].flatMap(([path, blob]) => {
      if (blob === undefined) missing.push({ path });
      return blob === undefined ? [] : [{ path, ...blob, shownIn }];
    });
  });
  return { files: (await Promise.all(files)).flat(), problems, missing, encoded };
}

async function make(
  { path, image }: UsedImage,
  wanted: readonly Variant[],
  cache: BlobCache,
): Promise<ReadonlyMap<string, Blob> | Refusal> {
  const result = await encodeImage(await readFile(path), image, wanted);
  if ("kind" in result) return result;
  const made = new Map<string, Blob>();
  for (const { variant, bytes } of result) {
    made.set(variant.path, await cache.put(blobName(variant.path), bytes));
  }
  return made;
}

function blobName(path: string): string {
  return posix.basename(path);
}

function blame({ uses }: UsedImage, { message, fix }: Refusal): readonly Problem[] {
  return uses.map(({ file, address }) => {
    const line = lineWith(readFileSync(file, "utf8"), address);
    return { file, ...(line === undefined ? {} : { line }), field: address, message, fix };
  });
}

/** The first line, from 1, that holds a text. */
function lineWith(text: string, wanted: string): number | undefined {
  const index = text.split("\n").findIndex((line) => line.includes(wanted));
  return index < 0 ? undefined : index + 1;
}
