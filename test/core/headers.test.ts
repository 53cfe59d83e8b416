import { describe, expect, it } from "vitest";
import {
  CACHE_FOREVER,
  CACHE_UNTIL_INVALIDATED,
  canonicalHeaders,
  contentTypeOf,
  headersFor,
  isFingerprinted,
} from "../../deploy/core/headers.ts";
import { objectKey } from "../../deploy/core/keys.ts";

describe("contentTypeOf", () => {
  it.each([
    ["index.html", "text/html; charset=utf-8"],
    ["main.css", "text/css; charset=utf-8"],
    ["main.js", "text/javascript; charset=utf-8"],
    ["data.json", "application/json; charset=utf-8"],
    ["feed.xml", "application/xml; charset=utf-8"],
    ["feed.atom", "application/atom+xml; charset=utf-8"],
    ["logo.svg", "image/svg+xml; charset=utf-8"],
    ["robots.txt", "text/plain; charset=utf-8"],
    [".well-known/security.txt", "text/plain; charset=utf-8"],
    ["site.webmanifest", "application/manifest+json; charset=utf-8"],
    ["font.woff2", "font/woff2"],
    ["photo.AVIF", "image/avif"],
    ["app.wasm", "application/wasm"],
    ["LICENSE", "application/octet-stream"],
    ["html", "application/octet-stream"],
    ["odd.zzzz", "application/octet-stream"],
    ["with space.html", "text/html; charset=utf-8"],
  ])("%s is %s", (key, type) => {
    expect(contentTypeOf(key)).toBe(type);
  });
});

describe("isFingerprinted", () => {
  it.each([
    ["assets/main.3f2a9c01d4.css", true],
    ["assets/main-3f2a9c01.js", true],
    ["assets/main.3f2a9c01.js.map", true],
    ["assets/photo-12345678a0.avif", true],
    ["invoice-1234567890.pdf", false],
    ["export-202611221830.csv", false],
    ["report-20261122.pdf", false],
    ["report.20261122.pdf", false],
    ["main.css", false],
    ["3f2a9c01d4.css", false],
    ["assets/main.3f2a9c0.css", false],
    ["facade-building.html", false],
    ["3f2a9c01d4/index.html", false],
  ])("%s: %s", (key, expected) => {
    expect(isFingerprinted(key)).toBe(expected);
  });
});

describe("headersFor", () => {
  it("keeps a page at the edge until it is invalidated, and a hashed name for ever", () => {
    expect(headersFor(objectKey("index.html"), []).cacheControl).toBe(CACHE_UNTIL_INVALIDATED);
    expect(headersFor(objectKey("a.3f2a9c01d4.js"), []).cacheControl).toBe(CACHE_FOREVER);
  });

  it("lets a later rule win, header by header", () => {
    const rules = [
      { match: "downloads/**", set: { cacheControl: "public, max-age=60", contentLanguage: "en" } },
      { match: "**/*.pdf", set: { cacheControl: "no-store", contentType: undefined } },
    ];
    expect(headersFor(objectKey("downloads/a/b.pdf"), rules)).toEqual({
      contentType: "application/pdf",
      cacheControl: "no-store",
      contentLanguage: "en",
    });
    expect(headersFor(objectKey("b.pdf"), rules).cacheControl).toBe("no-store");
    expect(headersFor(objectKey("other/b.txt"), rules).contentLanguage).toBeUndefined();
  });

  it("matches dot files too", () => {
    const rules = [{ match: ".well-known/*", set: { contentType: "application/json" } }];
    const key = objectKey(".well-known/apple-app-site-association");
    expect(headersFor(key, rules).contentType).toBe("application/json");
  });
});

it("canonicalHeaders tells every single header apart", () => {
  const base = { contentType: "text/html", cacheControl: "no-store" };
  const variants = [
    base,
    { ...base, contentType: "text/plain" },
    { ...base, cacheControl: "private" },
    { ...base, contentEncoding: "gzip" },
    { ...base, contentDisposition: "gzip" },
    { ...base, contentLanguage: "gzip" },
  ];
  expect(new Set(variants.map(canonicalHeaders)).size).toBe(variants.length);
});
