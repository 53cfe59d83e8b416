/** What a tag looks like: lower-case words joined by single dashes. */
export const TAG_PATTERN = /^[a-z0-9]+(-[a-z0-9]+)*$/;

/** Eleventy keeps this collection name for itself, and a tag is a collection there. */
export const RESERVED_TAG = "all";

const ABBREVIATIONS = new Set(["api", "aws", "cdn", "ci", "css", "html", "http", "sql", "tls"]);

/** One tag with the posts that carry it, in the order the posts came in. */
export type Topic<Post> = {
  readonly tag: string;
  readonly posts: readonly Post[];
};

/** Every tag in use, in alphabetical order; a tag no post carries is not there. */
export function topicsOf<Post extends { readonly data: Readonly<Record<string, unknown>> }>(
  posts: readonly Post[],
): readonly Topic<Post>[] {
  const byTag = new Map<string, Post[]>();
  for (const post of posts) {
    for (const tag of tagsOf(post.data)) {
      byTag.set(tag, [...(byTag.get(tag) ?? []), post]);
    }
  }
  return [...byTag]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([tag, tagged]) => ({ tag, posts: tagged }));
}

/** A tag in words: `open-source` reads `open source`, and `aws` reads `AWS`. */
export function tagLabel(tag: string): string {
  return tag
    .split("-")
    .map((word) => (ABBREVIATIONS.has(word) ? word.toUpperCase() : word))
    .join(" ");
}

function tagsOf(data: Readonly<Record<string, unknown>>): readonly string[] {
  return Array.isArray(data.tags) ? data.tags.map(String) : [];
}
