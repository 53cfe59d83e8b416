import type { Author } from "../_data/authors.ts";
import type { Site } from "../_data/site.ts";
import { dayOf } from "./dates.ts";

/** What a post says about itself to search engines. */
export type PostSummary = {
  readonly url: string;
  readonly title: string;
  readonly description: string;
  readonly date: Date;
  readonly updated: Date | undefined;
  readonly tags: readonly string[];
  readonly author: Author;
};

/** A schema.org BlogPosting, ready to stand inside a script element: no `<` is left in it. */
export function blogPosting(post: PostSummary, site: Site): string {
  const url = site.url + post.url;
  const value = {
    "@context": "https://schema.org",
    "@type": "BlogPosting",
    headline: post.title,
    description: post.description,
    url,
    mainEntityOfPage: url,
    datePublished: dayOf(post.date),
    dateModified: dayOf(post.updated ?? post.date),
    inLanguage: site.lang,
    keywords: post.tags.join(", "),
    author: { "@type": "Person", name: post.author.name, jobTitle: post.author.role },
    publisher: { "@type": "Organization", name: site.name, url: `${site.url}/` },
  };
  return JSON.stringify(value).replaceAll("<", "\\u003c");
}
