import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  ALGORITHMS,
  isChecksumOf,
  joinChecksums,
  startChecksum,
} from "../../deploy/local/edge/s3/checksum.ts";
import type { ChecksumAlgorithm } from "../../deploy/local/edge/storage/model.ts";

function checksumOf(algorithm: ChecksumAlgorithm, ...pieces: readonly Uint8Array[]): string {
  const checksum = startChecksum(algorithm);
  for (const piece of pieces) checksum.update(piece);
  return checksum.digest();
}

// The check values of the CRC catalogue are those of the nine digits.
test.each([
  ["CRC32", "cbf43926"],
  ["CRC32C", "e3069283"],
  ["CRC64NVME", "ae8b14860a799888"],
  ["SHA1", "f7c3bc1d808e04732adf679965ccc34ca7ae3441"],
  ["SHA256", "15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225"],
] as const)("%s of 123456789 is %s", (algorithm, hex) => {
  expect(
    Buffer.from(checksumOf(algorithm, Buffer.from("123456789")), "base64").toString("hex"),
  ).toBe(hex);
});

test("the checksum of nothing is as S3 gives it", () => {
  expect(checksumOf("CRC32")).toBe("AAAAAA==");
  expect(checksumOf("CRC32C")).toBe("AAAAAA==");
  expect(checksumOf("CRC64NVME")).toBe("AAAAAAAAAAA=");
});

test("pieces give the same checksum as the whole", () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...ALGORITHMS),
      fc.array(fc.uint8Array({ maxLength: 40 })),
      (algorithm, pieces) => {
        expect(checksumOf(algorithm, ...pieces)).toBe(checksumOf(algorithm, Buffer.concat(pieces)));
      },
    ),
  );
});

describe("an object made of parts", () => {
  const summaries = (algorithm: ChecksumAlgorithm, parts: readonly Uint8Array[]) =>
    parts.map((part, index) => ({
      number: index + 1,
      size: part.length,
      checksum: { algorithm, value: checksumOf(algorithm, part) },
    }));

  test("has the CRC of all its bytes, from the CRCs of the parts", () => {
    fc.assert(
      fc.property(
        fc.constantFrom("CRC32", "CRC32C", "CRC64NVME"),
        fc.array(fc.uint8Array({ maxLength: 300 }), { minLength: 1 }),
        (algorithm, parts) => {
          const joined = joinChecksums(
            { algorithm, type: "FULL_OBJECT" },
            summaries(algorithm, parts),
          );
          expect(joined.value).toBe(checksumOf(algorithm, Buffer.concat(parts)));
        },
      ),
    );
  });

  test("has a checksum of checksums where bytes cannot be joined", () => {
    const parts = [Buffer.from("a"), Buffer.from("b")];
    const joined = joinChecksums(
      { algorithm: "SHA256", type: "COMPOSITE" },
      summaries("SHA256", parts),
    );
    const both = Buffer.concat(
      parts.map((part) => Buffer.from(checksumOf("SHA256", part), "base64")),
    );
    expect(joined.value).toBe(`${checksumOf("SHA256", both)}-2`);
  });
});

test.each([
  ["CRC32", "AAAAAA==", true],
  ["CRC32", "AAAAAA", false],
  ["CRC32", "AAAAAAAA", false],
  ["CRC32", "!!!!!!==", false],
  ["SHA256", "AAAAAA==", false],
] as const)("%s cannot be %s: %s", (algorithm, text, possible) => {
  expect(isChecksumOf(algorithm, text)).toBe(possible);
});
