import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { Alias } from "./aliases.ts";
import type { OutputFile } from "./assets.ts";
import { urlPath } from "./checks/links.ts";
import { type PageUse, usesOfStyle } from "./checks/page-uses.ts";
import { contentPolicy } from "./content-policy.ts";
import { makeHeaders } from "./headers-file.ts";
import type { Problem } from "./problem.ts";
import type { RedirectRule } from "./redirect-rules.ts";
import { makeRedirects } from "./redirects.ts";
import type { RenderedPage } from "./render.ts";

/** Where the rules that people keep by hand are, seen from the project root. */
export const RULES = "site/rules";

/** The text of the hand-kept rules; empty where there is no such file. */
export type WrittenRules = { readonly headers: string; readonly redirects: string };

export type RuleFiles = {
  /** `_headers`, and `_redirects` where there are rules. */
  readonly files: readonly OutputFile[];
  /** Those of `_redirects`, in order. */
  readonly redirects: readonly RedirectRule[];
  readonly problems: readonly Problem[];
};

/** What the pages make a browser load or do, and the SHA-256 of each style in their heads, in base64. */
export type PagesUse = {
  readonly uses: ReadonlySet<PageUse>;
  readonly styleHashes: ReadonlySet<string>;
};

/** Reads what people wrote in a folder of rules. */
export async function readRules(folder: string): Promise<WrittenRules> {
  const [headers, redirects] = await Promise.all(
    ["_headers", "_redirects"].map((name) => readOrEmpty(join(folder, name))),
  );
  return { headers: headers ?? "", redirects: redirects ?? "" };
}

/**
 * What the site says to its edge: the two files in the syntax that Netlify and Cloudflare Pages share.
 * The same site gives the same bytes.
 */
export function makeRuleFiles(site: {
  readonly rendered: readonly RenderedPage[];
  readonly pagesUse: PagesUse;
  /** Without the rendered pages. */
  readonly assets: readonly OutputFile[];
  readonly media: readonly { readonly path: string }[];
  readonly aliases: ReadonlyMap<string, readonly Alias[]>;
  /** Pages that are missing for a reason: what is said of a rule that leads to one, null for nothing. */
  readonly missing: ReadonlyMap<string, string | null>;
  readonly written: WrittenRules;
}): RuleFiles {
  const { rendered, assets, written } = site;
  const headers = makeHeaders(
    policyOf(site.pagesUse, assets),
    written.headers,
    `${RULES}/_headers`,
  );
  const redirects = makeRedirects({
    written: written.redirects,
    file: `${RULES}/_redirects`,
    aliases: [...site.aliases.values()].flat().sort(inOrder),
    addressesOf: (file) =>
      rendered.filter(({ source }) => source === file).map(({ path }) => urlPath(path)),
    addresses: [...rendered, ...assets, ...site.media].map(({ path }) => urlPath(path)),
    missing: site.missing,
  });
  const files = [toFile("_headers", headers.text), toFile("_redirects", redirects.text)];
  return {
    files: files.filter(({ bytes }) => bytes.byteLength > 0),
    redirects: redirects.rules,
    problems: [...findMisplaced(assets), ...headers.problems, ...redirects.problems],
  };
}

function policyOf(pages: PagesUse, assets: readonly OutputFile[]): string {
  const linked = assets
    .filter(({ path }) => path.endsWith(".css"))
    .map(({ bytes }) => new TextDecoder().decode(bytes));
  return contentPolicy({
    uses: new Set([...pages.uses, ...linked.flatMap(usesOfStyle)]),
    styleHashes: [...pages.styleHashes],
  });
}

function findMisplaced(assets: readonly OutputFile[]): readonly Problem[] {
  return assets
    .filter(({ path }) => path === "_headers" || path === "_redirects")
    .map(({ path }) => ({
      file: `site/assets/static/${path}`,
      message: "would take the place of what the build makes",
      fix: `Move it to ${RULES}/${path}.`,
    }));
}

function toFile(path: string, text: string): OutputFile {
  return { path, bytes: new TextEncoder().encode(text) };
}

function inOrder(a: Alias, b: Alias): number {
  if (a.path !== b.path) return a.path < b.path ? -1 : 1;
  return a.file < b.file ? -1 : 1;
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return "";
    throw error;
  }
}
