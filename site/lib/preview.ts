import type { OutputFile } from "./assets.ts";
import type { WrittenRules } from "./rule-files.ts";

/** Where a preview goes: beside the site that is published, so that neither takes the other's place. */
export const PREVIEW_OUTPUT = "_site.preview";

/**
 * A file that says what the folder is, to people and to `slipway deploy`, which refuses a site that has it
 * (docs/guards.md, preview-build).
 */
export const PREVIEW_MARK: OutputFile = {
  path: "preview-build.txt",
  bytes: new TextEncoder().encode(
    "This build shows drafts and articles whose day has not come. It is not for publishing.\n",
  ),
};

/** The rules of the site, with a word to search engines on every answer. */
export function withoutIndexing(written: WrittenRules): WrittenRules {
  const headers = `${written.headers.trimEnd()}\n\n/*\n  X-Robots-Tag: noindex\n`;
  return { ...written, headers };
}
