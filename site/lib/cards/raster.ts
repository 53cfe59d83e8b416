import type { PathCommand } from "opentype.js";

/**
 * A drawn letter: for each pixel of a box how much of it is covered, from 0 to 255. `left` and `top` say
 * where the box begins, seen from the letter's origin.
 */
export type Coverage = {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
  readonly alpha: Uint8Array;
};

type Point = readonly [x: number, y: number];
type Segment = readonly [from: Point, to: Point];

/** Steps of a curve: at the sizes of a card no corner can be seen. */
const CURVE_STEPS = 8;

/**
 * Draws outlines in pixels, y downwards, with exact coverage at their edges. Plain arithmetic: every
 * machine draws the same.
 */
export function rasterize(outline: readonly PathCommand[]): Coverage {
  const segments = segmentsOf(outline);
  const xs = segments.flatMap(([[x0], [x1]]) => [x0, x1]);
  const ys = segments.flatMap(([[, y0], [, y1]]) => [y0, y1]);
  if (segments.length === 0)
    return { left: 0, top: 0, width: 0, height: 0, alpha: new Uint8Array() };
  const left = Math.floor(Math.min(...xs));
  const top = Math.floor(Math.min(...ys));
  // One column more: what a line covers is passed on to the pixel on its right.
  const width = Math.ceil(Math.max(...xs)) - left + 2;
  const height = Math.ceil(Math.max(...ys)) - top + 1;
  const area = new Float64Array(width * height + 1);
  for (const [[x0, y0], [x1, y1]] of segments) {
    addSegment(area, width, [x0 - left, y0 - top], [x1 - left, y1 - top]);
  }
  return { left, top, width, height, alpha: accumulate(area, width, height) };
}

/** A pixel's coverage is the sum of everything that stands in its row up to it. */
function accumulate(area: Float64Array, width: number, height: number): Uint8Array {
  const alpha = new Uint8Array(width * height);
  for (let row = 0; row < height; row += 1) {
    let sum = 0;
    for (let index = row * width; index < (row + 1) * width; index += 1) {
      sum += area[index] ?? 0;
      alpha[index] = Math.round(Math.min(1, Math.abs(sum)) * 255);
    }
  }
  return alpha;
}

/** Adds what lies to the right of a line, row by row, with the sign of its direction. */
function addSegment(area: Float64Array, width: number, from: Point, to: Point): void {
  if (from[1] === to[1]) return;
  const sign = from[1] < to[1] ? 1 : -1;
  const [[x0, y0], [x1, y1]] = sign === 1 ? [from, to] : [to, from];
  const slope = (x1 - x0) / (y1 - y0);
  for (let row = Math.floor(y0); row < y1; row += 1) {
    const rowTop = Math.max(y0, row);
    const rowBottom = Math.min(y1, row + 1);
    const xTop = x0 + (rowTop - y0) * slope;
    const xBottom = x0 + (rowBottom - y0) * slope;
    addRow(
      area,
      row * width,
      [Math.min(xTop, xBottom), Math.max(xTop, xBottom)],
      sign * (rowBottom - rowTop),
    );
  }
}

/** A line crosses one row between two places: shares `height` among the pixels that it touches. */
function addRow(area: Float64Array, start: number, [x0, x1]: Point, height: number): void {
  const first = Math.floor(x0);
  const last = Math.floor(x1);
  // The share of the line's height that lies left of x, and the area right of it within its pixel.
  for (let column = first; column <= last; column += 1) {
    const enter = Math.max(x0, column);
    const leave = Math.min(x1, column + 1);
    const share = x1 === x0 ? height : (height * (leave - enter)) / (x1 - x0);
    const covered = share * (column + 1 - (enter + leave) / 2);
    add(area, start + column, covered);
    add(area, start + column + 1, share - covered);
  }
}

function add(area: Float64Array, index: number, value: number): void {
  area[index] = (area[index] ?? 0) + value;
}

function segmentsOf(outline: readonly PathCommand[]): readonly Segment[] {
  const segments: Segment[] = [];
  let start: Point = [0, 0];
  let at: Point = [0, 0];
  const lineTo = (to: Point) => {
    segments.push([at, to]);
    at = to;
  };
  for (const command of outline) {
    switch (command.type) {
      case "M":
        lineTo(start);
        start = [command.x, command.y];
        at = start;
        break;
      case "L":
        lineTo([command.x, command.y]);
        break;
      case "Q": {
        const from = at;
        const { x1, y1, x, y } = command;
        for (let step = 1; step <= CURVE_STEPS; step += 1) {
          const t = step / CURVE_STEPS;
          lineTo([quadratic(from[0], x1, x, t), quadratic(from[1], y1, y, t)]);
        }
        break;
      }
      case "C": {
        const from = at;
        const { x1, y1, x2, y2, x, y } = command;
        for (let step = 1; step <= CURVE_STEPS; step += 1) {
          const t = step / CURVE_STEPS;
          lineTo([cubic([from[0], x1, x2, x], t), cubic([from[1], y1, y2, y], t)]);
        }
        break;
      }
      case "Z":
        lineTo(start);
        break;
    }
  }
  return segments.filter(([from, to]) => from[0] !== to[0] || from[1] !== to[1]);
}

function quadratic(a: number, b: number, c: number, t: number): number {
  const s = 1 - t;
  return s * s * a + 2 * s * t * b + t * t * c;
}

function cubic([a, b, c, d]: readonly [number, number, number, number], t: number): number {
  const s = 1 - t;
  return s * s * s * a + 3 * s * s * t * b + 3 * s * t * t * c + t * t * t * d;
}
