import { SiteError } from "./problem.ts";

/** Red, green and blue, from 0 to 255. */
export type Colour = readonly [red: number, green: number, blue: number];

/** The colours that leave the pages: on cards, in the manifest and around the browser's window. */
export type Brand = {
  readonly paper: Colour;
  readonly ink: Colour;
  readonly inkSoft: Colour;
  readonly marker: Colour;
  readonly markerInk: Colour;
  /** The paper at night. */
  readonly darkPaper: Colour;
};

/** Where the design keeps its colours. */
export const TOKENS = "site/assets/css/tokens.css";

/**
 * The brand's colours, from the custom properties of the stylesheet, so that they stand in one place.
 * Throws for one that is missing or not written as `#rrggbb` or `#rgb`.
 */
export function readBrand(css: string): Brand {
  const [day = "", night = ""] = css.split(/@media[^{]*prefers-color-scheme:\s*dark/);
  return {
    paper: colour(day, "--paper"),
    ink: colour(day, "--ink"),
    inkSoft: colour(day, "--ink-soft"),
    marker: colour(day, "--marker"),
    markerInk: colour(day, "--marker-ink"),
    darkPaper: night === "" ? colour(day, "--paper") : colour(night, "--paper"),
  };
}

/** `#rrggbb`. */
export function hex(colour: Colour): string {
  return `#${colour.map((value) => value.toString(16).padStart(2, "0")).join("")}`;
}

function colour(css: string, property: string): Colour {
  const value = new RegExp(`${property}:\\s*([^;]+);`).exec(css)?.[1]?.trim() ?? "";
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(value)?.[1];
  if (digits === undefined) {
    const message = value === "" ? `has no ${property}` : `says ${property} is "${value}"`;
    throw new SiteError([
      {
        file: TOKENS,
        message,
        fix: "The build needs this colour as #rrggbb: cards and icons use it.",
      },
    ]);
  }
  const pair = (index: number) => {
    const text =
      digits.length === 3 ? digits[index]?.repeat(2) : digits.slice(index * 2, index * 2 + 2);
    return Number.parseInt(text ?? "0", 16);
  };
  return [pair(0), pair(1), pair(2)];
}
