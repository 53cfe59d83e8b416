import allSeries from "../_data/allSeries.ts";
import type { SeriesPart } from "../lib/around.ts";

type Data = { readonly part?: SeriesPart };

/** A series from its first part to its newest. */
export default {
  permalink: ({ part }: Data) => part && `/series/${part.key}/`,
  eleventyComputed: {
    title: ({ part }: Data) => part && `Series: ${allSeries[part.key]?.title}`,
    description: ({ part }: Data) => part && allSeries[part.key]?.description,
  },
};
