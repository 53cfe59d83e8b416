import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { SlipwayError } from "../core/errors.ts";

/** The text of a file that the command line names, relative to the project's root. */
export async function readPlanFile(root: string, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(root, file), "utf8");
  } catch (cause) {
    throw unusable(`The plan ${file} cannot be read`, cause);
  }
}

export async function writePlanFile(root: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(path.resolve(root, file), text);
  } catch (cause) {
    throw unusable(`The plan cannot be saved in ${file}`, cause);
  }
}

function unusable(what: string, cause: unknown): SlipwayError {
  const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
  const why = code === "ENOENT" ? "there is no such file or folder" : code || String(cause);
  const next = "Check the name and its folder's permissions.";
  return new SlipwayError("usage", { what, why, next }, { cause });
}
