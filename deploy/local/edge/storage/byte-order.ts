/**
 * Orders two strings as their UTF-8 bytes would be ordered, which is how S3 lists keys (S3-API
 * ListObjectsV2). JavaScript compares UTF-16 units and so puts emoji before U+E000..U+FFFF.
 */
export function compareUtf8(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i += 1) {
    const left = a.charCodeAt(i);
    const right = b.charCodeAt(i);
    if (left !== right) return rank(left) - rank(right);
  }
  return a.length - b.length;
}

/** Moves the surrogates (the halves of code points above U+FFFF) behind every other unit. */
function rank(unit: number): number {
  if (unit < 0xd800) return unit;
  return unit <= 0xdfff ? unit + 0x2000 : unit - 0x800;
}
