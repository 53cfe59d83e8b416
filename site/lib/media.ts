import { readFileSync } from "node:fs";
import site from "../_data/site.ts";
import type { CopiedFile, OutputFile } from "./assets.ts";
import { openBlobCache } from "./blob-cache.ts";
import { type Brand, readBrand, TOKENS } from "./brand.ts";
import type { CardText } from "./cards/card.ts";
import { type CardStep, createCardStep, type SocialCard } from "./cards/step.ts";
import { makeIcons } from "./icons/step.ts";
import type { ImageLookup } from "./images/found.ts";
import { sharpVersion } from "./images/sharp-version.ts";
import { createImageStep } from "./images/step.ts";
import type { Problem } from "./problem.ts";

/** Everything of a run that is a picture: images of articles, cards for networks, icons. */
export type Media = {
  /** Before each rendering. */
  prepare(): Promise<void>;
  readonly findImage: ImageLookup;
  /** The card of a page; undefined while somebody writes: nobody sees it then. */
  cardFor(pageUrl: string, text: CardText): SocialCard | undefined;
  readonly brand: () => Brand;
  /** After a rendering: makes what was asked for, as far as no earlier run made it. */
  finish(): Promise<FinishedMedia>;
};

export type FinishedMedia = {
  readonly files: readonly (OutputFile | CopiedFile)[];
  readonly problems: readonly Problem[];
  /** What pages name and nobody could make. The problems say why. */
  readonly missing: readonly { readonly path: string }[];
  /** How many files were made, because no build before this one made them. */
  readonly made: { readonly images: number; readonly cards: number };
};

/** The one drawing that all icons are made of. */
export const ICON = "site/assets/static/favicon.svg";

const CACHES = ".cache";

/** What is made is kept below `.cache/`, and made again only when something that it shows changes. */
export function createMedia(mode: "build" | "dev"): Media {
  const images = createImageStep(mode);
  let look: { readonly brand: Brand; readonly icon: Buffer; readonly cards: CardStep } | undefined;
  const prepared = () => {
    if (!look) throw new Error("Prepare the media before anybody asks for them.");
    return look;
  };
  return {
    async prepare() {
      const brand = readBrand(readFileSync(TOKENS, "utf8"));
      const icon = readFileSync(ICON);
      const cards = createCardStep({ siteName: site.name, brand, icon }, () =>
        openBlobCache(`${CACHES}/cards`),
      );
      look = { brand, icon, cards };
      await images.prepare();
    },
    findImage: images.find,
    cardFor: (pageUrl, text) =>
      mode === "dev" ? undefined : prepared().cards.request(pageUrl, text),
    brand: () => prepared().brand,
    async finish() {
      const { brand, icon, cards } = prepared();
      const [pictures, drawn, icons] = await Promise.all([
        images.finish(),
        cards.finish(),
        makeIcons({ site, brand, icon, version: sharpVersion() }, openBlobCache(`${CACHES}/icons`)),
      ]);
      return {
        files: [...pictures.files, ...drawn.files, ...icons],
        problems: pictures.problems,
        missing: pictures.missing,
        made: { images: pictures.encoded, cards: drawn.made },
      };
    },
  };
}
