import { type Html, html } from "./html.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long ago that was, as people say it; coarse, so that it does not change while it is read. */
export function ago(then: number, now: number): string {
  const passed = Math.max(0, now - then);
  if (passed < MINUTE) return "just now";
  if (passed < HOUR) return `${counted(Math.floor(passed / MINUTE), "minute")} ago`;
  if (passed < 2 * DAY) return `${counted(Math.floor(passed / HOUR), "hour")} ago`;
  return `${counted(Math.floor(passed / DAY), "day")} ago`;
}

/** A moment: how long ago for the reader, the exact time for whoever points at it. */
export function moment(then: number, now: number): Html {
  const iso = new Date(then).toISOString();
  return html`<time datetime="${iso}" title="${iso}">${ago(then, now)}</time>`;
}

/** `3 paths`, `1 path`, `12,345 paths`. */
export function counted(count: number, noun: string): string {
  return `${grouped(count)} ${noun}${count === 1 ? "" : "s"}`;
}

export function grouped(count: number): string {
  return count.toLocaleString("en-US");
}

const UNITS = ["kB", "MB", "GB", "TB"] as const;

/** Decimal units: `980 B`, `1.2 kB`, `34 MB`. */
export function bytes(count: number): string {
  if (count < 1000) return `${count} B`;
  let value = count / 1000;
  let unit = 0;
  while (value >= 999.5 && unit < UNITS.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${value < 9.95 ? value.toFixed(1) : value.toFixed(0)} ${UNITS[unit]}`;
}

/** A length of time that is left, in its largest unit: `42 s`, `7 min`, `23 h`, `364 days`. */
export function span(milliseconds: number): string {
  if (milliseconds < 2 * MINUTE) return `${Math.max(0, Math.ceil(milliseconds / 1000))} s`;
  if (milliseconds < 2 * HOUR) return `${Math.round(milliseconds / MINUTE)} min`;
  if (milliseconds < 2 * DAY) return `${Math.round(milliseconds / HOUR)} h`;
  return `${Math.round(milliseconds / DAY)} days`;
}
