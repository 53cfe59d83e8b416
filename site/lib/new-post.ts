import type { Problem } from "./problem.ts";
import { checkFrontMatter, PLACEHOLDER } from "./schema.ts";
import { slugOf } from "./slug.ts";

/** What an author asked for. Days are `YYYY-MM-DD`; `slug` is made of the title when it is left out. */
export type PostRequest = {
  readonly title: string;
  readonly date: string;
  readonly author: string;
  readonly tags: readonly string[];
  readonly slug: string | undefined;
};

/** A post that is not written yet: where it goes, what stands in it, and where it will be seen. */
export type NewPost = { readonly file: string; readonly text: string; readonly url: string };

export type NewPostAnswer =
  | { readonly kind: "post"; readonly post: NewPost }
  | { readonly kind: "problems"; readonly problems: readonly Problem[] };

export const BLOG = "site/content/blog";

/** Long enough to say what an article is about, short enough for a mail. */
const MOST_SLUG = 60;

/**
 * A post with valid front matter, marked as a draft, from a title of whatever characters. `existing`
 * are the names of the files in the blog's folder: no two posts may have one address. Problems name
 * the option to change.
 */
export function makePost(request: PostRequest, existing: readonly string[]): NewPostAnswer {
  const title = oneLine(request.title);
  const slug = request.slug ?? slugOf(title, MOST_SLUG);
  const file = `${BLOG}/${request.date}-${slug}.md`;
  const fields = {
    title,
    description: `${PLACEHOLDER} one sentence on what a reader gets from “${title}”`,
    date: request.date,
    tags: request.tags,
    author: request.author,
    draft: true,
  };
  const problems = [
    ...(title === "" ? [] : checkSlug(request.slug, slug, existing)),
    ...checkFields(file, fields),
  ];
  if (problems.length > 0) return { kind: "problems", problems };
  const lines = Object.entries(fields).map(([key, value]) => `${key}: ${yaml(key, value)}`);
  const text = `---\n${lines.join("\n")}\n---\n\n`;
  return { kind: "post", post: { file, text, url: `/blog/${slug}/` } };
}

/** A shell hands over anything; what YAML cannot hold in a line becomes a space. */
function oneLine(text: string): string {
  return text.replace(/[\s\p{Cc}\p{Cs}\uFFFE\uFFFF]+/gu, " ").trim();
}

function checkSlug(
  wanted: string | undefined,
  slug: string,
  existing: readonly string[],
): readonly Problem[] {
  const at = (field: string, message: string, fix: string): readonly Problem[] => [
    { file: "arguments", field, message, fix },
  ];
  if (wanted !== undefined && slugOf(wanted) !== wanted) {
    const fix = "Use lower-case letters, digits and single dashes.";
    return at("--slug", `"${wanted}" cannot be a part of an address`, fix);
  }
  if (slug === "") {
    return at("title", "has no letter to make an address of", "Name one: --slug some-words.");
  }
  const twin = existing.find((name) => name.replace(/^\d{4}-\d{2}-\d{2}-/, "") === `${slug}.md`);
  if (twin === undefined) return [];
  const fix = "Choose another title, or another address: --slug some-words.";
  return at("title", `/blog/${slug}/ is the address of ${BLOG}/${twin}`, fix);
}

/** The schema's own words, told of the options that the author typed. */
function checkFields(file: string, fields: Readonly<Record<string, unknown>>): readonly Problem[] {
  return checkFrontMatter(file, fields)
    .filter(({ field }) => field !== undefined && Object.hasOwn(OPTIONS, field))
    .map(({ field = "", message, fix }) => ({
      file: "arguments",
      field: OPTIONS[field] ?? field,
      message,
      ...(fix === undefined ? {} : { fix }),
    }));
}

const OPTIONS: Readonly<Record<string, string>> = {
  title: "title",
  date: "--date",
  tags: "--tags",
  author: "--author",
};

/** JSON strings are YAML strings; days and plain words need no quotes. */
function yaml(key: string, value: unknown): string {
  if (key === "date" || key === "author") return String(value);
  return Array.isArray(value) ? `[${value.join(", ")}]` : JSON.stringify(value);
}
