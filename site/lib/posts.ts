import { dayOf } from "./dates.ts";

/** Where a post stands: a draft is never published; a scheduled one waits for its day. */
export type PostStatus = "published" | "draft" | "scheduled";

type Data = Readonly<Record<string, unknown>>;
type Dated = { readonly url: string; readonly data: Data };

/** Where a post stands at an instant. A post is published from midnight UTC of its date on. */
export function statusOf(data: Data, now: Date): PostStatus {
  if (data.draft === true) return "draft";
  const date = data.date;
  return date instanceof Date && dayOf(date) > dayOf(now) ? "scheduled" : "published";
}

/** Newest first; posts of one day in the order of their addresses. */
export function newestFirst<Post extends Dated>(posts: readonly Post[]): readonly Post[] {
  return posts
    .map((post) => ({ post, day: sortDay(post) }))
    .sort((a, b) => {
      if (a.day !== b.day) return a.day < b.day ? 1 : -1;
      return a.post.url < b.post.url ? -1 : 1;
    })
    .map(({ post }) => post);
}

/** Posts under the year they appeared in, both in the order given. */
export function byYear<Post extends Dated>(
  posts: readonly Post[],
): readonly { readonly year: string; readonly posts: readonly Post[] }[] {
  const years = new Map<string, Post[]>();
  for (const post of posts) {
    const year = sortDay(post).slice(0, 4);
    years.set(year, [...(years.get(year) ?? []), post]);
  }
  return [...years].map(([year, inYear]) => ({ year, posts: inYear }));
}

/** The day the newest change was made to any of the posts; 1970 when there are none. */
export function lastChange(posts: readonly Dated[]): Date {
  const times = posts.map(({ data }) => (data.updated ?? data.date) as Date);
  return new Date(Math.max(0, ...times.map((date) => date.getTime())));
}

/** Whole minutes to read a Markdown text at 220 words a minute, at least one. Code counts as words. */
export function readingMinutes(markdown: string): number {
  let words = 0;
  let isInWord = false;
  for (let at = 0; at < markdown.length; at += 1) {
    const code = markdown.charCodeAt(at);
    if (isSpace(code)) isInWord = false;
    // A dash by itself is no word, and what follows a word without a space is part of it.
    else if (!isInWord && isLetter(code, markdown, at)) {
      isInWord = true;
      words += 1;
    }
  }
  return Math.max(1, Math.round(words / 220));
}

// By their numbers where that is enough: a pattern of Unicode takes five times as long for an article.
function isSpace(code: number): boolean {
  return code < 128 ? code === 32 || (code > 8 && code < 14) : /\s/.test(String.fromCharCode(code));
}

function isLetter(code: number, text: string, at: number): boolean {
  if (code > 127) return /^[\p{L}\p{N}]/u.test(text.slice(at, at + 2));
  return (code > 96 && code < 123) || (code > 64 && code < 91) || (code > 47 && code < 58);
}

function sortDay(post: Dated): string {
  const date = post.data.date;
  return date instanceof Date && !Number.isNaN(date.getTime()) ? dayOf(date) : "";
}
