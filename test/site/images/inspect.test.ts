import sharp from "sharp";
import { describe, expect, test } from "vitest";
import { encodeImage } from "../../../site/lib/images/encode.ts";
import type { ImageFacts } from "../../../site/lib/images/facts.ts";
import { inspectImage } from "../../../site/lib/images/inspect.ts";
import { planImage, variantsOf } from "../../../site/lib/images/variants.ts";
import { animation, drawing, photo, pixelBomb } from "./sample-images.ts";

const still = (width: number, height: number, look: "photo" | "drawing"): ImageFacts => ({
  kind: "still",
  width,
  height,
  look,
});

describe("A look into an image file", () => {
  test.each<[string, string, () => Promise<Buffer>, ImageFacts]>([
    ["a photograph", ".jpg", () => photo(90, 60), still(90, 60, "photo")],
    ["a drawing", ".png", () => drawing(80, 40), still(80, 40, "drawing")],
    [
      "a photograph saved as PNG",
      ".png",
      async () =>
        sharp(await photo(300, 200))
          .png()
          .toBuffer(),
      still(300, 200, "photo"),
    ],
    [
      "a grey drawing",
      ".png",
      async () =>
        sharp(await drawing(9, 9))
          .flatten({ background: "#777" })
          .greyscale()
          .png()
          .toBuffer(),
      still(9, 9, "drawing"),
    ],
    ["an animation", ".gif", () => animation(30, 20), { kind: "animation", width: 30, height: 20 }],
    [
      "a photograph taken with the camera on its side",
      ".jpeg",
      async () =>
        sharp(await photo(90, 60))
          .withMetadata({ orientation: 6 })
          .jpeg()
          .toBuffer(),
      still(60, 90, "photo"),
    ],
  ])("sees %s", async (_name, extension, make, facts) => {
    expect(await inspectImage(await make(), extension)).toEqual(facts);
  });

  test.each<[string, string, () => Promise<Buffer> | Buffer, string]>([
    ["no bytes", ".png", () => Buffer.alloc(0), "is empty"],
    ["text", ".png", () => Buffer.from("hello"), "is no image we know (1 kB)"],
    ["a JPEG named .png", ".png", () => photo(9, 9), "is named .png but holds a JPEG"],
    ["a pixel bomb", ".png", pixelBomb, "has 30000 x 30000 pixels, more than 50 million"],
    ["a picture that is too high", ".png", () => drawing(9, 16_384), "has 9 x 16384 pixels"],
    [
      "a printer's colours",
      ".jpg",
      async () =>
        sharp(await photo(9, 9))
          .toColourspace("cmyk")
          .jpeg()
          .toBuffer(),
      "has the colours of a printer (CMYK)",
    ],
    [
      "an animated WebP",
      ".webp",
      async () =>
        sharp(await animation(9, 9), { animated: true })
          .webp()
          .toBuffer(),
      "is animated",
    ],
    [
      "a pointer of Git LFS",
      ".jpg",
      () => Buffer.from("version https://git-lfs.github.com/spec/v1\noid sha256:1\n"),
      "is a pointer of Git LFS, not the image",
    ],
    [
      "a PNG that ends in its head",
      ".png",
      async () => (await drawing(90, 90)).subarray(0, 20),
      "is damaged or cut off",
    ],
  ])("refuses %s", async (_name, extension, make, message) => {
    const refusal = await inspectImage(await make(), extension);
    expect(refusal).toMatchObject({ kind: "refused", message: expect.stringContaining(message) });
  });
});

describe("An encoded image", () => {
  const encoder = { mode: "dev", version: "1" } as const;

  async function encode(bytes: Buffer, extension: string) {
    const facts = await inspectImage(bytes, extension);
    if (facts.kind === "refused") throw new Error(facts.message);
    const image = planImage({ name: "x", digest: "0", facts }, encoder);
    return encodeImage(bytes, image, variantsOf(image));
  }

  async function encodeWell(bytes: Buffer, extension: string) {
    const encoded = await encode(bytes, extension);
    if ("kind" in encoded) throw new Error(encoded.message);
    return encoded;
  }

  test("is turned as the camera was held, and says nothing of where it was taken", async () => {
    const source = await sharp(await photo(400, 300))
      .withExif({
        IFD0: { Make: "A camera" },
        IFD3: { GPSLatitude: "51/1 55/1 0/1", GPSLatitudeRef: "N" },
      })
      .withMetadata({ orientation: 6 })
      .jpeg()
      .toBuffer();
    expect((await sharp(source).metadata()).exif).toBeDefined();
    const encoded = await encodeWell(source, ".jpg");
    expect(encoded.map(({ variant: { format, width } }) => [format, width])).toEqual([
      ["webp", 300],
      ["jpeg", 300],
    ]);
    for (const { variant, bytes } of encoded) {
      const head = await sharp(bytes).metadata();
      expect([head.width, head.height]).toEqual([variant.width, variant.height]);
      expect([head.exif, head.xmp, head.iptc, head.icc]).toEqual(Array(4).fill(undefined));
      expect(head.orientation ?? 1).toBe(1);
    }
  });

  test("stays transparent where it was", async () => {
    for (const { bytes } of await encodeWell(await drawing(60, 40), ".png")) {
      expect((await sharp(bytes).stats()).isOpaque).toBe(false);
    }
  });

  test("keeps an animation byte for byte, with a still picture beside it", async () => {
    const source = await animation(60, 40);
    const encoded = await encodeWell(source, ".gif");
    const gif = encoded.find(({ variant }) => variant.format === "gif");
    expect(gif?.bytes).toEqual(source);
    const picture = encoded.find(({ variant }) => variant.format === "webp");
    expect((await sharp(picture?.bytes).metadata()).pages ?? 1).toBe(1);
  });

  test("is refused when the file is cut off in the middle", async () => {
    const whole = await photo(600, 400);
    expect(await encode(whole.subarray(0, whole.length / 2), ".jpg")).toMatchObject({
      kind: "refused",
      message: expect.stringContaining("is damaged or cut off"),
    });
  });

  test("gives up quality to stay light, and is refused when that is not enough", async () => {
    const noise = { type: "gaussian", mean: 128, sigma: 60 } as const;
    const source = await sharp({
      create: { width: 1312, height: 900, channels: 3, background: "#888", noise },
    })
      .jpeg({ quality: 95 })
      .toBuffer();
    expect(await encode(source, ".jpg")).toMatchObject({
      kind: "refused",
      message: expect.stringMatching(
        /^has so much detail that 1312 pixels of it as WEBP weigh \d+ kB, over 100 kB$/,
      ),
    });
  });
});
