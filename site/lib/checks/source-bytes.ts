import { isUtf8 } from "node:buffer";
import type { Problem } from "../problem.ts";

/** Far longer than anything a person reads; a photo or a log that was renamed is longer. */
const MOST_BYTES = 1_000_000;

/**
 * What keeps a file from being text that a page can be made of: nothing in it, too long, not UTF-8, with
 * control characters, the line ends of old Macs or the marks of a merge. Nothing else is worth asking
 * about such a file.
 */
export function checkBytes(file: string, bytes: Buffer): readonly Problem[] {
  if (bytes.byteLength === 0) {
    return [{ file, message: "is empty", fix: "Write it, or remove the file." }];
  }
  if (bytes.byteLength > MOST_BYTES) {
    const size = `${(bytes.byteLength / 1_000_000).toFixed(1)} MB`;
    const fix = "Divide it, or publish it as a file of site/assets/static.";
    return [{ file, message: `has ${size}, and 1 MB is the most for a page`, fix }];
  }
  const at = isUtf8(bytes) ? firstControl(bytes) : badByte(bytes);
  if (at < 0) return [...oldLineEnds(file, bytes), ...mergeMarks(file, bytes)];
  const line = lineAt(bytes, at);
  return isUtf8(bytes)
    ? [{ file, line, message: controlMessage(bytes[at] ?? 0), fix: "Remove it." }]
    : [{ file, line, message: "is not UTF-8 from here on", fix: "Save the file as UTF-8." }];
}

// A plain loop: a function called for each byte of a thousand articles takes ten times as long.
function firstControl(bytes: Buffer): number {
  for (let at = 0; at < bytes.byteLength; at += 1) if (isControl(bytes[at] ?? 0)) return at;
  return -1;
}

/** Everything below a space but tab, line feed, form feed and carriage return; and delete. */
function isControl(byte: number): boolean {
  return byte === 127 || (byte < 32 && (byte < 9 || byte === 11 || byte > 13));
}

function controlMessage(byte: number): string {
  return `has the control character 0x${byte.toString(16).padStart(2, "0")} in it`;
}

/** The first byte that is no UTF-8: the longest beginning that is, found by halving. */
function badByte(bytes: Buffer): number {
  let good = 0;
  let bad = bytes.byteLength;
  while (bad - good > 1) {
    const middle = Math.floor((good + bad) / 2);
    if (isUtf8(wholeCharacters(bytes, middle))) good = middle;
    else bad = middle;
  }
  return good;
}

/** The bytes before an index, without a character that it cuts in two. */
function wholeCharacters(bytes: Buffer, end: number): Buffer {
  let cut = end;
  while (cut > 0 && end - cut < 3 && ((bytes[cut] ?? 0) & 0xc0) === 0x80) cut -= 1;
  return bytes.subarray(0, cut);
}

function oldLineEnds(file: string, bytes: Buffer): readonly Problem[] {
  if (!bytes.includes(13) || bytes.includes(10)) return [];
  const message = "has the line ends of old Macs (CR alone), so it is one long line";
  return [{ file, message, fix: "Save it with line ends of today (LF)." }];
}

/** What git leaves in a file that two people changed at one place. */
function mergeMarks(file: string, bytes: Buffer): readonly Problem[] {
  const at = bytes.indexOf("<<<<<<< ");
  if (at < 0 || (at > 0 && bytes[at - 1] !== 10)) return [];
  const end = bytes.indexOf("\n>>>>>>> ", at);
  if (end < 0) return [];
  const message = "has both sides of a merge in it";
  return [{ file, line: lineAt(bytes, at), message, fix: "Keep one of them." }];
}

function lineAt(bytes: Buffer, at: number): number {
  let line = 1;
  for (let i = bytes.indexOf(10); i >= 0 && i < at; i = bytes.indexOf(10, i + 1)) line += 1;
  return line;
}
