import { readFileSync } from "node:fs";
import sharp from "sharp";
import { beforeAll, describe, expect, test } from "vitest";
import { type Brand, hex, readBrand, TOKENS } from "../../../site/lib/brand.ts";
import { type CardText, createCardPainter } from "../../../site/lib/cards/card.ts";
import { drawLogo, reduceColours } from "../../../site/lib/cards/logo.ts";
import { openTypeface } from "../../../site/lib/cards/typeface.ts";
import { drawIcon } from "../../../site/lib/icons/draw.ts";
import { ICON } from "../../../site/lib/media.ts";

const icon = readFileSync(ICON);
const brand: Brand = readBrand(readFileSync(TOKENS, "utf8"));

describe("A social card", () => {
  let paint: (text: CardText) => Promise<Buffer>;

  beforeAll(async () => {
    const [typeface, logo] = await Promise.all([openTypeface(), drawLogo(icon, brand)]);
    paint = createCardPainter({ typeface, brand, siteName: "A company", logo });
  });

  test.each([
    ["a title", "Deploy a static site without torn releases"],
    ["a long title", "word ".repeat(100)],
    ["one endless word", "x".repeat(500)],
    ["other alphabets", "Zażółć Привет Ελληνικά Việt"],
    ["a title nobody can draw", "日本語 🚀"],
    ["no title", ""],
    ["hostile characters", "<svg>&\u0000\u202e\ud800"],
  ])("with %s is a PNG of 1200 x 630 pixels below 60 kB", async (_name, title) => {
    const card = await paint({ title, note: "Mira Castellan · 3 March 2026" });
    const { format, width, height } = await sharp(card).metadata();
    expect({ format, width, height }).toEqual({ format: "png", width: 1200, height: 630 });
    expect(card.byteLength).toBeLessThan(60_000);
    // Decodes to the last row, and there is more on it than paper.
    expect((await sharp(card).stats()).entropy).toBeGreaterThan(0.1);
  });

  test("has the colours of the brand, and dark letters on its marker", async () => {
    const card = await paint({ title: "Title", note: "" });
    const { data } = await sharp(card).removeAlpha().raw().toBuffer({ resolveWithObject: true });
    const colours = new Set<string>();
    for (let at = 0; at < data.length; at += 3) {
      colours.add(hex([data[at] ?? 0, data[at + 1] ?? 0, data[at + 2] ?? 0]));
    }
    for (const wanted of [brand.paper, brand.ink, brand.marker, brand.markerInk]) {
      expect(colours).toContain(hex(wanted));
    }
  });

  test("is the same byte for byte each time, and another for another text", async () => {
    const text = { title: "Twice", note: "note" };
    expect(await paint(text)).toEqual(await paint(text));
    expect(await paint(text)).not.toEqual(await paint({ ...text, title: "Once" }));
  });
});

test("A logo of many colours loses some of them", () => {
  const rgb = Uint8Array.from({ length: 64 * 64 * 3 }, (_, index) => (index * 37) % 256);
  const { palette, pixels } = reduceColours(rgb);
  expect(palette.length).toBeLessThanOrEqual(159);
  expect(Math.max(...pixels)).toBeLessThan(palette.length);
});

describe("The brand's colours", () => {
  test("come from the stylesheet", () => {
    expect(hex(brand.paper)).toBe("#f4f5ef");
    expect(hex(brand.darkPaper)).toBe("#101416");
  });

  test.each([
    ["is missing", ":root{}", "has no --paper"],
    ["is no number", ":root{--paper: white;}", 'says --paper is "white"'],
  ])("are asked for when one %s", (_name, css, message) => {
    expect(() => readBrand(css)).toThrow(message);
  });
});

describe("An icon", () => {
  test("for a telephone is square and has no transparent corner", async () => {
    const image = sharp(await drawIcon("apple-touch", icon, brand));
    expect(await image.metadata()).toMatchObject({ width: 180, height: 180 });
    expect((await image.stats()).isOpaque).toBe(true);
  });

  test("for any mask keeps its drawing in the middle", async () => {
    const image = sharp(await drawIcon("maskable-512", icon, brand));
    const edge = await image.extract({ left: 0, top: 0, width: 512, height: 50 }).png().toBuffer();
    expect((await sharp(edge).stats()).entropy).toBeLessThan(0.1);
  });

  test("for old browsers holds two PNGs", async () => {
    const ico = await drawIcon("ico", icon, brand);
    expect([ico.readUInt16LE(2), ico.readUInt16LE(4)]).toEqual([1, 2]);
    const at = ico.readUInt32LE(6 + 16 + 12);
    const png = ico.subarray(at, at + ico.readUInt32LE(6 + 16 + 8));
    expect(await sharp(png).metadata()).toMatchObject({ format: "png", width: 32, height: 32 });
  });
});
