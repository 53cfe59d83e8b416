import { gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { gzipCodec } from "../../deploy/local/record-codec.ts";

it.each(["", "{}", "ä 日本 🚀 \u0000", "x".repeat(1_000_000)])(
  "text comes back as it was (case %#)",
  (text) => {
    expect(gzipCodec.decode(gzipCodec.encode(text))).toBe(text);
  },
);

it("equal texts give equal bytes, so a record has one digest", () => {
  expect(gzipCodec.encode("a manifest")).toEqual(gzipCodec.encode("a manifest"));
});

it("any gzip tool reads it, and what any gzip tool wrote is read", () => {
  expect([...gzipCodec.encode("{}").subarray(0, 2)]).toEqual([0x1f, 0x8b]);
  expect(gzipCodec.decode(gzipSync("{}", { level: 1 }))).toBe("{}");
});

it.each<[string, Uint8Array]>([
  ["plain text", Buffer.from('{"version":1}')],
  ["nothing", new Uint8Array()],
  ["a record that was cut short", gzipSync("x".repeat(1000)).subarray(0, 20)],
])("%s is an error, never an empty record", (_, bytes) => {
  expect(() => gzipCodec.decode(bytes)).toThrow();
});
