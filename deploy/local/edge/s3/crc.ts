/** The CRCs that node has no function for. All are reflected, start at all ones and end inverted. */

const CRC32C_POLYNOMIAL = 0x82f63b78n;
const CRC64NVME_POLYNOMIAL = 0x9a6c9329ac4bc9b5n;
const SLICES = 8;

/** Tables for eight bytes at a time: entry `slice * 256 + byte`, as low and high 32 bits. */
type Tables = { readonly low: Uint32Array; readonly high: Uint32Array };

function makeTables(polynomial: bigint): Tables {
  const low = new Uint32Array(SLICES * 256);
  const high = new Uint32Array(SLICES * 256);
  for (let byte = 0; byte < 256; byte += 1) {
    let crc = BigInt(byte);
    for (let slice = 0; slice < SLICES; slice += 1) {
      for (let bit = 0; bit < 8; bit += 1) crc = crc & 1n ? (crc >> 1n) ^ polynomial : crc >> 1n;
      low[slice * 256 + byte] = Number(crc & 0xffffffffn);
      high[slice * 256 + byte] = Number(crc >> 32n);
    }
  }
  return { low, high };
}

let crc32cTable: Uint32Array | undefined;
let crc64Tables: Tables | undefined;

/** Continues a CRC-32C (Castagnoli); begin with 0. */
export function crc32c(data: Uint8Array, previous: number): number {
  crc32cTable ??= makeTables(CRC32C_POLYNOMIAL).low;
  const table = crc32cTable;
  let crc = ~previous >>> 0;
  let at = 0;
  for (; at + 8 <= data.length; at += 8) {
    const first = (crc ^ word(data, at)) >>> 0;
    const second = word(data, at + 4);
    crc = lookUp(table, first, 4) ^ lookUp(table, second, 0);
  }
  for (; at < data.length; at += 1) {
    crc = (crc >>> 8) ^ (table[(crc ^ (data[at] as number)) & 0xff] as number);
  }
  return ~crc >>> 0;
}

/** A CRC of 64 bits in two halves. */
export type Crc64 = { readonly low: number; readonly high: number };

/** Continues a CRC-64/NVME; begin with zeros. */
export function crc64nvme(data: Uint8Array, previous: Crc64): Crc64 {
  crc64Tables ??= makeTables(CRC64NVME_POLYNOMIAL);
  const { low: lows, high: highs } = crc64Tables;
  let low = ~previous.low;
  let high = ~previous.high;
  let at = 0;
  for (; at + 8 <= data.length; at += 8) {
    const first = low ^ word(data, at);
    const second = high ^ word(data, at + 4);
    low = lookUp(lows, first, 4) ^ lookUp(lows, second, 0);
    high = lookUp(highs, first, 4) ^ lookUp(highs, second, 0);
  }
  for (; at < data.length; at += 1) {
    const index = (low ^ (data[at] as number)) & 0xff;
    low = ((low >>> 8) | (high << 24)) ^ (lows[index] as number);
    high = (high >>> 8) ^ (highs[index] as number);
  }
  return { low: ~low >>> 0, high: ~high >>> 0 };
}

/** Four bytes through four tables, the first byte through the one of the highest slice. */
function lookUp(table: Uint32Array, bytes: number, slice: number): number {
  return (
    (table[(slice + 3) * 256 + (bytes & 0xff)] as number) ^
    (table[(slice + 2) * 256 + ((bytes >>> 8) & 0xff)] as number) ^
    (table[(slice + 1) * 256 + ((bytes >>> 16) & 0xff)] as number) ^
    (table[slice * 256 + (bytes >>> 24)] as number)
  );
}

function word(data: Uint8Array, at: number): number {
  return (
    (data[at] as number) |
    ((data[at + 1] as number) << 8) |
    ((data[at + 2] as number) << 16) |
    ((data[at + 3] as number) << 24)
  );
}

const CRCS = {
  CRC32: { bits: 32n, polynomial: 0xedb88320n },
  CRC32C: { bits: 32n, polynomial: CRC32C_POLYNOMIAL },
  CRC64NVME: { bits: 64n, polynomial: CRC64NVME_POLYNOMIAL },
} as const;

export type CrcName = keyof typeof CRCS;

/**
 * The CRC of several pieces in a row, from the CRC and the length of each. Moving a CRC past `length`
 * bytes multiplies it by x^(8·length) modulo the polynomial.
 */
export function combineCrcs(
  name: CrcName,
  pieces: readonly { readonly crc: bigint; readonly length: number }[],
): bigint {
  const factors = new Map<number, bigint>();
  let total = 0n;
  for (const { crc, length } of pieces) {
    const factor = factors.get(length) ?? powerOfX(name, length);
    factors.set(length, factor);
    total = multiply(name, factor, total) ^ crc;
  }
  return total;
}

function powerOfX(name: CrcName, bytes: number): bigint {
  const { bits } = CRCS[name];
  let result = 1n << (bits - 1n);
  let base = 1n << (bits - 9n);
  for (let left = bytes; left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) result = multiply(name, base, result);
    base = multiply(name, base, base);
  }
  return result;
}

/** Product of two polynomials, lowest power in the highest bit. */
function multiply(name: CrcName, a: bigint, b: bigint): bigint {
  const { bits, polynomial } = CRCS[name];
  let product = 0n;
  let shifted = b;
  for (let bit = bits - 1n; bit >= 0n; bit -= 1n) {
    if ((a >> bit) & 1n) product ^= shifted;
    shifted = shifted & 1n ? (shifted >> 1n) ^ polynomial : shifted >> 1n;
  }
  return product;
}
