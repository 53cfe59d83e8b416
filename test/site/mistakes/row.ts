import { postText } from "../scratch-site.ts";

/** One kind of mistake: what an author did, and every line that the build says about it. */
export type Row = {
  readonly what: string;
  readonly files: Readonly<Record<string, string | Buffer>>;
  /** As printed, without the two spaces before it. */
  readonly says: readonly string[];
};

/** Mistakes of one kind, under the heading that they have in docs/checks.md. */
export type Group = { readonly title: string; readonly rows: readonly Row[] };

export const BLOG = "site/content/blog";

/** A post of its own for a row, right in everything but what the row is about. */
export function post(
  slug: string,
  fields: Readonly<Record<string, string | undefined>>,
  body = "Text.",
): Readonly<Record<string, string>> {
  const own = { title: `On ${slug}`, description: `What happens with ${slug}.`, ...fields };
  return { [postFile(slug)]: postText(own, body) };
}

/** Where a row's post is. */
export function postFile(slug: string): string {
  return `${BLOG}/2026-01-10-${slug}.md`;
}

/** A row whose post has wrong fields: what is said of each, from the line on. */
export function wrongField(
  what: string,
  slug: string,
  fields: Readonly<Record<string, string | undefined>>,
  ...says: readonly string[]
): Row {
  return { what, files: post(slug, fields), says: says.map((text) => `${postFile(slug)}:${text}`) };
}

/** A row whose post has mistakes in its text: what is said of each, from the line on. */
export function wrongText(
  what: string,
  slug: string,
  body: string,
  ...says: readonly string[]
): Row {
  return {
    what,
    files: post(slug, {}, body),
    says: says.map((text) => `${postFile(slug)}:${text}`),
  };
}
