import { createHash } from "node:crypto";
import { createChunkDecoder } from "../signature/chunk-decoder.ts";
import type { ChecksumAlgorithm, Segment } from "../storage/model.ts";
import type { Storage } from "../storage/storage.ts";
import { type BodyClaims, readBodyClaims, refuseMalformed } from "./body-claims.ts";
import {
  checksumHeader,
  DEFAULT_ALGORITHM,
  type RunningChecksum,
  startChecksum,
} from "./checksum.ts";
import type { S3Call } from "./s3-call.ts";
import { S3Error } from "./s3-error.ts";

/** What is known of a body that has come whole and kept its promises. */
export type BodyFacts = {
  readonly size: number;
  /** In hex. */
  readonly md5: string;
  readonly checksum: { readonly algorithm: ChecksumAlgorithm; readonly value: string };
  /** The algorithm that the client used, if any. */
  readonly claimed: ChecksumAlgorithm | undefined;
};

export type ReceivedBody = BodyFacts & { readonly segments: readonly Segment[] };

/** The connection closed before the body was whole; there is nobody to answer. */
export class ClientGone extends Error {
  constructor(cause: unknown) {
    super("the client closed the connection", { cause });
    this.name = "ClientGone";
  }
}

/** S3's limit for one PUT and for one part. */
export const LARGEST_BODY = 5 * 1024 ** 3;

/**
 * Stores the body in the storage as it comes. Throws, and stores nothing, when it is cut short or does
 * not match its length, digests or signatures. `algorithm` is the checksum to keep; by default the one
 * that the client sent, or else S3's own default.
 */
export async function stageBody(
  call: S3Call,
  storage: Storage,
  algorithm?: ChecksumAlgorithm,
): Promise<ReceivedBody> {
  const claims = readBodyClaims(call);
  if (claims.length > LARGEST_BODY) {
    throw new S3Error("EntityTooLarge", {
      details: { ProposedSize: String(claims.length), MaxSizeAllowed: String(LARGEST_BODY) },
    });
  }
  const meter = createMeter(claims, algorithm);
  const segments = await storage.stage(checkedBody(call, claims, meter));
  return { segments, ...meter.facts() };
}

/** Reads a small body, an XML document, into memory under the same checks. */
export async function readBody(call: S3Call, largest: number): Promise<Buffer> {
  const claims = readBodyClaims(call);
  if (claims.length > largest)
    throw new S3Error("MalformedXML", { message: "The document is too large." });
  const chunks: Buffer[] = [];
  for await (const chunk of checkedBody(call, claims, createMeter(claims))) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/** The content of the body; ends without error only if every promise was kept. */
async function* checkedBody(call: S3Call, claims: BodyClaims, meter: Meter): AsyncIterable<Buffer> {
  const { form } = claims;
  if (form.kind !== "chunked") {
    for await (const chunk of wireBytes(call)) {
      meter.add(chunk);
      yield chunk;
    }
    meter.check(new Map());
    return;
  }
  const decoder = createChunkDecoder(form, call.signature);
  for await (const chunk of wireBytes(call)) {
    for (const data of decoder.push(chunk)) {
      meter.add(data);
      yield data;
    }
  }
  meter.check(decoder.finish());
}

async function* wireBytes(call: S3Call): AsyncIterable<Buffer> {
  try {
    yield* call.body as AsyncIterable<Buffer>;
  } catch (error) {
    throw new ClientGone(error);
  }
}

type Meter = {
  add(data: Buffer): void;
  check(trailers: ReadonlyMap<string, string>): void;
  facts(): BodyFacts;
};

/** Measures the content and compares it with the claims. */
function createMeter(claims: BodyClaims, wanted?: ChecksumAlgorithm): Meter {
  const claimed = claims.checksum.kind === "none" ? undefined : claims.checksum.algorithm;
  const kept = wanted ?? claimed ?? DEFAULT_ALGORITHM;
  const md5 = createHash("md5");
  const sha256 = claims.form.kind === "hashed" ? createHash("sha256") : undefined;
  const checksums = new Map<ChecksumAlgorithm, RunningChecksum>();
  for (const algorithm of [kept, claimed]) {
    if (algorithm !== undefined) checksums.set(algorithm, startChecksum(algorithm));
  }
  let size = 0;
  let facts: BodyFacts | undefined;

  return {
    add(data) {
      size += data.length;
      if (size > claims.length) throw incomplete("the body is longer than its length says");
      md5.update(data);
      sha256?.update(data);
      for (const checksum of checksums.values()) checksum.update(data);
    },
    check(trailers) {
      if (size < claims.length) throw incomplete("the body is shorter than its length says");
      const digest = md5.digest();
      refuseOtherHash(claims, sha256?.digest("hex"));
      refuseOtherMd5(claims.md5, digest);
      const values = new Map([...checksums].map(([name, sum]) => [name, sum.digest()] as const));
      refuseOtherChecksum(claims, trailers, values);
      const checksum = { algorithm: kept, value: values.get(kept) ?? "" };
      facts = { size, md5: digest.toString("hex"), checksum, claimed };
    },
    facts() {
      if (facts === undefined) throw new Error("the body was not read to its end");
      return facts;
    },
  };
}

function refuseOtherHash({ form }: BodyClaims, computed: string | undefined): void {
  if (form.kind !== "hashed" || computed === form.sha256) return;
  throw new S3Error("XAmzContentSHA256Mismatch", {
    details: {
      ClientComputedContentSHA256: form.sha256,
      S3ComputedContentSHA256: computed ?? "",
    },
  });
}

function refuseOtherMd5(claimed: string | undefined, digest: Buffer): void {
  const computed = digest.toString("base64");
  if (claimed === undefined || claimed === computed) return;
  throw new S3Error("BadDigest", {
    message: "The Content-MD5 you specified did not match what we received.",
    details: { ExpectedDigest: claimed, CalculatedDigest: computed },
  });
}

function refuseOtherChecksum(
  { checksum }: BodyClaims,
  trailers: ReadonlyMap<string, string>,
  values: ReadonlyMap<ChecksumAlgorithm, string>,
): void {
  if (checksum.kind === "none") return;
  const { algorithm } = checksum;
  const claimed =
    checksum.kind === "header" ? checksum.value : trailers.get(checksumHeader(algorithm));
  if (claimed === undefined) throw incomplete("the trailer with the checksum is missing");
  refuseMalformed(algorithm, claimed);
  if (claimed === values.get(algorithm)) return;
  throw new S3Error("BadDigest", {
    message: `The ${algorithm} you specified did not match the calculated checksum.`,
  });
}

function incomplete(reason: string): S3Error {
  return new S3Error("IncompleteBody", {
    message: `You did not provide the number of bytes specified by the Content-Length HTTP header: ${reason}`,
  });
}
