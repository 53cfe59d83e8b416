import { describe, expect, it } from "vitest";
import { objectKey } from "../../deploy/core/keys.ts";
import { formatManifest, type Manifest, parseManifest } from "../../deploy/core/manifest.ts";
import { entryFor, manifestOf, sourceFile } from "../support/builders.ts";

const since = "2026-11-20T12:00:00.000Z";
const old = sourceFile("old.3f2a9c01d4.js");
const manifest = manifestOf([sourceFile("a.html"), sourceFile("b.css")], {
  sequence: 7,
  provenance: { commit: "c0ffee", author: "Mira", committedAt: since },
  obsolete: [
    { key: old.key, entry: entryFor(old), sequence: 6, since },
    { key: objectKey("stray.js"), entry: undefined, sequence: 7, since },
  ],
});

function reread(value: Manifest): Manifest {
  const parsed = parseManifest(formatManifest(value));
  if (parsed.kind === "problem") throw new Error(JSON.stringify(parsed.problem));
  return parsed.manifest;
}

describe("a manifest", () => {
  it("survives being written and read", () => {
    expect(reread(manifest)).toEqual(manifest);
  });

  it("keeps version ids where there are any", () => {
    const file = sourceFile("a.html");
    const entry = { fingerprint: file.fingerprint, size: 1, etag: '"e"', versionId: "v1" };
    const versioned = { ...manifest, files: new Map([[file.key, entry]]) };
    expect(reread(versioned)).toEqual(versioned);
  });

  it("is safe with keys that are special to JavaScript objects, and keeps their order", () => {
    const odd = manifestOf(["2", "10", "1", "__proto__", "constructor"].map((k) => sourceFile(k)));
    expect([...reread(odd).files.keys()]).toEqual(["2", "10", "1", "__proto__", "constructor"]);
  });
});

describe("what is no manifest is named, never taken for an empty one", () => {
  const text = formatManifest(manifest);
  it.each([
    ["nothing", "", "not-json"],
    ["a manifest cut short", text.slice(0, -10), "not-json"],
    ["another document", "[]", "malformed"],
    ["a newer format", text.replace('"version":1', '"version":2'), "newer"],
    ["no files", text.replace('"files"', '"file"'), "malformed"],
    ["a wrong digest", text.replace(/[0-9a-f]{64}/, "0"), "malformed"],
    ["an unknown field", text.replace("{", '{"x":1,'), "malformed"],
    ["a negative size", text.replace(/,\d+,"/, ',-1,"'), "malformed"],
  ])("%s", (_, stored, kind) => {
    const parsed = parseManifest(stored);
    expect(parsed.kind === "problem" && parsed.problem.kind).toBe(kind);
  });
});
