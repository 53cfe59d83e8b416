import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import type { ChecksumAlgorithm, PartSummary, StoredChecksum } from "../storage/model.ts";
import { type Crc64, combineCrcs, crc32c, crc64nvme } from "./crc.ts";
import { S3Error } from "./s3-error.ts";

/** A checksum over bytes that come in pieces. */
export type RunningChecksum = {
  update(data: Uint8Array): void;
  /** In base64, as in the headers. Once only. */
  digest(): string;
};

/** What S3 uses when the client names none (S3-UG "Checking object integrity"). */
export const DEFAULT_ALGORITHM: ChecksumAlgorithm = "CRC64NVME";

const LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  CRC32: 4,
  CRC32C: 4,
  CRC64NVME: 8,
  SHA1: 20,
  SHA256: 32,
};

export const ALGORITHMS = Object.keys(LENGTHS) as readonly ChecksumAlgorithm[];

/** The header, and the trailer, that carries a checksum: "x-amz-checksum-crc32". */
export function checksumHeader(algorithm: ChecksumAlgorithm): string {
  return `x-amz-checksum-${algorithm.toLowerCase()}`;
}

/** The element that carries it in XML: "ChecksumCRC32". */
export function checksumElement(algorithm: ChecksumAlgorithm): string {
  return `Checksum${algorithm}`;
}

/** Reads x-amz-checksum-algorithm. */
export function readAlgorithm(text: string | undefined): ChecksumAlgorithm | undefined {
  if (text === undefined) return undefined;
  const found = ALGORITHMS.find((algorithm) => algorithm === text.toUpperCase());
  if (found !== undefined) return found;
  throw new S3Error("InvalidRequest", {
    message: `Checksum algorithm provided is unsupported. Please try again with any of the valid types: [${ALGORITHMS.join(", ")}]`,
  });
}

/** True when the text is base64 of as many bytes as the algorithm gives. */
export function isChecksumOf(algorithm: ChecksumAlgorithm, text: string): boolean {
  const bytes = Buffer.from(text, "base64");
  return bytes.length === LENGTHS[algorithm] && bytes.toString("base64") === text;
}

/** A new checksum over nothing. */
export function startChecksum(algorithm: ChecksumAlgorithm): RunningChecksum {
  switch (algorithm) {
    case "CRC32":
      return running32(crc32);
    case "CRC32C":
      return running32(crc32c);
    case "CRC64NVME":
      return running64();
    case "SHA1":
      return runningHash("sha1");
    case "SHA256":
      return runningHash("sha256");
  }
}

/**
 * The checksum of an object made of parts: of all its bytes where CRCs can be joined, else of the
 * checksums of the parts, with their number (S3-UG "Checking object integrity").
 */
export function joinChecksums(
  plan: Pick<StoredChecksum, "algorithm" | "type">,
  parts: readonly PartSummary[],
): StoredChecksum {
  const { algorithm, type } = plan;
  if (type === "COMPOSITE" || algorithm === "SHA1" || algorithm === "SHA256") {
    const checksum = startChecksum(algorithm);
    for (const part of parts) checksum.update(Buffer.from(part.checksum.value, "base64"));
    return { algorithm, type: "COMPOSITE", value: `${checksum.digest()}-${parts.length}` };
  }
  const crc = combineCrcs(
    algorithm,
    parts.map((part) => ({ crc: toBigInt(part.checksum.value), length: part.size })),
  );
  return { algorithm, type, value: fromBigInt(crc, LENGTHS[algorithm]) };
}

function running32(step: (data: Uint8Array, previous: number) => number): RunningChecksum {
  let crc = 0;
  return {
    update(data) {
      crc = step(data, crc);
    },
    digest: () => fromBigInt(BigInt(crc), 4),
  };
}

function running64(): RunningChecksum {
  let crc: Crc64 = { low: 0, high: 0 };
  return {
    update(data) {
      crc = crc64nvme(data, crc);
    },
    digest: () => fromBigInt((BigInt(crc.high) << 32n) | BigInt(crc.low), 8),
  };
}

function runningHash(name: "sha1" | "sha256"): RunningChecksum {
  const hash = createHash(name);
  return { update: (data) => void hash.update(data), digest: () => hash.digest("base64") };
}

function toBigInt(base64: string): bigint {
  return BigInt(`0x${Buffer.from(base64, "base64").toString("hex")}`);
}

function fromBigInt(value: bigint, length: number): string {
  return Buffer.from(value.toString(16).padStart(length * 2, "0"), "hex").toString("base64");
}
