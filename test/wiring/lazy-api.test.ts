import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";

const WIRING = join(import.meta.dirname, "..", "..", "deploy", "wiring");

it("wiring imports the API only when a command needs it; types cost nothing", () => {
  const found = readdirSync(WIRING).flatMap((name) => {
    const text = readFileSync(join(WIRING, name), "utf8");
    const imports = text.matchAll(/^import (?!type )[^;]*? from "(?:\.\.\/)+api\/[^"]*"/gm);
    return [...imports].map(([line]) => `${name}: ${line}`);
  });
  expect(found).toEqual([]);
});

it("slipway --help loads no client of a broker or a database", () => {
  const output = execFileSync(process.execPath, ["--input-type=commonjs", "-e", HELP_AND_LIST], {
    cwd: join(WIRING, "..", ".."),
    encoding: "utf8",
  });
  expect(output).toContain("Usage: slipway");
  expect(output.trimEnd().split("\n").at(-1)).toBe("loaded:");
});

/** The clients are CommonJS, so that whatever loads them leaves them in this cache. */
const HELP_AND_LIST = `
  process.argv.splice(1, 0, "slipway");
  process.argv.push("--help");
  import(require("node:url").pathToFileURL("deploy/bin.js")).then(() => {
    const files = Object.keys(require("node:module")._cache);
    console.log("loaded: " + files.filter((file) => /amqplib|libsql|[/]pg[/]/.test(file)).join());
  });
`;
