import { createHash, randomBytes } from "node:crypto";

/**
 * What a mail carries to prove that its reader reads mail there: 32 random bytes, 43 characters of
 * base64url. We keep its SHA-256 only, so that who reads our database can redeem nothing.
 */
export type Token = { readonly text: string; readonly hash: Uint8Array };

const BYTES = 32;
const FORM = /^[A-Za-z0-9_-]{43}$/;

export function newToken(): Token {
  const text = randomBytes(BYTES).toString("base64url");
  return { text, hash: hashOf(text) };
}

/** The hash of a token that came back; undefined when it cannot be one of ours. */
export function readToken(typed: string): Uint8Array | undefined {
  // Copied out of a mail, it brings spaces and line ends with it.
  const text = typed.replace(/\s/g, "");
  return FORM.test(text) ? hashOf(text) : undefined;
}

function hashOf(text: string): Uint8Array {
  return createHash("sha256").update(text).digest();
}
