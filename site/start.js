// node site/start.js build|dev|external|new [options]: runs a program of this folder.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { placeOf, translated } from "./code.js";

const [program = ""] = process.argv.splice(2, 1);
const file = `site/${program}.ts`;

if (!/^[a-z]+$/.test(program) || !existsSync(file)) {
  console.error(
    "Usage: node site/start.js build|dev|external|new [options], from the project's folder.",
  );
  process.exitCode = 1;
} else {
  const path = await pathOf(file);
  if (path !== undefined) await run(path);
}

/** A mistake in the site's data is told by its line; one of the program comes with its stack. */
async function run(path) {
  try {
    await import(pathToFileURL(resolve(path)).href);
  } catch (error) {
    const place = placeOf(error);
    if (!place?.file.startsWith("site/_data/")) throw error;
    tell([{ text: error.message, location: place }]);
  }
}

/** Undefined where some of the site's code is no code, which is told. */
async function pathOf(source) {
  try {
    return await translated(source);
  } catch (error) {
    if (Array.isArray(error.errors)) return tell(error.errors);
    // No place to keep a translation: slower, each file by itself.
    if (!["EACCES", "EPERM", "EROFS", "ENOSPC", "ENOTDIR", "EEXIST"].includes(error.code))
      throw error;
    const { register } = await import("tsx/esm/api");
    register();
    return source;
  }
}

function tell(mistakes) {
  for (const { text, location } of mistakes) {
    const { file = "site", line } = location ?? {};
    const place = line === undefined ? file : `${file}:${line}`;
    console.error(`${place}: ${text}. Mend the file.`);
  }
  process.exitCode = 1;
}
