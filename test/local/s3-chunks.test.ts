import { describe, expect, test } from "vitest";
import {
  type ChunkForm,
  createChunkDecoder,
} from "../../deploy/local/edge/signature/chunk-decoder.ts";
import {
  scopeText,
  sha256,
  sign,
  signingKey,
} from "../../deploy/local/edge/signature/signing-key.ts";
import type { VerifiedSignature } from "../../deploy/local/edge/signature/verify-signature.ts";

// The worked example of S3-API "Transferring Payload in Multiple Chunks": 66,560 letters "a".
const SCOPE = { date: "20130524", region: "us-east-1", service: "s3" };
const SEED: VerifiedSignature = {
  accessKeyId: "AKIAIOSFODNN7EXAMPLE",
  service: "s3",
  timestamp: "20130524T000000Z",
  scope: scopeText(SCOPE),
  signature: "4f232c4386841ef735655705268965c44a0e4690baa4adea153f7db9fa80a0a9",
  signingKey: signingKey("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SCOPE),
  payloadHash: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD",
};
const CHUNK_SIGNATURES = [
  "ad80c730a21e5b8d04586a2213dd63b9a0e99e0e2307b0ade35a65485a288648",
  "0055627c9e194cb4542bae2aa5492e3c1575bbb81b612b7d234b86a503ef5497",
  "b6c6ea8a5354eaf15b3cb7646744f4275b71ea724fed81ceb9323e279d449df9",
] as const;
const PUBLISHED = [
  `10000;chunk-signature=${CHUNK_SIGNATURES[0]}\r\n${"a".repeat(65_536)}\r\n`,
  `400;chunk-signature=${CHUNK_SIGNATURES[1]}\r\n${"a".repeat(1024)}\r\n`,
  `0;chunk-signature=${CHUNK_SIGNATURES[2]}\r\n\r\n`,
].join("");

const SIGNED: ChunkForm = { chunks: "signed", trailer: "none" };
const UNSIGNED: ChunkForm = { chunks: "unsigned", trailer: "expected" };

function decode(form: ChunkForm, pieces: readonly string[], seed = SEED) {
  const decoder = createChunkDecoder(form, seed);
  const data = pieces.flatMap((piece) => decoder.push(Buffer.from(piece, "latin1")));
  return { text: Buffer.concat(data).toString("latin1"), trailers: decoder.finish() };
}

/** What the decoder throws, or the text. */
function verdict(form: ChunkForm, body: string): string {
  try {
    return decode(form, [body]).text;
  } catch (error) {
    return (error as { code?: string }).code ?? String(error);
  }
}

describe("signed chunks", () => {
  test("the published example is decoded", () => {
    expect(decode(SIGNED, [PUBLISHED]).text).toBe("a".repeat(66_560));
  });

  test("one changed byte of data is found", () => {
    expect(verdict(SIGNED, PUBLISHED.replace("aaaa", "aaab"))).toBe("SignatureDoesNotMatch");
  });

  test("a chunk left out is found", () => {
    const [first, , last] = PUBLISHED.split(/(?=10000;|400;|0;chunk)/);
    expect(verdict(SIGNED, `${first}${last}`)).not.toContain("aaaa");
  });

  test("the end without a signature is refused", () => {
    expect(verdict(SIGNED, "0\r\n\r\n")).toBe("IncompleteBody");
  });

  test("signed trailers are verified", () => {
    const form: ChunkForm = { chunks: "signed", trailer: "expected" };
    const body = signedBody("hello", "x-amz-checksum-crc32:NhCmhg==");
    const { text, trailers } = decode(form, [body]);
    expect(text).toBe("hello");
    expect(trailers).toEqual(new Map([["x-amz-checksum-crc32", "NhCmhg=="]]));
    expect(verdict(form, body.replace("NhCmhg", "NhCmhh"))).toBe("SignatureDoesNotMatch");
    expect(verdict(form, body.replace(/x-amz-trailer-signature.*\r\n/, ""))).toBe(
      "SignatureDoesNotMatch",
    );
  });
});

/** A body signed as a client would. */
function signedBody(data: string, trailer: string): string {
  let previous = SEED.signature;
  const chain = (name: string, ...hashes: readonly string[]) => {
    previous = sign(
      SEED.signingKey,
      [`AWS4-HMAC-SHA256-${name}`, SEED.timestamp, SEED.scope, previous, ...hashes].join("\n"),
    );
    return previous;
  };
  return [
    `${data.length.toString(16)};chunk-signature=${chain("PAYLOAD", sha256(""), sha256(data))}\r\n`,
    `${data}\r\n`,
    `0;chunk-signature=${chain("PAYLOAD", sha256(""), sha256(""))}\r\n`,
    `${trailer}\r\n`,
    `x-amz-trailer-signature:${chain("TRAILER", sha256(`${trailer}\n`))}\r\n\r\n`,
  ].join("");
}

describe("unsigned chunks with a trailer", () => {
  const big = "x".repeat(9000);
  const body = `${(9000).toString(16)}\r\n${big}\r\n5\r\nhello\r\n0\r\nx-amz-checksum-crc32:abc=\r\n\r\n`;

  test("data and trailer are told apart", () => {
    const { text, trailers } = decode(UNSIGNED, [body]);
    expect(text).toBe(`${big}hello`);
    expect(trailers.get("x-amz-checksum-crc32")).toBe("abc=");
  });

  test("a split at any byte makes no difference", () => {
    const short = "6\r\nab\r\ncd\r\n0\r\nx-amz-checksum-crc32:abc=\r\n\r\n";
    for (let at = 0; at <= short.length; at += 1) {
      const { text, trailers } = decode(UNSIGNED, [short.slice(0, at), short.slice(at)]);
      expect(text).toBe("ab\r\ncd");
      expect(trailers.size).toBe(1);
    }
    expect(decode(UNSIGNED, [...short]).text).toBe("ab\r\ncd");
  });

  test("a body cut off at any byte is incomplete", () => {
    const short = "6\r\nab\r\ncd\r\n0\r\nx-amz-checksum-crc32:abc=\r\n\r\n";
    for (let at = 0; at < short.length; at += 1) {
      expect(verdict(UNSIGNED, short.slice(0, at))).toBe("IncompleteBody");
    }
  });

  test("an empty body is just its end", () => {
    expect(decode(UNSIGNED, ["0\r\n\r\n"]).text).toBe("");
  });

  test.each([
    ["no length", "\r\nhello\r\n0\r\n\r\n"],
    ["a length that is no number", "zz\r\nhello\r\n0\r\n\r\n"],
    ["a length too small", "4\r\nhello\r\n0\r\n\r\n"],
    ["a length too large", "6\r\nhello\r\n0\r\n\r\n"],
    ["bytes behind the end", "0\r\n\r\nmore\r\n"],
    ["a trailer without a colon", "0\r\nnonsense\r\n\r\n"],
    ["a signature that was not announced", `0;chunk-signature=${"0".repeat(64)}\r\n\r\n`],
    ["an endless line", "1".repeat(20_000)],
  ])("%s is refused", (_, text) => {
    expect(verdict(UNSIGNED, text)).toBe("IncompleteBody");
  });

  test("only the last chunk may be small", () => {
    expect(verdict(UNSIGNED, "5\r\nhello\r\n5\r\nworld\r\n0\r\n\r\n")).toBe(
      "InvalidChunkSizeError",
    );
  });
});
