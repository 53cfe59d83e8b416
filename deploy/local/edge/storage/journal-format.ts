import { crc32 } from "node:zlib";
import type { Commit } from "./model.ts";

/**
 * The journal is text: a heading, then one line for each group of commits that became durable
 * together. A line carries a CRC of its own commits. One write and one fsync make one line, so
 * whatever a crash or a power cut tears is the last line, and a group is there whole or not at all.
 */
export const HEADING = '{"journal":"slipway-edge","version":1}\n';

const NEWLINE = 10;
const OPENING = '{"crc":"';
const CRC_DIGITS = 8;
const MIDDLE = '","commits":';

/** One line, its newline included. */
export function encodeLine(commits: readonly Commit[]): string {
  const text = JSON.stringify(commits);
  return `${OPENING}${checksum(text)}${MIDDLE}${text}}\n`;
}

/**
 * `whole`: every line is sound up to `end`; what follows is one torn line, never acknowledged.
 * `damaged`: a line with others behind it does not hold what was written. `foreign`: no journal of ours.
 */
export type JournalReading =
  | {
      readonly kind: "whole";
      readonly commits: readonly Commit[];
      readonly lines: number;
      readonly end: number;
    }
  | { readonly kind: "damaged"; readonly line: number }
  | { readonly kind: "foreign" };

/** Reads all of a journal. */
export function readJournal(bytes: Buffer): JournalReading {
  if (!bytes.subarray(0, HEADING.length).equals(Buffer.from(HEADING))) return { kind: "foreign" };
  const commits: Commit[] = [];
  let lines = 1;
  let start = HEADING.length;
  for (;;) {
    const stop = bytes.indexOf(NEWLINE, start);
    if (stop < 0) break;
    const group = decodeLine(bytes.toString("utf8", start, stop));
    if (group === undefined) {
      if (bytes.indexOf(NEWLINE, stop + 1) >= 0) return { kind: "damaged", line: lines + 1 };
      break;
    }
    for (const commit of group) commits.push(commit);
    lines += 1;
    start = stop + 1;
  }
  return { kind: "whole", commits, lines, end: start };
}

function decodeLine(line: string): readonly Commit[] | undefined {
  const textStart = OPENING.length + CRC_DIGITS + MIDDLE.length;
  const text = line.slice(textStart, -1);
  const crc = line.slice(OPENING.length, OPENING.length + CRC_DIGITS);
  if (line !== `${OPENING}${crc}${MIDDLE}${text}}` || crc !== checksum(text)) return undefined;
  return JSON.parse(text) as readonly Commit[];
}

function checksum(text: string): string {
  return crc32(text).toString(16).padStart(CRC_DIGITS, "0");
}
