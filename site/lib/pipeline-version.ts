import { createHash } from "node:crypto";
import { readdirSync, readFileSync, realpathSync } from "node:fs";
import { join } from "node:path";
import { isLeftBehind } from "./left-behind.ts";

/** npm's own list of what is installed, with versions. */
const INSTALLED = "node_modules/.package-lock.json";

/**
 * A digest of everything that decides what the site's code makes of a text: the code in `site/lib`, the
 * packages that are installed, and Node. What was made under another version must be made again.
 */
export function pipelineVersion(): string {
  const hash = createHash("sha256").update(process.version);
  const sources = readdirSync("site/lib", { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts") && !isLeftBehind(path))
    .sort();
  for (const path of sources) hash.update(path).update(readFileSync(join("site/lib", path)));
  return hash.update(readInstalled()).digest("hex");
}

function readInstalled(): Uint8Array {
  try {
    return readFileSync(INSTALLED);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== "ENOENT") throw error;
    // Another package manager: its folder is a link, or its own lock file tells one state from another.
    return Buffer.from(realpathSync("node_modules"));
  }
}
