// node site/start.js build|dev|external|new [options]: runs a program of this folder.
import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { translated } from "./code.js";

const [program = ""] = process.argv.splice(2, 1);
const file = `site/${program}.ts`;

if (!/^[a-z]+$/.test(program) || !existsSync(file)) {
  console.error(
    "Usage: node site/start.js build|dev|external|new [options], from the project's folder.",
  );
  process.exitCode = 1;
} else {
  await import(pathToFileURL(resolve(await pathOf(file))).href);
}

async function pathOf(source) {
  try {
    return await translated(source);
  } catch (error) {
    // No place to keep a translation: slower, each file by itself.
    if (!["EACCES", "EPERM", "EROFS", "ENOSPC"].includes(error.code)) throw error;
    const { register } = await import("tsx/esm/api");
    register();
    return source;
  }
}
