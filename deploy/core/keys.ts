/**
 * The strings that must never be mixed up. Each brand has one maker that checks; past it, nobody
 * checks again.
 */
declare const brand: unique symbol;
type Brand<Name extends string> = string & { readonly [brand]: Name };

/** The name of an object in the bucket: UTF-8, no leading slash, at most 1,024 bytes. */
export type ObjectKey = Brand<"ObjectKey">;
/** A URL path as a browser sends it: starts with a slash, percent-encoded. */
export type UrlPath = Brand<"UrlPath">;
/** A SHA-256 in lower-case hex. */
export type Digest = Brand<"Digest">;

/** What a key maker may find wrong; `undefined` means the key can be stored and browsed. */
export type KeyProblem =
  | "empty"
  | "leading-slash"
  | "dot-segment"
  | "empty-segment"
  | "control-character"
  | "backslash"
  | "not-utf-8"
  | "not-nfc"
  | "too-long"
  | "reserved";

/** Where Slipway keeps its own state in the bucket; no file of a site may live below it. */
export const STATE_PREFIX = ".slipway/";

/** S3-UG "Creating object key names": a key has at most 1,024 bytes of UTF-8. */
export const MAX_KEY_BYTES = 1024;

/**
 * Says what keeps `text` from being the key of a site's file, or nothing.
 *
 * Stricter than S3: a key with an empty or dot segment exists in S3, but no browser can ask for it,
 * because URL parsers fold those segments away.
 */
export function findKeyProblem(text: string): KeyProblem | undefined {
  if (text === "") return "empty";
  if (text.startsWith("/")) return "leading-slash";
  if (!text.isWellFormed()) return "not-utf-8";
  if (text.normalize("NFC") !== text) return "not-nfc";
  if (hasControlCharacter(text)) return "control-character";
  if (text.includes("\\")) return "backslash";
  const segments = text.split("/");
  if (segments.some((segment) => segment === "." || segment === "..")) return "dot-segment";
  if (segments.some((segment) => segment === "")) return "empty-segment";
  if (utf8Length(text) > MAX_KEY_BYTES) return "too-long";
  if (text.startsWith(STATE_PREFIX) || text === STATE_PREFIX.slice(0, -1)) return "reserved";
  return undefined;
}

/** The one door to an ObjectKey of a site's file. Throws on a key that `findKeyProblem` names. */
export function objectKey(text: string): ObjectKey {
  const problem = findKeyProblem(text);
  if (problem !== undefined) throw new TypeError(`not an object key (${problem}): ${text}`);
  return text as ObjectKey;
}

/** The key of one of Slipway's own records: `stateKey("manifest.json")`. */
export function stateKey(name: string): ObjectKey {
  return `${STATE_PREFIX}${name}` as ObjectKey;
}

const DIGEST = /^[0-9a-f]{64}$/;

/** The one door to a Digest. Throws on anything but 64 lower-case hex digits. */
export function digest(text: string): Digest {
  if (!DIGEST.test(text)) throw new TypeError(`not a SHA-256 in hex: ${text}`);
  return text as Digest;
}

/** The URL path under which a key is found, in the form that an invalidation takes. */
export function urlPath(key: ObjectKey): UrlPath {
  return `/${encodeUnsafe(key)}` as UrlPath;
}

/**
 * RFC 1738 2.2 names the unsafe characters; `?` would start the query. `~` stands in that list too,
 * but CloudFront refuses it raw and matches nothing when it is encoded (aws/aws-sdk#525): a path
 * that has one cannot be named exactly, see `invalidation.ts`.
 */
const UNSAFE = /[^\x21-\x7e]|["#%<>?[\\\]^`{|}]/gu;

/**
 * Percent-encodes as CloudFront wants it in an invalidation: non-ASCII and the characters that
 * RFC 1738 calls unsafe, and nothing else, or the path does not match (CF-DG "What you need to know
 * when invalidating paths").
 */
export function encodeUnsafe(text: string): string {
  return text.replace(UNSAFE, (character) => encodeURIComponent(character));
}

/** Compares two keys by UTF-8 bytes, the order in which S3 lists them (BC s3 ListObjectsV2). */
export function compareKeys(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let i = 0; i < length; i++) {
    const x = a.charCodeAt(i);
    const y = b.charCodeAt(i);
    if (x !== y) return rankOfUnit(x) - rankOfUnit(y);
  }
  return a.length - b.length;
}

/** UTF-16 puts surrogates (astral characters) before U+E000..U+FFFF; UTF-8 puts them after. */
function rankOfUnit(unit: number): number {
  if (unit >= 0xe000) return unit - 0x800;
  if (unit >= 0xd800) return unit + 0x2000;
  return unit;
}

function hasControlCharacter(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x20 || (unit >= 0x7f && unit < 0xa0)) return true;
  }
  return false;
}

function utf8Length(text: string): number {
  let bytes = 0;
  for (const character of text) {
    const point = character.codePointAt(0) ?? 0;
    if (point < 0x80) bytes += 1;
    else if (point < 0x800) bytes += 2;
    else if (point < 0x10000) bytes += 3;
    else bytes += 4;
  }
  return bytes;
}
