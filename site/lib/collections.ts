import type { UserConfig } from "@11ty/eleventy";
import authors from "../_data/authors.ts";
import { allSeries } from "./around.ts";
import { type ListPage, listPages } from "./listing.ts";
import { newestFirst } from "./posts.ts";
import { topicsOf } from "./tags.ts";

const POSTS = "./site/content/blog/";

/** Articles on one page of the blog: each with its description. */
const BLOG_SIZE = 10;

/** Articles on one page about a topic or by an author, where people look for one they know of. */
const TOPIC_SIZE = 20;

type Api = Parameters<Parameters<UserConfig["addCollection"]>[1]>[0];
type Post = ReturnType<Api["getAll"]>[number];

/** One page of the articles that somebody wrote. */
type AuthorPage = ListPage<Post> & { readonly author: string };

/**
 * What the templates list. A tag is a collection too: names with a capital letter cannot be a tag.
 * Posts are newest first everywhere but in a series, which begins with its first part.
 */
export function addCollections(eleventyConfig: UserConfig): void {
  const add = (name: string, make: (posts: readonly Post[]) => unknown) =>
    eleventyConfig.addCollection(name, (api) => make(newestFirst(api.getAll().filter(isPost))));
  add("blogPosts", (posts) => posts);
  add("blogTopics", topicsOf);
  add("blogSeries", allSeries);
  add("blogPages", (posts) => listPages(posts, { base: "/blog/", size: BLOG_SIZE }));
  add("topicPages", (posts) =>
    topicsOf(posts).flatMap(({ tag, posts: tagged }) =>
      listPages(tagged, { base: `/tags/${tag}/`, size: TOPIC_SIZE }).map((page) => ({
        ...page,
        tag,
      })),
    ),
  );
  add("authorPages", authorPages);
}

/** The files of one folder: Eleventy's own patterns take a tenth of a second for six times a thousand files. */
function isPost({ inputPath }: Post): boolean {
  return (
    inputPath.startsWith(POSTS) &&
    inputPath.endsWith(".md") &&
    !inputPath.includes("/", POSTS.length)
  );
}

/** Everybody has a page, also before the first article. */
function authorPages(posts: readonly Post[]): readonly AuthorPage[] {
  return Object.keys(authors).flatMap((author) => {
    const written = posts.filter(({ data }) => data.author === author);
    const pages = listPages(written, { base: `/authors/${author}/`, size: TOPIC_SIZE });
    return pages.map((page) => ({ ...page, author }));
  });
}
