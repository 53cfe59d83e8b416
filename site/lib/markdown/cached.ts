import type { Cache } from "../cache.ts";
import type { ImageLookup } from "./image-lookup.ts";
import {
  createRenderer,
  type MarkdownInput,
  type MarkdownOutput,
  type RenderContext,
} from "./render.ts";

/** What was rendered, and the images that were looked up for it: by path, their ids, null for none. */
type Entry = {
  readonly output: MarkdownOutput;
  readonly images: readonly (readonly [path: string, id: string | null])[];
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
  const asked = new Map<string, string | null>();
  const images: ImageLookup = (file, path) => {
    const image = context.images(file, path);
    asked.set(path, image?.id ?? null);
    return image;
  };
  const render = createRenderer({ ...context, images });
  return (input) => {
    const key = JSON.stringify([input.file, input.firstLine, input.text]);
    const known = parseEntry(cache.get(key));
    if (known?.images.every(([path, id]) => (context.images(input.file, path)?.id ?? null) === id))
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
