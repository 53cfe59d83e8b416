import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/** Read without loading the library itself: a build that has nothing to encode does without it. */
export function sharpVersion(): string {
  const main = createRequire(import.meta.url).resolve("sharp");
  const { version } = JSON.parse(readFileSync(join(dirname(main), "../package.json"), "utf8"));
  return String(version);
}
