import allTags from "../../_data/allTags.ts";
import { type Alias, readAliases } from "../aliases.ts";
import type { Problem } from "../problem.ts";
import { checkFrontMatter, type FrontMatter, readFrontMatter } from "../schema.ts";
import { blockOf, lineOfField, readFields, textOf } from "./front-matter.ts";
import { lettersBetween } from "./near.ts";
import { checkBytes } from "./source-bytes.ts";

/** A file of the content folder, as it is on disk. */
export type ContentFile = { readonly file: string; readonly bytes: Buffer };

/** What was found before anything is rendered. */
export type ContentCheck = {
  readonly problems: readonly Problem[];
  /** Files that no page can be made of until they are mended. */
  readonly leftOut: ReadonlySet<string>;
  readonly aliases: ReadonlyMap<string, readonly Alias[]>;
};

/** What one file says of itself, as far as it can be read. */
type Read = {
  readonly file: string;
  readonly source: string;
  readonly fields: FrontMatter;
  readonly isDraft: boolean;
  readonly aliases: readonly Alias[];
  readonly problems: readonly Problem[];
};

/**
 * Checks every content file by itself and against the others: bytes, YAML, fields, slugs and tags.
 * Of a draft only what would stop the build is a mistake, unless drafts are to be shown.
 */
export function checkContent(
  files: readonly ContentFile[],
  options: { readonly drafts: "shown" | "held-back" },
): ContentCheck {
  const read = files.map((content) => readContent(content, options.drafts));
  const asked = read.filter(({ isDraft }) => !isDraft);
  const problems = [
    ...read.flatMap((content) => content.problems),
    ...sameSlugs(asked),
    ...(allTags.length === 0 ? strangeTags(asked) : []),
  ];
  return {
    problems,
    leftOut: new Set(problems.map(({ file }) => file)),
    aliases: new Map(read.map(({ file, aliases }) => [file, aliases])),
  };
}

function readContent({ file, bytes }: ContentFile, drafts: "shown" | "held-back"): Read {
  const nothing = { file, source: "", fields: {}, isDraft: false, aliases: [] };
  const unreadable = [...checkName(file), ...checkBytes(file, bytes)];
  if (unreadable.length > 0) return { ...nothing, problems: unreadable };
  const source = bytes.toString("utf8");
  const parsed = readFields(file, source);
  if (parsed.kind === "problem") return { ...nothing, problems: [parsed.problem] };
  const fields = readFrontMatter(source, parsed.fields);
  if (fields.draft === true && drafts === "held-back") {
    return { ...nothing, isDraft: true, problems: [] };
  }
  const { aliases, problems } = readAliases(file, source, fields.aliases);
  const wrong = [...checkFrontMatter(file, fields), ...checkText(file, source, fields)];
  return {
    file,
    source,
    fields,
    isDraft: false,
    aliases,
    problems: [...wrong.map((problem) => withLine(problem, source)), ...problems],
  };
}

/** A draft may wait for its text; an article that is nothing but its title is a page for nobody. */
function checkText(file: string, source: string, { draft }: FrontMatter): readonly Problem[] {
  if (draft === true || !file.includes("/blog/") || textOf(source).trim() !== "") return [];
  const fix = "Write it, or keep the article back with draft: true.";
  return [{ file, field: "text", message: "is missing", fix }];
}

/** An address is made of the name, and an address has no spaces and one way to be written. */
function checkName(file: string): readonly Problem[] {
  const names = file.split("/");
  const wrong = names.find((name) => !/^[a-z0-9._-]+$/.test(name));
  if (wrong === undefined) return [];
  const what = wrong === names.at(-1) ? "file" : `folder "${wrong}"`;
  const message = "has a capital letter, a space or another sign in it";
  const fix = `Rename the ${what}: lower-case letters, digits and dashes.`;
  return [{ file, field: "file name", message, fix }];
}

function withLine(problem: Problem, source: string): Problem {
  const { field, message } = problem;
  if (field === undefined || field === "file name") return problem;
  const value = field === "tags" ? /the tag "([^"]*)"/.exec(message)?.[1] : undefined;
  return { ...problem, line: blockOf(source) ? lineOfField(source, field, value) : 1 };
}

/** Two posts with one slug would be one page. */
function sameSlugs(read: readonly Read[]): readonly Problem[] {
  const bySlug = new Map<string, Read[]>();
  for (const content of read) {
    const slug = /\/blog\/\d{4}-\d{2}-\d{2}-([a-z0-9-]+)\.md$/.exec(content.file)?.[1];
    if (slug !== undefined) bySlug.set(slug, [...(bySlug.get(slug) ?? []), content]);
  }
  return [...bySlug].flatMap(([slug, alike]) =>
    alike.slice(1).map(({ file }) => ({
      file,
      field: "file name",
      message: `gives the address /blog/${slug}/, which ${alike[0]?.file} has`,
      fix: "Rename one of the two.",
    })),
  );
}

/** Where there is no list: a tag of one post alone, a letter or two beside one that others carry. */
function strangeTags(read: readonly Read[]): readonly Problem[] {
  const carriers = new Map<string, Read[]>();
  for (const content of read) {
    for (const tag of tagsOf(content.fields)) {
      carriers.set(tag, [...(carriers.get(tag) ?? []), content]);
    }
  }
  return [...carriers].flatMap(([tag, [carrier, ...others]]) => {
    const known = [...carriers].filter(([, all]) => all.length > 1).map(([name]) => name);
    const meant = known.find((name) => lettersBetween(name, tag) <= (tag.length > 4 ? 2 : 1));
    if (!carrier || others.length > 0 || meant === undefined) return [];
    const { file, source } = carrier;
    return [
      {
        file,
        line: lineOfField(source, "tags", tag),
        field: "tags",
        message: `has the tag "${tag}", which no other post has`,
        fix: `Did you mean "${meant}"?`,
      },
    ];
  });
}

function tagsOf({ tags }: FrontMatter): readonly string[] {
  return Array.isArray(tags) ? [...new Set(tags.map(String))] : [];
}
