/** 1 file, 2 files. */
export function count(amount: number, noun: string): string {
  return `${amount.toLocaleString("en-US")} ${noun}${amount === 1 ? "" : "s"}`;
}

/**
 * Text from outside, without what a terminal would obey: control characters as `\x1b`, and those that
 * are not seen but change what is (direction marks, line separators, halves of a character) as
 * `\u{202e}`.
 */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, (character) => {
    const code = (character.codePointAt(0) ?? 0).toString(16);
    return /\p{Cc}/u.test(character) ? `\\x${code.padStart(2, "0")}` : `\\u{${code}}`;
  });
}

const UNITS = ["kB", "MB", "GB", "TB"];

/** Bytes as people write them, in powers of 1,000: 999 B, 1.2 kB, 70 MB. */
export function bytes(amount: number): string {
  if (amount < 1000) return `${amount} B`;
  let value = amount;
  let unit = "B";
  for (const next of UNITS) {
    if (value < 999.5) break;
    value /= 1000;
    unit = next;
  }
  return `${value < 9.95 ? value.toFixed(1) : Math.round(value)} ${unit}`;
}

/** Seconds as people write them: 0.4 s, 12 s, 2 min 5 s. */
export function seconds(amount: number): string {
  if (amount < 9.95) return `${amount.toFixed(1)} s`;
  const whole = Math.round(amount);
  if (whole < 60) return `${whole} s`;
  return `${Math.floor(whole / 60)} min ${whole % 60} s`;
}
