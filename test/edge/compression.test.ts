import { describe, expect, it } from "vitest";
import {
  type CompressionCandidate,
  chooseCoding,
  isCompressible,
  normalizeAcceptEncoding,
  weakened,
} from "../../deploy/edge/compression.ts";

const PAGE: CompressionCandidate = {
  status: 200,
  contentType: "text/html; charset=utf-8",
  contentEncoding: undefined,
  size: 5_000,
};

const BOTH = { gzip: true, brotli: true };

describe("Accept-Encoding becomes", () => {
  it.each([
    ["nothing when absent", undefined, ""],
    ["nothing when empty", "", ""],
    ["br and gzip in one order", "gzip, deflate, br", "br,gzip"],
    ["br alone", "br", "br"],
    ["gzip alone", "gzip", "gzip"],
    ["the names in any case", "GZip, BR", "br,gzip"],
    ["without a coding of q=0", "br;q=0, gzip", "gzip"],
    ["without a coding of q=0.000", "br, gzip; Q=0.000", "br"],
    ["with a coding of a small q", "br;q=0.001, gzip;q=1", "br,gzip"],
    ["nothing for a star", "*", ""],
    ["nothing for codings CloudFront lacks", "zstd, deflate", ""],
    ["nothing for a name that only contains one", "x-gzip, brx", ""],
  ] as const)("%s", (_rule, header, accepted) => {
    expect(normalizeAcceptEncoding(header, "1.1", BOTH)).toBe(accepted);
  });

  it.each([
    ["no br where the cache policy does not enable it", { gzip: true, brotli: false }, "gzip"],
    ["no gzip where the cache policy does not enable it", { gzip: false, brotli: true }, "br"],
    ["nothing where the cache policy enables neither", { gzip: false, brotli: false }, ""],
  ] as const)("%s", (_rule, enabled, accepted) => {
    expect(normalizeAcceptEncoding("br, gzip", "1.1", enabled)).toBe(accepted);
  });

  it("nothing over HTTP/1.0", () => {
    expect(normalizeAcceptEncoding("br, gzip", "1.0", BOTH)).toBe("");
  });
});

describe("an answer is compressible", () => {
  it.each([
    ["as a page", {}, true],
    ["at 1,000 bytes", { size: 1_000 }, true],
    ["not at 999 bytes", { size: 999 }, false],
    ["at 10,000,000 bytes", { size: 10_000_000 }, true],
    ["not at 10,000,001 bytes", { size: 10_000_001 }, false],
    ["as an error page of 404", { status: 404 }, true],
    ["as an error of 403", { status: 403 }, true],
    ["not as 206", { status: 206 }, false],
    ["not as an error of 500", { status: 500 }, false],
    ["not without a Content-Length", { size: undefined }, false],
    ["not when its encoding is empty", { contentEncoding: "" }, false],
    ["not when it is encoded already", { contentEncoding: "gzip" }, false],
    ["not when it says identity", { contentEncoding: "identity" }, false],
    ["not without a type", { contentType: undefined }, false],
    ["whatever the case of its type", { contentType: "Text/HTML" }, true],
    ["as SVG", { contentType: "image/svg+xml" }, true],
    ["as JSON", { contentType: "application/json" }, true],
    ["as WebAssembly", { contentType: "application/wasm" }, true],
    ["as an RSS feed", { contentType: "application/rss+xml" }, true],
    ["not as an Atom feed", { contentType: "application/atom+xml" }, false],
    ["not as a web manifest", { contentType: "application/manifest+json" }, false],
    ["not as Markdown", { contentType: "text/markdown" }, false],
    ["not as WOFF2", { contentType: "font/woff2" }, false],
    ["not as PNG", { contentType: "image/png" }, false],
  ] as const)("%s", (_rule, change, expected) => {
    expect(isCompressible({ ...PAGE, ...change })).toBe(expected);
  });
});

/** The guide's own list, a type a word, so that none is lost or won. */
const LISTED = `
  application/dash+xml application/eot application/font application/font-sfnt
  application/javascript application/json application/opentype application/otf application/pdf
  application/pkcs7-mime application/protobuf application/rss+xml application/truetype
  application/ttf application/vnd.apple.mpegurl application/vnd.mapbox-vector-tile
  application/vnd.ms-fontobject application/wasm application/xhtml+xml application/xml
  application/x-font-opentype application/x-font-truetype application/x-font-ttf
  application/x-httpd-cgi application/x-javascript application/x-mpegurl application/x-opentype
  application/x-otf application/x-perl application/x-ttf
  font/eot font/opentype font/otf font/ttf
  image/svg+xml
  text/css text/csv text/html text/javascript text/js text/plain text/richtext
  text/tab-separated-values text/xml text/x-component text/x-java-source text/x-script
  vnd.apple.mpegurl
`;
const NOT_LISTED = `
  application/atom+xml application/ld+json application/manifest+json application/feed+json
  application/octet-stream application/gzip application/zip
  font/woff font/woff2 image/x-icon image/png image/jpeg image/webp image/avif
  text/markdown text/calendar text/vtt video/mp4 audio/mpeg
`;
const words = (text: string) => text.trim().split(/\s+/);

describe("a type is compressed", () => {
  it("if it is one of the guide's 48", () => {
    expect(words(LISTED)).toHaveLength(48);
  });

  it.each(words(LISTED))("%s", (contentType) => {
    expect(isCompressible({ ...PAGE, contentType })).toBe(true);
    expect(isCompressible({ ...PAGE, contentType: `${contentType}; charset=utf-8` })).toBe(true);
  });

  it.each(words(NOT_LISTED))("not %s", (contentType) => {
    expect(isCompressible({ ...PAGE, contentType })).toBe(false);
  });
});

describe("compression", () => {
  it.each([
    ["prefers br", "br,gzip", "br"],
    ["takes gzip where br is not accepted", "gzip", "gzip"],
    ["leaves the answer alone for a viewer that takes neither", "", "identity"],
  ] as const)("%s", (_rule, accepted, coding) => {
    expect(chooseCoding(accepted, PAGE)).toBe(coding);
    expect(chooseCoding(accepted, { ...PAGE, size: 10 })).toBe("identity");
  });

  it("weakens a strong ETag, keeps a weak one and drops what is none", () => {
    expect(weakened('"abc"')).toBe('W/"abc"');
    expect(weakened('W/"abc"')).toBe('W/"abc"');
    expect(weakened("abc")).toBeUndefined();
  });
});
