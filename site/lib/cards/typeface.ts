import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Font, PathCommand } from "opentype.js";

/** A weight of the typeface. */
export type Weight = 500 | 800;

/** A letter where it stands on its line, as outlines around its own origin. */
export type PlacedGlyph = {
  /** Tells the outlines apart: the same key, the same outlines. */
  readonly key: string;
  /** Pixels from the start of the line. */
  readonly x: number;
  outline(offset: number): readonly PathCommand[];
};

export type SetLine = { readonly glyphs: readonly PlacedGlyph[]; readonly width: number };

export type Typeface = {
  /** Whether the typeface has a letter for a character. */
  has(char: string): boolean;
  /** Sets a line of text, with kerning. Characters without a letter are left out. `size` is in pixels. */
  set(text: string, style: { readonly weight: Weight; readonly size: number }): SetLine;
};

/** Inter comes in files for parts of Unicode; most text needs only the first one. */
const SUBSETS = ["latin", "latin-ext", "greek", "cyrillic", "vietnamese"] as const;
type Subset = (typeof SUBSETS)[number];

const PACKAGE = "@fontsource/inter/package.json";

/** Large letters stand a little closer together. */
const TIGHTER = -0.02;

/** Which version of the letters is drawn: another one may give another picture. */
export function typefaceVersion(): string {
  return JSON.parse(readFileSync(createRequire(import.meta.url).resolve(PACKAGE), "utf8")).version;
}

/** Opens the typeface of the package. A file is read and understood when its first letter is needed. */
export async function openTypeface(): Promise<Typeface> {
  const { default: opentype } = await import("opentype.js");
  const folder = join(dirname(createRequire(import.meta.url).resolve(PACKAGE)), "files");
  const fonts = new Map<string, Font>();

  function fontOf(subset: Subset, weight: Weight): Font {
    const name = `inter-${subset}-${weight}-normal.woff`;
    const known = fonts.get(name);
    if (known) return known;
    const font = opentype.parse(new Uint8Array(readFileSync(join(folder, name))).buffer);
    fonts.set(name, font);
    return font;
  }

  const subsets = new Map<string, Subset | undefined>();
  function subsetOf(char: string): Subset | undefined {
    if (!subsets.has(char)) {
      const found = SUBSETS.find((subset) => fontOf(subset, 800).charToGlyphIndex(char) !== 0);
      subsets.set(char, found);
    }
    return subsets.get(char);
  }

  return {
    has: (char) => subsetOf(char) !== undefined,
    set(text, { weight, size }) {
      const glyphs: PlacedGlyph[] = [];
      let x = 0;
      let before:
        | { readonly font: Font; readonly glyph: ReturnType<Font["charToGlyph"]> }
        | undefined;
      for (const char of text) {
        const subset = subsetOf(char);
        if (subset === undefined) continue;
        const font = fontOf(subset, weight);
        const glyph = font.charToGlyph(char);
        const scale = size / font.unitsPerEm;
        if (before?.font === font) x += font.getKerningValue(before.glyph, glyph) * scale;
        glyphs.push({
          key: `${subset} ${weight} ${size} ${glyph.index}`,
          x,
          outline: (offset) => glyph.getPath(offset, 0, size).commands,
        });
        x += (glyph.advanceWidth ?? 0) * scale + (weight === 800 ? size * TIGHTER : 0);
        before = { font, glyph };
      }
      return { glyphs, width: Math.max(0, x) };
    },
  };
}
