import { openBlobCache } from "../blob-cache.ts";
import { type FinishedImages, finishImages } from "./finish.ts";
import type { ImageLookup } from "./found.ts";
import { type ImageLibrary, openImageLibrary } from "./library.ts";
import { sharpVersion } from "./sharp-version.ts";
import type { Encoder } from "./variants.ts";

/** The images of one run, from looking for them to the files that pages load. */
export type ImageStep = {
  /** Before each rendering: sees which images there are. */
  prepare(): Promise<void>;
  readonly find: ImageLookup;
  /** After a rendering: makes the files of every image that was asked for since `prepare`. */
  finish(): Promise<ImageReport>;
};

export type ImageReport = FinishedImages & {
  /** How many source files were looked into, because they were new or changed. */
  readonly inspected: number;
};

const CACHE = ".cache/images";

/** Nothing is read or encoded that an earlier run already did: it is kept below `.cache/images`. */
export function createImageStep(mode: Encoder["mode"]): ImageStep {
  let library: ImageLibrary | undefined;
  const prepared = () => {
    if (!library) throw new Error("Prepare the images before anybody asks for one.");
    return library;
  };
  return {
    async prepare() {
      library = await openImageLibrary({ mode, version: sharpVersion() }, `${CACHE}/sources.json`);
    },
    find: (file, address) => prepared().find(file, address),
    async finish() {
      const { inspected, used } = prepared();
      const cache = openBlobCache(`${CACHE}/${mode}`);
      const finished = await finishImages(used(), cache);
      cache.close();
      return { ...finished, inspected };
    },
  };
}
