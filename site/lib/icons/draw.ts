import type { Brand } from "../brand.ts";
import { makeIco } from "./ico.ts";

/** The pictures that devices want of a site's icon. */
export type IconKind = "ico" | "apple-touch" | "icon-192" | "icon-512" | "maskable-512";

/** A maskable icon may be cut to a circle of 80 % of its side: only that part is sure to be seen. */
const SAFE_SHARE = 0.8;

/** Draws one of the pictures from the SVG. The same SVG gives the same bytes. */
export async function drawIcon(kind: IconKind, svg: Buffer, brand: Brand): Promise<Buffer> {
  switch (kind) {
    case "ico":
      return makeIco(
        await Promise.all([16, 32].map(async (size) => ({ size, png: await clear(svg, size) }))),
      );
    case "apple-touch":
      return filled(svg, { size: 180, share: 1 }, brand);
    case "icon-192":
      return clear(svg, 192);
    case "icon-512":
      return clear(svg, 512);
    case "maskable-512":
      return filled(svg, { size: 512, share: SAFE_SHARE }, brand);
  }
}

const NOTHING = { r: 0, g: 0, b: 0, alpha: 0 };

async function render(svg: Buffer, size: number) {
  const { default: sharp } = await import("sharp");
  const [largest, usual] = [2400, 72];
  const { width = 64 } = await sharp(svg).metadata();
  const density = Math.min(largest, Math.max(usual, (usual * size) / width));
  return sharp(svg, { density }).resize(size, size, { fit: "contain", background: NOTHING });
}

async function clear(svg: Buffer, size: number): Promise<Buffer> {
  return (await render(svg, size)).png({ palette: true, effort: 10 }).toBuffer();
}

/** Without transparent corners, which some systems show black. */
async function filled(
  svg: Buffer,
  { size, share }: { readonly size: number; readonly share: number },
  brand: Brand,
): Promise<Buffer> {
  const { default: sharp } = await import("sharp");
  const inner = Math.round(size * share);
  const picture = await (await render(svg, inner)).png().toBuffer();
  const background = await groundOf(picture, inner, brand);
  return sharp({ create: { width: size, height: size, channels: 3, background } })
    .composite([{ input: picture }])
    .png({ palette: true, effort: 10 })
    .toBuffer();
}

/** An icon that has a ground of its own, up to the middle of its upper edge, is continued in that colour. */
async function groundOf(picture: Buffer, size: number, { paper }: Brand) {
  const { default: sharp } = await import("sharp");
  const box = { left: Math.floor(size / 2), top: Math.ceil(size / 64), width: 1, height: 1 };
  const [r = 0, g = 0, b = 0, alpha = 0] = await sharp(picture)
    .ensureAlpha()
    .extract(box)
    .raw()
    .toBuffer();
  return alpha === 255 ? { r, g, b } : { r: paper[0], g: paper[1], b: paper[2] };
}
