import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { SlipwayError } from "../core/errors.ts";

/** The text of a file that the command line names, relative to the project's root. */
export async function readPlanFile(root: string, file: string): Promise<string> {
  try {
    return await readFile(path.resolve(root, file), "utf8");
  } catch (cause) {
    throw unusable(`The plan ${JSON.stringify(file)} cannot be read`, cause);
  }
}

export async function writePlanFile(root: string, file: string, text: string): Promise<void> {
  try {
    await writeFile(path.resolve(root, file), text);
  } catch (cause) {
    throw unusable(`The plan cannot be saved in ${JSON.stringify(file)}`, cause);
  }
}

function unusable(what: string, cause: unknown): SlipwayError {
  const isMissing = cause instanceof Error && "code" in cause && cause.code === "ENOENT";
  const told = cause instanceof Error ? cause.message : String(cause);
  const why = isMissing ? "there is no such file or folder" : told;
  const next = "Check the name and its folder's permissions.";
  return new SlipwayError("usage", { what, why, next }, { cause });
}
