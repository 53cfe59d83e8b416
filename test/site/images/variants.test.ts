import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { ImageFacts } from "../../../site/lib/images/facts.ts";
import { pictureHtml } from "../../../site/lib/images/markup.ts";
import {
  type Encoder,
  planImage,
  variantsOf,
  widthsFor,
} from "../../../site/lib/images/variants.ts";

const BUILD: Encoder = { mode: "build", version: "1.0.0" };
const DIGEST = "a".repeat(64);
const PHOTO: ImageFacts = { kind: "still", width: 2400, height: 1600, look: "photo" };
const plan = (facts: ImageFacts, encoder = BUILD, name = "desk.jpg", digest = DIGEST) =>
  planImage({ name, digest, facts }, encoder);

describe("The widths of an image", () => {
  test.each([
    ["a wide source is cut to what screens show", 4000, [360, 656, 984, 1312]],
    ["the source itself is the widest", 1200, [360, 656, 984, 1200]],
    ["a width close to the next one is left out", 1000, [360, 656, 1000]],
    ["a small source stays as it is", 200, [200]],
    ["one pixel is a picture too", 1, [1]],
  ])("%s", (_name, source, widths) => {
    expect(widthsFor(source)).toEqual(widths);
  });

  test("grow, and never beyond the source", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 20_000 }), (source) => {
        const widths = widthsFor(source);
        expect(widths.length).toBeGreaterThan(0);
        expect(widths).toEqual([...widths].sort((a, b) => a - b));
        expect(new Set(widths).size).toBe(widths.length);
        expect(Math.max(...widths)).toBeLessThanOrEqual(source);
      }),
    );
  });
});

describe("The plan of an image", () => {
  test("offers AVIF, then WebP, and one JPEG of a photograph", () => {
    const image = plan(PHOTO);
    expect(image.sources.map(({ format }) => format)).toEqual(["avif", "webp"]);
    expect(image.fallback).toMatchObject({ format: "jpeg", width: 984, height: 656 });
    expect(variantsOf(image)).toHaveLength(9);
  });

  test("keeps the edges of a drawing: its fallback is a PNG", () => {
    const image = plan({ ...PHOTO, look: "drawing" });
    expect(image.fallback.path).toMatch(/^assets\/images\/desk-984\.[0-9a-f]{10}\.png$/);
  });

  test("leaves AVIF out while somebody writes", () => {
    const image = plan(PHOTO, { ...BUILD, mode: "dev" });
    expect(image.sources.map(({ format }) => format)).toEqual(["webp"]);
    expect(image.id).not.toBe(plan(PHOTO).id);
  });

  test("publishes a vector drawing as it is", () => {
    const image = plan({ kind: "vector", width: 800, height: 450 }, BUILD, "flow.svg");
    expect(image.sources).toEqual([]);
    expect(image.fallback.path).toMatch(/^assets\/images\/flow\.[0-9a-f]{10}\.svg$/);
  });

  test("shows a still picture instead of an animation to those who asked for less motion", () => {
    const image = plan({ kind: "animation", width: 400, height: 300 }, BUILD, "demo.gif");
    expect(image.sources).toMatchObject([{ format: "webp", reducedMotion: true }]);
    expect(image.fallback.format).toBe("gif");
  });

  test("names other files for other bytes and for another encoder, the same for the same", () => {
    const names = (image: ReturnType<typeof plan>) => variantsOf(image).map(({ path }) => path);
    const all = [
      ...names(plan(PHOTO)),
      ...names(plan(PHOTO, BUILD, "desk.jpg", "b".repeat(64))),
      ...names(plan(PHOTO, { ...BUILD, version: "2.0.0" })),
    ];
    expect(new Set(all).size).toBe(all.length);
    expect(names(plan(PHOTO))).toEqual(names(plan(PHOTO)));
  });

  test.each([
    ["Große Tür (1).JPG", "gro-e-tur-1"],
    ["日本.png", "image"],
    ["../../etc/passwd.png", "etc-passwd"],
  ])("makes an address of the name %s", (name, slug) => {
    const { path } = plan(PHOTO, BUILD, name).fallback;
    expect(path).toMatch(new RegExp(`^assets/images/${slug}-984\\.[0-9a-f]{10}\\.jpg$`));
  });
});

describe("The HTML of an image", () => {
  const image = plan(PHOTO);

  test("names every width with its size, and the room the picture takes", () => {
    const html = pictureHtml(image, { alt: "A desk", isFirst: false });
    expect(html).toMatch(
      /^<picture><source type="image\/avif" srcset="\/assets\/images\/desk-360\.\w{10}\.avif 360w, .* 1312w" sizes="[^"]+"><source type="image\/webp"/,
    );
    expect(html).toContain('width="2400" height="1600" alt="A desk" loading="lazy"');
    expect(html).toContain('decoding="async"></picture>');
  });

  test("asks for the first image at once", () => {
    const html = pictureHtml(image, { alt: "", isFirst: true });
    expect(html).toContain('alt="" fetchpriority="high" decoding="async"');
    expect(html).not.toContain("lazy");
  });

  test("lets no alt text become markup", () => {
    const html = pictureHtml(image, { alt: '"><script>&', isFirst: false });
    expect(html).toContain('alt="&quot;&gt;&lt;script&gt;&amp;"');
  });
});
