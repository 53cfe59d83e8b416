import type { ByteRange } from "../origin.ts";
import type { Segment } from "./model.ts";

/** The segments that hold the bytes of the range, cut to it. */
export function sliceSegments(segments: readonly Segment[], range: ByteRange): readonly Segment[] {
  const slices: Segment[] = [];
  let offset = 0;
  for (const { blob, start, length } of segments) {
    const from = Math.max(range.start - offset, 0);
    const to = Math.min(range.end + 1 - offset, length);
    if (from < to) slices.push({ blob, start: start + from, length: to - from });
    offset += length;
  }
  return slices;
}
