import { brotliCompressSync, constants } from "node:zlib";
import type { OutputFile } from "../assets.ts";
import type { Problem } from "../problem.ts";
import { urlPath } from "./links.ts";
import type { PageFacts } from "./page-facts.ts";
import type { PageFault } from "./page-rules.ts";

/**
 * What may travel for a page, in bytes after compression (brotli). Ten segments of TCP are the first window,
 * about 14 kB: a page within it needs one round trip.
 */
export const BUDGETS = {
  /** A page with the style in it. */
  page: 14_000,
  /** All modules of a page together. */
  scripts: 4_000,
  /** A stylesheet, which each page of its kind carries. */
  style: 4_000,
  /** A page with its modules, without images. */
  transfer: 20_000,
  /** An image file as it stands. */
  image: 100_000,
} as const;

/**
 * What pages of a kind may weigh, by the stylesheet that only they carry. Those that are no articles have
 * 6 kB. Two have more: most of the home page is what it shows, most of the services what they say
 * (docs/adr/0019-one-style-a-kind-of-page.md).
 */
const BY_STYLE: ReadonlyMap<string, number> = new Map([
  ["about.css", 6_000],
  ["form.css", 6_000],
  ["list.css", 6_000],
  ["home.css", 7_500],
  ["services.css", 7_000],
]);

/** The most that a page may weigh which carries these stylesheets. */
export function pageBudget(styles: readonly string[]): number {
  return Math.min(BUDGETS.page, ...styles.map((name) => BY_STYLE.get(name) ?? BUDGETS.page));
}

/** From the quickest, which costs a tenth of a millisecond a page, to the best. */
const LEVELS = [1, 5, 11] as const;

/**
 * How many bytes travel for a text. A quick compression that gives no more than `enough` is enough to
 * know that the best one does.
 */
export function transferSize(text: string, enough: number): number {
  let size = 0;
  for (const level of LEVELS) {
    size = compressed(text, level);
    if (size <= enough) break;
  }
  return size;
}

/** Pages over budget, alone and with their modules. */
export function checkWeights(
  pages: readonly PageFacts[],
  files: readonly OutputFile[],
): readonly PageFault[] {
  const sizes = new Map(
    files
      .filter(({ path }) => path.endsWith(".js"))
      .map(({ path, bytes }) => [`/${path}`, sizeOfScript(bytes)]),
  );
  return pages.flatMap((page) => checkWeight(page, sizes));
}

const scriptSizes = new WeakMap<Uint8Array, number>();

/** Compressed once for as long as the same bytes are served. */
function sizeOfScript(bytes: Uint8Array): number {
  const size = scriptSizes.get(bytes) ?? compressed(bytes, 11);
  scriptSizes.set(bytes, size);
  return size;
}

/** Stylesheets over budget, by their plain names: `site.css`. */
export function checkStyles(styles: ReadonlyMap<string, string>): readonly Problem[] {
  return [...styles].flatMap(([name, text]): readonly Problem[] => {
    const size = transferSize(text, BUDGETS.style);
    if (size <= BUDGETS.style) return [];
    const message = `has ${kB(size)} compressed, and ${kB(BUDGETS.style)} is the most for a stylesheet`;
    return [
      { file: `site/assets/${name}`, message, fix: "Import less of site/assets/css into it." },
    ];
  });
}

/** Images that are published as they stand and are too heavy. */
export function checkImageFiles(files: readonly OutputFile[]): readonly Problem[] {
  return files
    .filter(({ path }) => /\.(avif|gif|jpe?g|png|svg|webp)$/i.test(path))
    .filter(({ bytes }) => bytes.byteLength > BUDGETS.image)
    .map(({ path, bytes }) => ({
      file: `site/assets/static/${path}`,
      message: `has ${kB(bytes.byteLength)}, and ${kB(BUDGETS.image)} is the most for an image`,
      fix: "Make it smaller, or put it beside the article that shows it: the build then resizes it.",
    }));
}

function checkWeight(page: PageFacts, sizes: ReadonlyMap<string, number>): readonly PageFault[] {
  const loaded = page.references.filter(({ tag, url }) => tag === "script" && sizes.has(url));
  const scripts = loaded.reduce((sum, { url }) => sum + (sizes.get(url) ?? 0), 0);
  const over = (what: string, actual: number, most: number, fix: string): PageFault => ({
    page: page.path,
    // One template makes many pages.
    field: `${what} of ${urlPath(page.path)}`,
    message: `has ${kB(actual)} compressed, and ${kB(most)} is the most`,
    fix,
    clue: { kind: "head", text: "title:", offset: 0 },
  });
  const whole = page.transfer + scripts;
  const most = pageBudget(page.styles);
  const fix = most === BUDGETS.page ? DIVIDE : SHORTEN;
  return [
    ...(page.transfer > most ? [over("HTML", page.transfer, most, fix)] : []),
    ...(scripts > BUDGETS.scripts ? [over("JavaScript", scripts, BUDGETS.scripts, LESS)] : []),
    ...(whole > BUDGETS.transfer ? [over("page with scripts", whole, BUDGETS.transfer, LESS)] : []),
  ];
}

const DIVIDE = "Divide the page in two, or shorten its code.";
const SHORTEN =
  "Show or say less on it, or give pages of its kind more in site/lib/checks/budgets.ts.";
const LESS = "Load less, or only when somebody asks for it.";

function compressed(data: string | Uint8Array, level: number): number {
  return brotliCompressSync(data, { params: { [constants.BROTLI_PARAM_QUALITY]: level } })
    .byteLength;
}

function kB(bytes: number): string {
  // Rounded up: what is over must not read as what is allowed.
  return `${(Math.ceil(bytes / 100) / 10).toFixed(1)} kB`;
}
