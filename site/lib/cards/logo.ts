import type { Brand, Colour } from "../brand.ts";
import { LOGO_COLOURS } from "./canvas.ts";

/** The logo as it stands on a card: pixels are places in its palette. */
export type Logo = {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
  readonly palette: readonly Colour[];
};

const SIZE = 64;

/** Draws the site's icon for the cards, on their paper. */
export async function drawLogo(svg: Buffer, { paper }: Brand): Promise<Logo> {
  const { default: sharp } = await import("sharp");
  const [r, g, b] = paper;
  const { data, info } = await sharp(svg, { density: 300 })
    .resize(SIZE, SIZE, { fit: "contain", background: { r, g, b, alpha: 0 } })
    .flatten({ background: { r, g, b } })
    .toColourspace("srgb")
    .raw()
    .toBuffer({ resolveWithObject: true });
  return { width: info.width, height: info.height, ...reduceColours(data) };
}

/** At most LOGO_COLOURS colours: the last bits of each channel go until it is so. */
export function reduceColours(rgb: Uint8Array): Pick<Logo, "pixels" | "palette"> {
  for (let lost = 0; lost < 8; lost += 1) {
    const reduced = withoutBits(rgb, lost);
    if (reduced.palette.length <= LOGO_COLOURS) return reduced;
  }
  return withoutBits(rgb, 8);
}

function withoutBits(rgb: Uint8Array, lost: number): Pick<Logo, "pixels" | "palette"> {
  const palette: Colour[] = [];
  const known = new Map<number, number>();
  const pixels = new Uint8Array(rgb.length / 3);
  for (let pixel = 0; pixel < pixels.length; pixel += 1) {
    const colour: Colour = [rgb[pixel * 3] ?? 0, rgb[pixel * 3 + 1] ?? 0, rgb[pixel * 3 + 2] ?? 0];
    const key = colour.reduce((sum, value) => sum * 256 + (value >> lost), 0);
    const found = known.get(key) ?? palette.push(colour) - 1;
    known.set(key, found);
    pixels[pixel] = found;
    if (palette.length > LOGO_COLOURS) break;
  }
  return { pixels, palette };
}
