/** The size of a card in pixels: what every network shows without cutting. */
export const CARD = { width: 1200, height: 630 } as const;

export type Measure = (text: string, size: number) => number;

export type TitleBlock = { readonly size: number; readonly lines: readonly string[] };

/** Largest first. A title takes the first size at which it fits. */
const TITLE_SIZES: readonly (readonly [size: number, mostLines: number])[] = [
  [92, 2],
  [80, 3],
  [68, 3],
  [60, 4],
  [50, 5],
];

/**
 * Breaks a title into lines of at most `width` pixels, as large as it fits. One that fits in no size ends
 * with an ellipsis. A word that is wider than a line is broken.
 */
export function layOutTitle(title: string, width: number, measure: Measure): TitleBlock {
  for (const [size, mostLines] of TITLE_SIZES) {
    const lines = wrap(title, width, (text) => measure(text, size));
    const isWhole = title.split(" ").every((word) => measure(word, size) <= width);
    if (lines.length <= mostLines && isWhole) return { size, lines };
  }
  const [size, mostLines] = TITLE_SIZES.at(-1) ?? [50, 5];
  return { size, lines: wrapped(title, { width, mostLines }, (text) => measure(text, size)) };
}

/** Lines of at most `width`, and at most `mostLines` of them: an ellipsis stands for the rest. */
export function wrapped(
  text: string,
  { width, mostLines }: { readonly width: number; readonly mostLines: number },
  measure: (text: string) => number,
): readonly string[] {
  const lines = wrap(text, width, measure);
  if (lines.length <= mostLines) return lines;
  const kept = lines.slice(0, mostLines);
  let last = kept.pop() ?? "";
  while (last !== "" && measure(`${last}…`) > width) last = [...last].slice(0, -1).join("");
  return [...kept, `${last.trimEnd()}…`];
}

function wrap(text: string, width: number, measure: (text: string) => number): readonly string[] {
  const lines: string[] = [];
  let line = "";
  for (const piece of text.split(" ").flatMap((word) => pieces(word, width, measure))) {
    const longer = line === "" ? piece : `${line} ${piece}`;
    if (line !== "" && measure(longer) > width) {
      lines.push(line);
      line = piece;
    } else line = longer;
  }
  return [...lines, line];
}

/** A word that fits, or its parts. */
function pieces(word: string, width: number, measure: (text: string) => number): readonly string[] {
  if (measure(word) <= width) return [word];
  const parts: string[] = [];
  let part = "";
  for (const char of word) {
    if (part !== "" && measure(part + char) > width) {
      parts.push(part);
      part = "";
    }
    part += char;
  }
  return [...parts, part];
}

/**
 * Text as a typeface can draw it: accents that it lacks go, and characters that it lacks. Undefined when
 * more than half of the letters and digits would be lost, because what is left would be nonsense.
 */
export function drawable(text: string, has: (char: string) => boolean): string | undefined {
  const chars = [...text.normalize("NFC")];
  const kept = chars.map((char) => {
    if (/\s/.test(char)) return " ";
    if (has(char)) return char;
    const [base = ""] = [...char.normalize("NFKD")];
    return base !== char && has(base) ? base : "";
  });
  const isSign = (char: string) => /[\p{L}\p{N}]/u.test(char);
  const signs = chars.filter(isSign).length;
  if (kept.filter(isSign).length * 2 < signs) return undefined;
  const line = kept.join("").replace(/ +/g, " ").trim();
  return line === "" ? undefined : line;
}
