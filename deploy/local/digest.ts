import { createHash } from "node:crypto";
import { type Digest, digest } from "../core/keys.ts";

/** SHA-256 of a text's UTF-8 bytes. */
export function digestText(text: string): Digest {
  return digest(createHash("sha256").update(text).digest("hex"));
}
