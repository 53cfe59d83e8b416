import { existsSync } from "node:fs";
import path from "node:path";
import { pathToFileURL } from "node:url";
import { SlipwayError } from "../core/errors.ts";

export const CONFIG_FILE = "slipway.config.ts";

/** The default export of the project's config file, unchecked. */
export async function loadConfigFile(root: string): Promise<unknown> {
  const file = path.join(root, CONFIG_FILE);
  if (!existsSync(file)) {
    throw new SlipwayError("config", {
      what: `There is no ${CONFIG_FILE} here`,
      why: `${root} is not the root of a Slipway project`,
      next: "Change into the project's folder, or copy slipway.config.ts from the Slipway repository.",
    });
  }
  try {
    const module: { default?: unknown } = await import(pathToFileURL(file).href);
    return module.default;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    // Without it Node takes the file for CommonJS, whose loader cannot import Slipway.
    const isCommonJs = why.includes("require()");
    const next = isCommonJs
      ? 'Add "type": "module" to package.json.'
      : "Mend the file; npx tsc --noEmit shows the place.";
    throw new SlipwayError(
      "config",
      { what: `${CONFIG_FILE} cannot be loaded`, why, next },
      { cause },
    );
  }
}
