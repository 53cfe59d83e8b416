import { gunzipSync, gzipSync } from "node:zlib";
import type { RecordCodec } from "../ports.ts";

/** A record that unpacks to more than this is none of ours. */
const MAX_RECORD_BYTES = 512 * 1024 * 1024;

/** gzip of UTF-8 text; equal texts give equal bytes. */
export const gzipCodec: RecordCodec = {
  encode: (text) => gzipSync(text),
  decode: (bytes) => gunzipSync(bytes, { maxOutputLength: MAX_RECORD_BYTES }).toString("utf8"),
};
