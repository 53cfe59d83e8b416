/** What relatedness is measured by. `series` is empty for a post of none. */
export type Relatable = {
  readonly url: string;
  readonly tags: readonly string[];
  readonly series: string;
};

/** How far a tag is looked along, in posts on either side: what makes the whole linear. */
const WINDOW = 12;

/** What an article suggests, at most. */
const MOST = 3;

/**
 * For every post, by its address, the posts that share the most with it: each common tag counts more the
 * rarer it is. Not itself, not the one before and the one after, not those of its series: a page names
 * them already. `posts` are newest first, and of two equals the nearer in that order wins, then the newer.
 * Takes time in proportion to the number of posts: along each tag only the 24 nearest are looked at.
 */
export function relatedPosts<Post extends Relatable>(
  posts: readonly Post[],
): ReadonlyMap<string, readonly Post[]> {
  const byTag = positionsByTag(posts);
  const weights = new Map(
    [...byTag].map(([tag, positions]) => [tag, Math.log(1 + posts.length / positions.length)]),
  );
  const reached = new Map<string, number>();
  return new Map(
    posts.map((post, position) => {
      const candidates = new Set(
        post.tags.flatMap((tag) => {
          const places = byTag.get(tag) ?? [];
          const place = reached.get(tag) ?? 0;
          reached.set(tag, place + 1);
          return places.slice(Math.max(0, place - WINDOW), place + WINDOW + 1);
        }),
      );
      const scored = [...candidates].flatMap((at) => scoreOf(at, position, posts, weights));
      scored.sort((a, b) => b.score - a.score || a.distance - b.distance || a.at - b.at);
      return [post.url, scored.slice(0, MOST).map(({ other }) => other)];
    }),
  );
}

type Scored<Post> = {
  readonly other: Post;
  readonly at: number;
  readonly score: number;
  readonly distance: number;
};

function scoreOf<Post extends Relatable>(
  at: number,
  position: number,
  posts: readonly Post[],
  weights: ReadonlyMap<string, number>,
): readonly Scored<Post>[] {
  const [post, other] = [posts[position], posts[at]];
  const distance = Math.abs(at - position);
  if (post === undefined || other === undefined || distance <= 1) return [];
  if (post.series !== "" && post.series === other.series) return [];
  const shared = other.tags.filter((tag) => post.tags.includes(tag));
  const score = shared.reduce((sum, tag) => sum + (weights.get(tag) ?? 0), 0);
  return [{ other, at, distance, score }];
}

/** A tag that a post names twice counts once. */
function positionsByTag(posts: readonly Relatable[]): ReadonlyMap<string, readonly number[]> {
  const byTag = new Map<string, number[]>();
  for (const [position, { tags }] of posts.entries()) {
    for (const tag of tags) {
      const positions = byTag.get(tag);
      if (positions === undefined) byTag.set(tag, [position]);
      else positions.push(position);
    }
  }
  return byTag;
}
