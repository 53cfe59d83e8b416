import authors, { type AuthorKey } from "../_data/authors.ts";
import site from "../_data/site.ts";
import type { ListPage } from "../lib/listing.ts";

type Data = { readonly listPage?: ListPage<unknown> & { readonly author: AuthorKey } };

const pageOf = ({ number }: ListPage<unknown>) => (number === 1 ? "" : `, page ${number}`);

/** Who somebody is, and what they wrote. */
export default {
  permalink: ({ listPage }: Data) => listPage?.url ?? false,
  eleventyComputed: {
    title: ({ listPage }: Data) =>
      listPage && `${authors[listPage.author].name}${pageOf(listPage)}`,
    description: ({ listPage }: Data) => {
      if (listPage === undefined) return undefined;
      const { name, role } = authors[listPage.author];
      return `${name} at ${site.name}: ${role.toLowerCase()}. Who that is, and every article, newest first${pageOf(listPage)}.`;
    },
  },
};
