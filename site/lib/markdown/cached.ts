import type { Cache } from "../cache.ts";
import { foundId, type ImageLookup } from "../images/found.ts";
import {
  createRenderer,
  type MarkdownInput,
  type MarkdownOutput,
  type RenderContext,
} from "./render.ts";

/** What was rendered, and the images that were looked up for it: by address, what was found. */
type Entry = {
  readonly output: MarkdownOutput;
  readonly images: readonly (readonly [address: string, foundId: string])[];
};

/**
 * The renderer of the site, which takes a text from the cache when it was rendered before: the same
 * file, text and first line, and every image that it asked for still the same. The cache's version
 * must stand for the renderer's code.
 */
export function createCachedRenderer(
  context: RenderContext,
  cache: Cache,
): (input: MarkdownInput) => MarkdownOutput {
  const asked = new Map<string, string>();
  const images: ImageLookup = (file, address) => {
    const found = context.images(file, address);
    asked.set(address, foundId(found));
    return found;
  };
  const render = createRenderer({ ...context, images });
  return (input) => {
    const key = JSON.stringify([input.file, input.firstLine, input.text]);
    const known = parseEntry(cache.get(key));
    if (known?.images.every(([address, id]) => foundId(context.images(input.file, address)) === id))
      return known.output;
    asked.clear();
    const output = render(input);
    const entry: Entry = { output, images: [...asked] };
    cache.set(key, JSON.stringify(entry));
    return output;
  };
}

function parseEntry(bytes: Buffer | undefined): Entry | undefined {
  return bytes === undefined ? undefined : (JSON.parse(bytes.toString("utf8")) as Entry);
}
