import { styleText } from "node:util";

/** Emphasis for a terminal; plain text where colours are off. */
export type Paint = {
  readonly strong: (text: string) => string;
  readonly faint: (text: string) => string;
  readonly good: (text: string) => string;
  readonly warn: (text: string) => string;
  readonly bad: (text: string) => string;
};

export function createPaint(colors: boolean): Paint {
  const style = (format: Parameters<typeof styleText>[0]) => (text: string) =>
    colors ? styleText(format, text) : text;
  return {
    strong: style("bold"),
    faint: style("dim"),
    good: style("green"),
    warn: style("yellow"),
    bad: style("red"),
  };
}
