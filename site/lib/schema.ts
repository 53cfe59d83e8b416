import { basename } from "node:path";
import { z } from "zod";
import allSeries from "../_data/allSeries.ts";
import allTags from "../_data/allTags.ts";
import authors from "../_data/authors.ts";
import { nearest } from "./checks/near.ts";
import { isCalendarDay } from "./dates.ts";
import type { Problem } from "./problem.ts";
import { RESERVED_TAG, TAG_PATTERN } from "./tags.ts";

/** What the author wrote at the top of a file: the keys of the text, with their values. */
export type FrontMatter = Readonly<Record<string, unknown>>;

const POST_FILE = /^(\d{4}-\d{2}-\d{2})-([a-z0-9]+(?:-[a-z0-9]+)*)\.md$/;

const title = line("title", 70);
const description = line("description", 160);

const day = z
  .string({ error: "is missing. Write a day as YYYY-MM-DD, for example 2026-03-07" })
  .refine(isCalendarDay, { error: "is no calendar day. Write it as YYYY-MM-DD" });

const tag = z
  .string({ error: "has a tag that is no text. Write a list such as [testing, open-source]" })
  .regex(TAG_PATTERN, {
    error: ({ input }) => `has the tag "${input}". Write tags in lower case with dashes`,
  })
  .refine((text) => text !== RESERVED_TAG, {
    error: `has the tag "${RESERVED_TAG}", which is reserved. Choose another word`,
  })
  .refine((text) => allTags.length === 0 || !TAG_PATTERN.test(text) || allTags.includes(text), {
    error: ({ input }) => unknownTag(String(input)),
  });

// aliases.ts checks them, in templates too, and knows their lines.
const aliases = z.unknown().optional();

const authorKeys = Object.keys(authors);

const post = z.strictObject({
  title,
  description,
  date: day,
  updated: day.optional(),
  tags: z
    .array(tag, { error: "must be a list. Write one to four tags, for example [testing]" })
    .refine((tags) => tags.length <= 4, { error: "names more than four tags. Keep the best four" }),
  author: z
    .string({
      error: ({ input }) =>
        `${input === undefined || input === null ? "is missing" : "must be text"}. Name one of: ${authorKeys.join(", ")}`,
    })
    .refine((key) => authorKeys.includes(key), {
      error: ({ input }) =>
        `names nobody we know: "${input}". Name one of: ${authorKeys.join(", ")}`,
    }),
  series: z
    .string({ error: "must be text. Write one key of site/_data/allSeries.ts" })
    .refine((key) => Object.hasOwn(allSeries, key), {
      error: ({ input }) =>
        `names no series we know: "${input}". Add it to site/_data/allSeries.ts, or name one of: ${Object.keys(allSeries).join(", ")}`,
    })
    .optional(),
  draft: z.boolean({ error: "must be true or false" }).optional(),
  aliases,
});

/** What a description begins with until somebody has written one. Only a draft may have it. */
export const PLACEHOLDER = "TODO:";

const page = z.strictObject({ title, description, aliases });

/**
 * Every mistake in the front matter of one content file, none when it is right. Posts and Markdown
 * pages know exactly the keys of the contract; templates (`.njk`) steer Eleventy as they need.
 */
export function checkFrontMatter(file: string, frontMatter: FrontMatter): readonly Problem[] {
  if (!file.endsWith(".md")) return [];
  const isPost = file.includes("/blog/");
  const checked = (isPost ? post : page).safeParse(frontMatter);
  const problems = checked.success ? [] : checked.error.issues.flatMap((i) => toProblems(file, i));
  return isPost
    ? [...problems, ...checkPostFile(file, frontMatter), ...checkReady(file, frontMatter)]
    : problems;
}

/** What a draft may still lack, and a post that is to be published may not. */
function checkReady(file: string, frontMatter: FrontMatter): readonly Problem[] {
  const { draft, tags, description: written } = frontMatter;
  if (draft === true) return [];
  const problems: Problem[] = [];
  if (Array.isArray(tags) && tags.length === 0) {
    const fix = "Name one to four tags.";
    problems.push({ file, field: "tags", message: "is empty", fix });
  }
  if (typeof written === "string" && written.startsWith(PLACEHOLDER)) {
    const fix = "Say in one sentence what a reader gets.";
    problems.push({ file, field: "description", message: "is still to be written", fix });
  }
  return problems;
}

/** The fields and, for days, the untouched text that the author wrote: YAML turns 30 February into March. */
export function readFrontMatter(source: string, data: FrontMatter): FrontMatter {
  const block = /^\uFEFF?---[^\S\n]*\n([\s\S]*?)\n---/.exec(source)?.[1] ?? "";
  const days = new Map<string, string>();
  for (const [, key = "", rest = ""] of block.matchAll(DAYS)) {
    const text = rest.replace(/\s#.*$/, "").trim();
    if (text !== "") days.set(key, text.replace(/^(["'])(.*)\1$/, "$2"));
  }
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [key, days.get(key) ?? value]),
  );
}

/** What stands behind a day's name, or indented in the line below it. */
const DAYS = /^["']?(date|updated)["']?[^\S\n]*:(?:[^\S\n]*\n[^\S\n]+)?(.*)$/gm;

function line(field: string, most: number) {
  return z
    .string({
      error: ({ input }) =>
        input === undefined || input === null
          ? `is missing. Add a ${field} of at most ${most} characters`
          : `must be text. Put the ${field} in quotes`,
    })
    .trim()
    .regex(/^[^\r\n]*$/, { error: "has a line break in it. Write it in one line" })
    .min(1, { error: `is empty. Add a ${field} of at most ${most} characters` })
    .max(most, {
      error: ({ input }) => `has ${String(input).length} characters. Shorten it to at most ${most}`,
    });
}

function unknownTag(tag: string): string {
  const meant = nearest(tag, allTags);
  const add = "add it to site/_data/allTags.ts";
  const fix = meant === undefined ? `A${add.slice(1)}` : `Did you mean "${meant}"? Else ${add}`;
  return `has the tag "${tag}", which is none of ours. ${fix}`;
}

function near(key: string, { shape }: typeof post | typeof page): string | undefined {
  const meant = nearest(key, Object.keys(shape));
  return meant === undefined ? undefined : `Did you mean "${meant}"?`;
}

function checkPostFile(file: string, frontMatter: FrontMatter): readonly Problem[] {
  const name = POST_FILE.exec(basename(file));
  if (!name || !isCalendarDay(name[1] ?? "")) {
    return [
      {
        file,
        field: "file name",
        message: "is not a day and a lower-case slug",
        fix: "Rename it to YYYY-MM-DD-some-words.md.",
      },
    ];
  }
  const { date, updated } = frontMatter;
  if (typeof date !== "string" || !isCalendarDay(date)) return [];
  if (date !== name[1]) {
    return [
      {
        file,
        field: "date",
        message: `says ${date}, but the file name says ${name[1]}`,
        fix: "Make them the same day.",
      },
    ];
  }
  return typeof updated === "string" && isCalendarDay(updated) && updated < date
    ? [{ file, field: "updated", message: `is before the date ${date}`, fix: "Use a later day." }]
    : [];
}

function toProblems(file: string, issue: z.core.$ZodIssue): readonly Problem[] {
  if (issue.code === "unrecognized_keys") {
    return issue.keys.map((key) => ({
      file,
      field: key,
      message: "is not a known field",
      fix: near(key, file.includes("/blog/") ? post : page) ?? "Check its spelling, or remove it.",
    }));
  }
  const [message = issue.message, ...fix] = issue.message.split(". ");
  const problem = { file, field: String(issue.path[0] ?? "front matter"), message };
  return [fix.length > 0 ? { ...problem, fix: `${fix.join(". ")}.` } : problem];
}
