import type { Brand } from "../brand.ts";
import { type Canvas, createCanvas, fill, place, write } from "./canvas.ts";
import { CARD, drawable, layOutTitle, wrapped } from "./layout.ts";
import type { Logo } from "./logo.ts";
import { encodePng } from "./png.ts";
import type { Typeface } from "./typeface.ts";

/** What stands on a card. */
export type CardText = {
  readonly title: string;
  /** Below the title: who wrote it and when, or what the page is about. */
  readonly note: string;
};

/** Raise it when the look of the cards changes. */
export const DESIGN = 1;

const MARGIN = 80;
const TEXT_WIDTH = CARD.width - 2 * MARGIN;
const LOGO_TOP = 64;
const NAME_SIZE = 38;
const NOTE = { size: 30, lineHeight: 42, mostLines: 2, bottom: 540 };
const BAND_HEIGHT = 18;
const TITLE_LINE = 1.12;
/** Between the logo and the note, where the title stands in the middle. */
const TITLE_SPACE = { top: 160, bottom: 450 };

/** What the drawing of every card needs. */
export type CardTools = {
  readonly typeface: Typeface;
  readonly brand: Brand;
  readonly siteName: string;
  readonly logo: Logo;
};

/**
 * Draws cards of one site. What all of them share is drawn once; each costs about as much as compressing
 * it. The same text gives the same bytes.
 */
export function createCardPainter(tools: CardTools): (text: CardText) => Promise<Buffer> {
  const { typeface, siteName } = tools;
  const shared = drawShared(tools);
  const readable = (text: string) => drawable(text, typeface.has);
  return (text) => {
    const canvas: Canvas = { ...shared, rows: shared.rows.slice() };
    drawTitle(canvas, typeface, readable(text.title) ?? readable(siteName) ?? "");
    drawNote(canvas, typeface, readable(text.note) ?? "");
    return encodePng({ ...CARD, rows: canvas.rows, palette: canvas.palette });
  };
}

function drawShared({ typeface, brand, siteName, logo }: CardTools): Canvas {
  const canvas = createCanvas(CARD, brand, logo);
  place(canvas, logo, { left: MARGIN, top: LOGO_TOP });
  const name = drawable(siteName, typeface.has) ?? "";
  const baseline = LOGO_TOP + logo.height / 2 + NAME_SIZE * 0.36;
  const left = MARGIN + logo.width + 22;
  write(canvas, typeface.set(name, { weight: 800, size: NAME_SIZE }), { left, baseline }, "ink");
  fill(canvas, { left: 0, top: CARD.height - BAND_HEIGHT, width: CARD.width, height: BAND_HEIGHT });
  return canvas;
}

function drawTitle(canvas: Canvas, typeface: Typeface, title: string): void {
  const measure = (text: string, size: number) => typeface.set(text, { weight: 800, size }).width;
  const { size, lines } = layOutTitle(title, TEXT_WIDTH, measure);
  const step = Math.round(size * TITLE_LINE);
  const { top, bottom } = TITLE_SPACE;
  const first = Math.round((top + bottom - step * lines.length) / 2 + size * 0.86);
  lines.forEach((text, index) => {
    const line = typeface.set(text, { weight: 800, size });
    const baseline = first + index * step;
    const isLast = index === lines.length - 1;
    if (isLast) markBehind(canvas, Math.ceil(line.width), baseline, size);
    write(canvas, line, { left: MARGIN, baseline }, isLast ? "ink on marker" : "ink");
  });
}

/** The stroke of a marker pen behind the last line, as on the site's own pages. */
function markBehind(canvas: Canvas, width: number, baseline: number, size: number): void {
  const top = Math.round(baseline - size * 0.84);
  fill(canvas, { left: MARGIN - 12, top, width: width + 24, height: Math.round(size * 1.1) });
}

function drawNote(canvas: Canvas, typeface: Typeface, note: string): void {
  const { size, lineHeight, mostLines, bottom } = NOTE;
  const set = (text: string) => typeface.set(text, { weight: 500, size });
  const lines = wrapped(note, { width: TEXT_WIDTH, mostLines }, (text) => set(text).width);
  lines.forEach((text, index) => {
    const baseline = bottom - (lines.length - 1 - index) * lineHeight;
    write(canvas, set(text), { left: MARGIN, baseline }, "soft ink");
  });
}
