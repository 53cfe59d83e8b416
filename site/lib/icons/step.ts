import { createHash } from "node:crypto";
import type { Site } from "../../_data/site.ts";
import type { CopiedFile, OutputFile } from "../assets.ts";
import type { BlobCache } from "../blob-cache.ts";
import type { Brand } from "../brand.ts";
import { drawIcon, type IconKind } from "./draw.ts";
import { makeManifest } from "./manifest.ts";

/** Raise it when `draw.ts` gives other pictures for the same SVG. */
const DRAWING = 1;

/** Browsers and phones ask for these two by their names, also when no page names them. */
const BY_NAME: Partial<Record<IconKind, string>> = {
  ico: "favicon.ico",
  "apple-touch": "apple-touch-icon.png",
};

const KINDS: readonly IconKind[] = ["ico", "apple-touch", "icon-192", "icon-512", "maskable-512"];

/** The site's icons, all from one SVG, and the manifest that names them. */
export async function makeIcons(
  made: {
    readonly site: Site;
    readonly brand: Brand;
    readonly icon: Buffer;
    readonly version: string;
  },
  cache: BlobCache,
): Promise<readonly (OutputFile | CopiedFile)[]> {
  const { site, brand, icon, version } = made;
  const inputs = createHash("sha256")
    .update(icon)
    .update(JSON.stringify([brand, version, DRAWING]));
  const hash = inputs.digest("hex").slice(0, 10);
  const pathOf = (kind: IconKind) => BY_NAME[kind] ?? `assets/icons/${kind}.${hash}.png`;
  const files = await Promise.all(
    KINDS.map(async (kind) => {
      const name = `${kind}.${hash}`;
      const blob = cache.find(name) ?? (await cache.put(name, await drawIcon(kind, icon, brand)));
      return { path: pathOf(kind), ...blob };
    }),
  );
  cache.close();
  const manifest = makeManifest(site, brand, (kind) => `/${pathOf(kind)}`);
  return [...files, { path: "site.webmanifest", bytes: new TextEncoder().encode(manifest) }];
}
