import { readdirSync, statSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { type Assets, buildAssets, type CopiedFile, type OutputFile } from "./assets.ts";
import { isLeftBehind } from "./left-behind.ts";
import { writeOutput } from "./output.ts";

/** The files beside the pages that the dev server serves: made and written anew only when they change. */
export type ServedFiles = {
  /** The assets of a folder as it is now, written. */
  assets(folder: string): Promise<Assets>;
  write(files: readonly (OutputFile | CopiedFile)[]): Promise<void>;
};

export function createServedFiles(output: string): ServedFiles {
  const written = new Map<string, string | Uint8Array>();
  let last: { readonly state: string; readonly assets: Assets } | undefined;

  async function write(files: readonly (OutputFile | CopiedFile)[]): Promise<void> {
    for (const file of files) {
      const source = "from" in file ? file.from : file.bytes;
      if (isSame(written.get(file.path), source)) continue;
      await mkdir(dirname(join(output, file.path)), { recursive: true });
      writeOutput(output, file);
      written.set(file.path, source);
    }
  }

  return {
    async assets(folder) {
      const state = stateOf(folder);
      if (last?.state === state) return last.assets;
      const assets = await buildAssets(folder);
      await write(assets.files);
      last = { state, assets };
      return assets;
    },
    write,
  };
}

function isSame(a: string | Uint8Array | undefined, b: string | Uint8Array): boolean {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b) === 0;
  return a === b;
}

/** Changes with every file that is added, removed or saved. */
function stateOf(folder: string): string {
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" });
  return paths
    .filter((path) => !isLeftBehind(path))
    .sort()
    .map((path) => {
      const { size, mtimeMs, ino } = statSync(join(folder, path));
      return `${path} ${size} ${mtimeMs} ${ino}`;
    })
    .join("\n");
}
