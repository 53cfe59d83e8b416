import { relatedPosts } from "./related.ts";

type Data = Readonly<Record<string, unknown>>;
type Post = { readonly url: string; readonly data: Data };

/** The parts of a series in the order they are read in: the oldest first. */
export type SeriesPart = { readonly key: string; readonly posts: readonly Post[] };

/** What a post's page says about other posts. */
export type Around = {
  readonly older: Post | undefined;
  readonly newer: Post | undefined;
  readonly related: readonly Post[];
  /** Undefined where the post is in none, or the only part so far. */
  readonly series: (SeriesPart & { readonly part: number }) | undefined;
};

/**
 * What stands around every post, by its address. `posts` are newest first. Computed once for all, in time
 * proportional to their number.
 */
export function aroundAll(posts: readonly Post[]): ReadonlyMap<string, Around> {
  const related = relatedPosts(
    posts.map((post) => ({ post, url: post.url, tags: tagsOf(post), series: seriesOf(post) })),
  );
  const parts = new Map<string, SeriesPart & { readonly part: number }>();
  for (const series of allSeries(posts)) {
    if (series.posts.length < 2) continue;
    for (const [index, { url }] of series.posts.entries()) {
      parts.set(url, { ...series, part: index + 1 });
    }
  }
  return new Map(
    posts.map((post, index) => [
      post.url,
      {
        older: posts[index + 1],
        newer: posts[index - 1],
        related: (related.get(post.url) ?? []).map((other) => other.post),
        series: parts.get(post.url),
      },
    ]),
  );
}

/** Every series that has a post, by its key in alphabetical order. `posts` are newest first. */
export function allSeries(posts: readonly Post[]): readonly SeriesPart[] {
  const byKey = new Map<string, Post[]>();
  for (const post of posts) {
    const key = seriesOf(post);
    if (key === "") continue;
    const parts = byKey.get(key);
    if (parts === undefined) byKey.set(key, [post]);
    else parts.push(post);
  }
  return [...byKey]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([key, newestFirst]) => ({ key, posts: newestFirst.toReversed() }));
}

function tagsOf({ data }: Post): readonly string[] {
  return Array.isArray(data.tags) ? [...new Set(data.tags.map(String))] : [];
}

function seriesOf({ data }: Post): string {
  return typeof data.series === "string" ? data.series : "";
}
