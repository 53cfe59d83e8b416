import type { ListPage } from "../lib/listing.ts";

type Data = { readonly listPage?: ListPage<unknown> };

const DESCRIPTION =
  "What we learn while building software in the open. Decisions with their reasons, numbers with their units, mistakes with their cost.";

const SHORT = "Decisions with their reasons, numbers with their units.";

/** The blog's first page has the address that people know; the others are counted from two. */
export default {
  permalink: ({ listPage }: Data) => listPage?.url ?? "/blog/",
  eleventyComputed: {
    title: ({ listPage }: Data) =>
      listPage === undefined || listPage.number === 1 ? "Blog" : `Blog, page ${listPage.number}`,
    description: ({ listPage }: Data) =>
      listPage === undefined || listPage.number === 1
        ? DESCRIPTION
        : `Our articles ${listPage.first} to ${listPage.last} of ${listPage.total}, newest first. ${SHORT}`,
  },
};
