import { describe, expect, it } from "vitest";
import type { ObjectKey } from "../../deploy/core/keys.ts";
import { formatManifest, type Manifest, parseManifest } from "../../deploy/core/manifest.ts";
import { manifestOf, sourceFile } from "../support/builders.ts";

const manifest = manifestOf([sourceFile("a.html"), sourceFile("b.css")], {
  leftovers: ["old.js" as ObjectKey],
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
    ["no files", '{"version":1,"site":"a","release":"b","leftovers":[]}', "malformed"],
    ["a wrong digest", text.replace(/[0-9a-f]{64}/, "0"), "malformed"],
    ["an unknown field", text.replace("{", '{"x":1,'), "malformed"],
    ["a negative size", text.replace(/,\d+,"/, ',-1,"'), "malformed"],
  ])("%s", (_, stored, kind) => {
    const parsed = parseManifest(stored);
    expect(parsed.kind === "problem" && parsed.problem.kind).toBe(kind);
  });
});
