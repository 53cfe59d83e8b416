import { buildAssets } from "../assets.ts";
import { openCaches } from "../caches.ts";
import { locate, type Spot } from "../checks/locate.ts";
import { createPageReader } from "../checks/page-reader.ts";
import { readShared, readSource } from "../checks/source-texts.ts";
import { createMedia } from "../media.ts";
import { ASSETS, renderSite } from "../render.ts";
import type { Settings } from "../settings.ts";

/** An address outside the site, without its fragment, and where authors wrote it. */
export type OutsideLink = { readonly url: string; readonly spots: readonly Spot[] };

/** Renders the site as a build would, and collects what its pages link to elsewhere. Writes nothing. */
export async function findLinks(now: Date): Promise<readonly OutsideLink[]> {
  const caches = openCaches(() => {});
  const assets = await buildAssets(ASSETS);
  const settings: Settings = {
    mode: "build",
    now,
    loadAssets: async () => assets,
    caches,
    media: createMedia("build"),
    problems: [],
    withheld: [],
    aliases: new Map(),
    markdown: new Map(),
    leftOut: new Set(),
  };
  const rendered = await renderSite(settings);
  await settings.media.finish();
  const byPath = new Map(rendered.map((page) => [page.path, page]));
  const shared = readShared();
  const found = new Map<string, Map<string, Spot>>();
  for (const { path, references } of createPageReader(caches.open("pages"))(
    rendered,
    assets.styles,
  )) {
    const page = byPath.get(path);
    if (!page) continue;
    for (const { tag, url, offset } of references) {
      if (tag !== "a" || !/^(https?:)?\/\//i.test(url) || !URL.canParse(url, "https://x/"))
        continue;
      const clue = { kind: "link", text: url, offset } as const;
      const source = readSource(page.source, settings.markdown);
      const spot = locate(clue, page.content, { source, shared });
      const key = withoutFragment(url);
      const spots = found.get(key) ?? new Map<string, Spot>();
      found.set(key, spots.set(`${spot.file}:${spot.line}`, spot));
    }
  }
  return [...found]
    .map(([url, spots]) => ({ url, spots: [...spots.values()] }))
    .sort((a, b) => (a.url < b.url ? -1 : 1));
}

function withoutFragment(url: string): string {
  const parsed = new URL(url, "https://x/");
  parsed.hash = "";
  return parsed.href;
}
