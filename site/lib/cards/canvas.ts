import type { Brand, Colour } from "../brand.ts";
import type { Logo } from "./logo.ts";
import { type Coverage, rasterize } from "./raster.ts";
import type { SetLine } from "./typeface.ts";

/** A card while it is drawn: rows as in png.ts, whose bytes are places in the palette. */
export type Canvas = {
  readonly width: number;
  readonly height: number;
  readonly rows: Uint8Array;
  readonly palette: Uint8Array;
  readonly logoStart: number;
  /** Letters that were drawn before, by glyph and fraction of a pixel. */
  readonly letters: Map<string, Coverage>;
};

/** Letters are drawn in shades from one colour to another, so that their edges are smooth. */
const INKS = ["ink", "soft ink", "ink on marker"] as const;
export type Ink = (typeof INKS)[number];

const SHADES = 32;
const MARKER = INKS.length * SHADES;
const LOGO_START = MARKER + 1;

/** How many colours a logo may have. */
export const LOGO_COLOURS = 256 - LOGO_START;

/** An empty card in the paper's colour, with every colour that can come on it. */
export function createCanvas(
  { width, height }: { readonly width: number; readonly height: number },
  { paper, ink, inkSoft, marker, markerInk }: Brand,
  logo: Logo,
): Canvas {
  const palette = [
    ...shades(paper, ink),
    ...shades(paper, inkSoft),
    ...shades(marker, markerInk),
    marker,
    ...logo.palette,
  ];
  return {
    width,
    height,
    // Colour 0 is the paper.
    rows: new Uint8Array((width + 1) * height),
    palette: Uint8Array.from(palette.flat()),
    logoStart: LOGO_START,
    letters: new Map(),
  };
}

/** Fills a box with the marker's colour. What is outside the card is left out. */
export function fill(
  canvas: Canvas,
  box: {
    readonly left: number;
    readonly top: number;
    readonly width: number;
    readonly height: number;
  },
): void {
  const right = Math.min(canvas.width, box.left + box.width);
  for (let y = Math.max(0, box.top); y < Math.min(canvas.height, box.top + box.height); y += 1) {
    const start = y * (canvas.width + 1) + 1;
    canvas.rows.fill(MARKER, start + Math.max(0, box.left), start + right);
  }
}

/** Puts the logo on the card. */
export function place(
  canvas: Canvas,
  logo: Logo,
  { left, top }: { readonly left: number; readonly top: number },
): void {
  for (let y = 0; y < logo.height; y += 1) {
    const start = (top + y) * (canvas.width + 1) + 1 + left;
    for (let x = 0; x < logo.width; x += 1) {
      canvas.rows[start + x] = canvas.logoStart + (logo.pixels[y * logo.width + x] ?? 0);
    }
  }
}

/** Letters are drawn at quarters of a pixel: finer is not seen, and coarser dances. */
const FRACTIONS = 4;

/** Writes a line of text on the card. Parts outside the card are left out. */
export function write(
  canvas: Canvas,
  line: SetLine,
  at: { readonly left: number; readonly baseline: number },
  ink: Ink,
): void {
  const first = INKS.indexOf(ink) * SHADES;
  for (const glyph of line.glyphs) {
    const place = Math.round((at.left + glyph.x) * FRACTIONS) / FRACTIONS;
    const column = Math.floor(place);
    const fraction = place - column;
    const key = `${glyph.key} ${fraction}`;
    const letter = canvas.letters.get(key) ?? rasterize(glyph.outline(fraction));
    canvas.letters.set(key, letter);
    stamp(canvas, letter, { left: column, top: Math.round(at.baseline), first });
  }
}

function stamp(
  { rows, width, height }: Canvas,
  letter: Coverage,
  { left, top, first }: { readonly left: number; readonly top: number; readonly first: number },
): void {
  for (let row = 0; row < letter.height; row += 1) {
    const y = top + letter.top + row;
    if (y < 0 || y >= height) continue;
    for (let column = 0; column < letter.width; column += 1) {
      const x = left + letter.left + column;
      const covered = letter.alpha[row * letter.width + column] ?? 0;
      if (covered < 4 || x < 0 || x >= width) continue;
      const index = y * (width + 1) + 1 + x;
      const shade = first + Math.round((covered / 255) * (SHADES - 1));
      // Where two letters touch, the darker one stays.
      rows[index] = Math.max(shade, inRange(rows[index] ?? 0, first));
    }
  }
}

function inRange(colour: number, first: number): number {
  return colour >= first && colour < first + SHADES ? colour : first;
}

function shades(from: Colour, to: Colour): readonly Colour[] {
  return Array.from({ length: SHADES }, (_, step) => mixed(from, to, step / (SHADES - 1)));
}

function mixed(from: Colour, to: Colour, share: number): Colour {
  const part = (index: 0 | 1 | 2) => Math.round(from[index] + (to[index] - from[index]) * share);
  return [part(0), part(1), part(2)];
}
