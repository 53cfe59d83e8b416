/** Pages for ourselves, at `/<name>/` in dev and previews; no list, feed or sitemap has them. */
export default {
  layout: "inside.njk",
  eleventyExcludeFromCollections: true,
  noindex: true,
  permalink: ({ page }: { readonly page: { readonly fileSlug: string } }) => `/${page.fileSlug}/`,
};
