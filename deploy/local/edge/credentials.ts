import { randomBytes } from "node:crypto";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { SlipwayError } from "../../core/errors.ts";
import type { Credentials } from "./signature/verify-signature.ts";
import { explainDiskError } from "./storage/disk-errors.ts";
import { replaceFile, syncFolder } from "./storage/durable-files.ts";

const FILE = "credentials.json";

/**
 * The keys to the local edge of this folder: those made before, or new random ones, kept in a file
 * that only its owner can read. Throws a SlipwayError when the folder cannot be written or the file
 * is damaged.
 */
export async function readEdgeCredentials(directory: string): Promise<Credentials> {
  const path = join(directory, FILE);
  try {
    const text = await readFile(path, "utf8").catch(ifAbsent);
    if (text !== undefined) return parseCredentials(text, path);
    const credentials = createCredentials();
    await mkdir(directory, { recursive: true });
    await replaceFile(path, [JSON.stringify(credentials, null, 2), "\n"], "disk");
    await syncFolder(directory, "disk");
    return credentials;
  } catch (error) {
    throw explainDiskError(error, `keep its credentials in ${path}`);
  }
}

/** As IAM's look, so that tools which check the form take them. */
function createCredentials(): Credentials {
  const id = randomBytes(16).toString("hex").toUpperCase().slice(0, 16);
  return { accessKeyId: `AKIA${id}`, secretAccessKey: randomBytes(30).toString("base64") };
}

function parseCredentials(text: string, path: string): Credentials {
  const { accessKeyId, secretAccessKey } = parseObject(text);
  if (typeof accessKeyId === "string" && typeof secretAccessKey === "string") {
    return { accessKeyId, secretAccessKey };
  }
  throw new SlipwayError("config", {
    what: "The local edge's credentials cannot be read",
    why: `${path} is not what was written there`,
    next: "Delete that file; the local edge makes new credentials when it starts.",
  });
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null ? { ...value } : {};
  } catch {
    return {};
  }
}

function ifAbsent(error: NodeJS.ErrnoException): undefined {
  if (error.code === "ENOENT") return undefined;
  throw error;
}
