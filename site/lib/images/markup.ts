import type { ImageSource, SiteImage, Variant } from "./variants.ts";

/** How an image stands on its page. */
export type Placement = {
  readonly alt: string;
  /** The first image of a page is likely to be seen at once; the others wait until they come near. */
  readonly isFirst: boolean;
};

/**
 * The width an image takes, as `.prose` in prose.css lays it out: the measure, or the window less the
 * gutters on both sides.
 */
const SIZES = "(min-width: 45rem) 41rem, (min-width: 28rem) 92vw, calc(100vw - 2.25rem)";

/** An image as HTML: `<picture>` with its sources, or a plain `<img>` when there is only one file. */
export function pictureHtml(image: SiteImage, { alt, isFirst }: Placement): string {
  const loading = isFirst
    ? 'fetchpriority="high" decoding="async"'
    : 'loading="lazy" decoding="async"';
  const { width, height, fallback, sources } = image;
  const img = `<img src="/${fallback.path}" width="${width}" height="${height}" alt="${escaped(alt)}" ${loading}>`;
  if (sources.length === 0) return img;
  return `<picture>${sources.map(sourceHtml).join("")}${img}</picture>`;
}

function sourceHtml({ format, reducedMotion, variants }: ImageSource): string {
  const media = reducedMotion ? ' media="(prefers-reduced-motion: reduce)"' : "";
  const [only] = variants;
  const srcset =
    variants.length === 1 && only
      ? `srcset="/${only.path}"`
      : `srcset="${variants.map(candidate).join(", ")}" sizes="${SIZES}"`;
  return `<source type="image/${format}"${media} ${srcset}>`;
}

function candidate({ path, width }: Variant): string {
  return `/${path} ${width}w`;
}

function escaped(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
