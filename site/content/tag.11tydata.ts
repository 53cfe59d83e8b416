import site from "../_data/site.ts";
import type { ListPage } from "../lib/listing.ts";
import { tagLabel } from "../lib/tags.ts";

type Data = { readonly listPage?: ListPage<unknown> & { readonly tag: string } };

const pageOf = ({ number }: ListPage<unknown>) => (number === 1 ? "" : `, page ${number}`);

/** A topic's articles, as many pages as they need. */
export default {
  permalink: ({ listPage }: Data) => listPage?.url ?? false,
  eleventyComputed: {
    title: ({ listPage }: Data) =>
      listPage && `Articles about ${tagLabel(listPage.tag)}${pageOf(listPage)}`,
    description: ({ listPage }: Data) =>
      listPage &&
      `What ${site.name} wrote about ${tagLabel(listPage.tag)}: articles with reasons, numbers and mistakes, newest first${pageOf(listPage)}.`,
  },
};
