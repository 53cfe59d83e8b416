import authors, { type AuthorKey } from "../../_data/authors.ts";
import type { Meaning, PageType, Writer } from "./structured-data.ts";

type Data = Readonly<Record<string, unknown>>;

/**
 * What a page is, from its data: a post has an author, a day and tags; a list page its `listPage`, which
 * names an author on theirs; anything else is what its `pageType` says, or just a page.
 */
export function meaningOf(url: string, data: Data): Meaning {
  if (url === "/") return { kind: "home" };
  const { date, updated, tags, author } = data;
  if (isAuthor(author) && date instanceof Date && Array.isArray(tags)) {
    const change = updated instanceof Date ? updated : undefined;
    return { kind: "post", date, updated: change, tags: tags.map(String), author: writer(author) };
  }
  const { author: listed } = (data.listPage ?? {}) as { readonly author?: unknown };
  if (isAuthor(listed)) return { kind: "person", person: writer(listed) };
  if (data.pageType === "team") {
    return { kind: "team", people: Object.keys(authors).filter(isAuthor).map(writer) };
  }
  return { kind: "page", type: PAGE_TYPES[String(data.pageType)] ?? "WebPage" };
}

const PAGE_TYPES: Readonly<Record<string, PageType>> = {
  contact: "ContactPage",
  list: "CollectionPage",
};

function isAuthor(key: unknown): key is AuthorKey {
  return typeof key === "string" && Object.hasOwn(authors, key);
}

function writer(key: AuthorKey): Writer {
  return { ...authors[key], url: `/authors/${key}/` };
}
