import { createHash } from "node:crypto";
import pLimit from "p-limit";
import type { CopiedFile } from "../assets.ts";
import type { Blob, BlobCache } from "../blob-cache.ts";
import type { Brand } from "../brand.ts";
import { type CardText, createCardPainter, DESIGN } from "./card.ts";
import { CARD } from "./layout.ts";
import { drawLogo } from "./logo.ts";
import { openTypeface, typefaceVersion } from "./typeface.ts";

/** The picture that networks show beside a link to a page. */
export type SocialCard = {
  readonly url: string;
  readonly alt: string;
  readonly width: number;
  readonly height: number;
};

export type CardStep = {
  /** The card of a page. It is made later; its address says all that is on it. */
  request(pageUrl: string, text: CardText): SocialCard;
  /** Makes every requested card that no earlier build made. */
  finish(): Promise<{ readonly files: readonly CopiedFile[]; readonly made: number }>;
};

/** What all cards of a site share. */
export type CardSite = {
  readonly siteName: string;
  readonly brand: Brand;
  /** The SVG of the icon. */
  readonly icon: Buffer;
};

/** Compression runs beside the drawing, and writing beside both. */
const AT_ONCE = 8;

export function createCardStep(site: CardSite, openCache: () => BlobCache): CardStep {
  const shared = createHash("sha256").update(
    JSON.stringify([DESIGN, typefaceVersion(), site.siteName, site.brand, site.icon]),
  );
  const requested = new Map<string, CardText>();
  return {
    request(pageUrl, text) {
      const hash = shared.copy().update(JSON.stringify(text)).digest("hex");
      const path = `assets/og/${slugOf(pageUrl)}.${hash.slice(0, 10)}.png`;
      requested.set(path, text);
      return { url: `/${path}`, alt: `${site.siteName}: ${text.title}`, ...CARD };
    },
    async finish() {
      const cache = openCache();
      const found = [...requested].map(([path, text]) => ({
        path,
        text,
        blob: cache.find(blobName(path)),
      }));
      const missing = found.filter(({ blob }) => blob === undefined);
      const made = await draw(missing, site, cache);
      cache.close();
      return {
        files: found.flatMap(({ path, blob }): CopiedFile[] => {
          const file = blob ?? made.get(path);
          return file ? [{ path, ...file }] : [];
        }),
        made: made.size,
      };
    },
  };
}

async function draw(
  missing: readonly { readonly path: string; readonly text: CardText }[],
  { siteName, brand, icon }: CardSite,
  cache: BlobCache,
): Promise<ReadonlyMap<string, Blob>> {
  if (missing.length === 0) return new Map();
  const [typeface, logo] = await Promise.all([openTypeface(), drawLogo(icon, brand)]);
  const paint = createCardPainter({ typeface, brand, siteName, logo });
  const limit = pLimit(AT_ONCE);
  const drawn = missing.map(({ path, text }) =>
    limit(async () => [path, await cache.put(blobName(path), await paint(text))] as const),
  );
  return new Map(await Promise.all(drawn));
}

function blobName(path: string): string {
  return path.replaceAll("/", "-");
}

/** The last part of a page's address, for people who look at the files. */
function slugOf(pageUrl: string): string {
  const name =
    pageUrl
      .replace(/\.html$/, "")
      .split("/")
      .findLast((part) => part !== "") ?? "home";
  return name
    .replace(/[^a-z0-9-]+/gi, "-")
    .toLowerCase()
    .slice(0, 60);
}
