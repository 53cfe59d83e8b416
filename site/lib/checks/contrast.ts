import type { Problem } from "../problem.ts";

/**
 * Which token is read on which. WCAG 2.2 asks for 4.5 for text (1.4.3) and 3 for what only has to be seen
 * (1.4.11).
 */
const PAIRS: readonly (readonly [ink: string, grounds: string, least: number])[] = [
  ["--ink", "--paper --paper-raised --paper-sunk", 4.5],
  ["--ink-soft", "--paper --paper-raised --paper-sunk", 4.5],
  ["--link", "--paper --paper-raised --paper-sunk", 4.5],
  ["--link-hover", "--paper --paper-raised --paper-sunk", 4.5],
  ["--marker-ink", "--marker", 4.5],
  ["--band-ink", "--band", 4.5],
  ["--band-soft", "--band", 4.5],
  ["--error", "--paper --paper-raised", 4.5],
  ["--leaf", "--paper-sunk", 4.5],
  ["--rust", "--paper-sunk", 4.5],
  ["--plum", "--paper-sunk", 4.5],
];

type Token = { readonly value: string; readonly line: number };
type Scheme = { readonly name: "light" | "dark"; readonly tokens: ReadonlyMap<string, Token> };

/**
 * Pairs of colour tokens that some readers cannot tell apart, in light and in dark. `css` is the text of
 * the tokens' file: `:root { … }` and, for dark, the same within a media query. A pair of which a token
 * is not there, or is no plain hex colour, is passed by: a browser test sees what is really shown.
 */
export function checkContrast(file: string, css: string): readonly Problem[] {
  const light = readTokens(css);
  const darkAt = css.search(/@media[^{]*prefers-color-scheme:\s*dark/);
  const own = darkAt < 0 ? new Map<string, Token>() : readTokens(css, darkAt);
  const plain = readTokens(darkAt < 0 ? css : css.slice(0, darkAt));
  const schemes: readonly Scheme[] = [
    { name: "light", tokens: darkAt < 0 ? light : plain },
    { name: "dark", tokens: new Map([...plain, ...own]) },
  ];
  return schemes.flatMap((scheme) =>
    PAIRS.flatMap(([ink, grounds, least]) =>
      grounds.split(" ").flatMap((ground) => checkPair(file, scheme, { ink, ground, least })),
    ),
  );
}

type Pair = { readonly ink: string; readonly ground: string; readonly least: number };

function checkPair(
  file: string,
  { name, tokens }: Scheme,
  { ink, ground, least }: Pair,
): readonly Problem[] {
  const [over, under] = [tokens.get(ink), tokens.get(ground)];
  if (!over || !under) return [];
  const ratio = contrast(over.value, under.value);
  if (ratio === undefined || ratio >= least) return [];
  // Rounding up would say that a pair is right which is not.
  const told = (Math.floor(ratio * 100) / 100).toFixed(2);
  return [
    {
      file,
      line: over.line,
      field: ink,
      message: `has a contrast of ${told} on ${ground} (${under.value}) in the ${name} scheme`,
      fix: `Text needs ${least}: make one of the two darker and the other lighter.`,
    },
  ];
}

/** WCAG's ratio of two hex colours, from 1 to 21. https://www.w3.org/TR/WCAG22/#dfn-contrast-ratio */
export function contrast(a: string, b: string): number | undefined {
  const [lightA, lightB] = [luminance(a), luminance(b)];
  if (lightA === undefined || lightB === undefined) return undefined;
  return (Math.max(lightA, lightB) + 0.05) / (Math.min(lightA, lightB) + 0.05);
}

function luminance(hex: string): number | undefined {
  const digits = /^#([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(hex)?.[1];
  if (digits === undefined) return undefined;
  const long = digits.length === 3 ? digits.replace(/./g, "$&$&") : digits;
  const [red = 0, green = 0, blue = 0] = [0, 2, 4].map((at) => {
    const channel = Number.parseInt(long.slice(at, at + 2), 16) / 255;
    return channel <= 0.04045 ? channel / 12.92 : ((channel + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function readTokens(css: string, from = 0): Map<string, Token> {
  const tokens = new Map<string, Token>();
  for (const { 1: name = "", 2: value = "", index } of css.matchAll(/(--[\w-]+):\s*([^;]+);/g)) {
    if (index < from) continue;
    tokens.set(name, { value: value.trim(), line: css.slice(0, index).split("\n").length });
  }
  return tokens;
}
