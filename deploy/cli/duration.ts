import { InvalidArgumentError } from "commander";

const UNITS: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000 };

/** `90s`, `5m`, `1h` → milliseconds. */
export function durationOf(text: string): number {
  const [, amount, unit = ""] = /^(\d{1,4})([smh])$/.exec(text) ?? [];
  const factor = UNITS[unit];
  if (amount !== undefined && factor !== undefined) return Number(amount) * factor;
  throw new InvalidArgumentError("A duration is a number with s, m or h: 90s, 5m, 1h.");
}
