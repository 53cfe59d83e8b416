/** A post lives at `/blog/<slug>/`: its file name without the day. */
export default {
  layout: "post.njk",
  permalink: ({ page }: { readonly page: { readonly fileSlug: string } }) =>
    `/blog/${page.fileSlug}/`,
};
