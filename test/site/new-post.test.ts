import fc from "fast-check";
import { describe, expect, test } from "vitest";
import allTags from "../../site/_data/allTags.ts";
import authors from "../../site/_data/authors.ts";
import { makePost, type PostRequest } from "../../site/lib/new-post.ts";
import { describeProblem } from "../../site/lib/problem.ts";
import { checkFrontMatter, readFrontMatter } from "../../site/lib/schema.ts";
import { slugOf } from "../../site/lib/slug.ts";

const [author = ""] = Object.keys(authors);
const [tag = "testing", other = "team"] = allTags;

const REQUEST: PostRequest = {
  title: "A title",
  date: "2026-12-01",
  author,
  tags: [tag],
  slug: undefined,
};

const SLUG = /^[a-z0-9]+(-[a-z0-9]+)*$/;

function made(request: Partial<PostRequest>, existing: readonly string[] = []) {
  const answer = makePost({ ...REQUEST, ...request }, existing);
  return answer.kind === "post"
    ? answer.post
    : answer.problems.map((problem) => describeProblem(problem));
}

describe("A new post", () => {
  test("is a dated draft whose front matter lacks nothing but the author's words", () => {
    expect(made({ title: "The outbox, again", tags: [tag, other] })).toEqual({
      file: "site/content/blog/2026-12-01-the-outbox-again.md",
      url: "/blog/the-outbox-again/",
      text: [
        "---",
        'title: "The outbox, again"',
        'description: "TODO: one sentence on what a reader gets from “The outbox, again”"',
        "date: 2026-12-01",
        `tags: [${tag}, ${other}]`,
        `author: ${author}`,
        "draft: true",
        "---",
        "",
        "",
      ].join("\n"),
    });
  });

  test.each([
    ['Straße, crème & "Ærø": it\'s 100 %', "strasse-creme-aero-its-100"],
    ["-5 degrees: 'yes' # no", "5-degrees-yes-no"],
    ["  two\n\tlines \u0007 ", "two-lines"],
    ["🚀 We ship", "we-ship"],
    ["a".repeat(70), "a".repeat(60)],
    [
      "A long title whose address ends between two words and nowhere else",
      "a-long-title-whose-address-ends-between-two-words-and",
    ],
  ])("called %j lives at %s", (title, slug) => {
    expect(made({ title })).toMatchObject({ url: `/blog/${slug}/` });
  });

  test.each<[string, Partial<PostRequest>, string]>([
    ["no title", { title: " \n " }, "title: is empty. Add a title of at most 70 characters."],
    [
      "300 characters",
      { title: "x".repeat(300) },
      "title: has 300 characters. Shorten it to at most 70.",
    ],
    [
      "symbols only",
      { title: "✨?!✨" },
      "title: has no letter to make an address of. Name one: --slug some-words.",
    ],
    [
      "a day that is in no calendar",
      { date: "2026-02-30" },
      "--date: is no calendar day. Write it as YYYY-MM-DD.",
    ],
    [
      "somebody unknown",
      { author: "zed" },
      `--author: names nobody we know: "zed". Name one of: ${Object.keys(authors).join(", ")}.`,
    ],
    [
      "a tag with a capital",
      { tags: ["CSS"] },
      '--tags: has the tag "CSS". Write tags in lower case with dashes.',
    ],
    [
      "a path for a slug",
      { slug: "../../etc" },
      '--slug: "../../etc" cannot be a part of an address. Use lower-case letters, digits and single dashes.',
    ],
    [
      "the address of another post",
      { title: "Taken!" },
      "title: /blog/taken/ is the address of site/content/blog/2020-01-01-taken.md. Choose another title, or another address: --slug some-words.",
    ],
  ])("with %s is refused in words", (_name, request, line) => {
    expect(made(request, ["2020-01-01-taken.md", "blog.11tydata.ts"])).toEqual([
      `arguments: ${line}`,
    ]);
  });

  test("of symbols only is written once it has an address", () => {
    expect(made({ title: "✨", slug: "sparks" })).toMatchObject({ url: "/blog/sparks/" });
  });

  test("has one line a field, a right slug and right front matter, whatever the title is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1, maxLength: 80 }), (title) => {
        const answer = makePost({ ...REQUEST, title }, []);
        if (answer.kind === "problems") return;
        const { file, text } = answer.post;
        const written = text.split("\n").find((line) => line.startsWith("title: ")) ?? "";
        const shown = JSON.parse(written.slice("title: ".length));
        const lines = text.split("\n").length;
        expect(lines).toBe(10);
        expect(file.slice("site/content/blog/2026-12-01-".length, -".md".length)).toMatch(SLUG);
        const fields = readFrontMatter(text, {
          title: shown,
          description: "TODO: text",
          date: new Date(REQUEST.date),
          tags: [tag],
          author,
          draft: true,
        });
        expect(checkFrontMatter(file, fields)).toEqual([]);
      }),
    );
  });
});

test("A slug is empty or words of ASCII with single dashes, never longer than asked for", () => {
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), fc.integer({ min: 1, max: 30 }), (text, most) => {
      const slug = slugOf(text, most);
      expect(slug === "" || SLUG.test(slug)).toBe(true);
      expect(slug.length).toBeLessThanOrEqual(most);
      expect(slugOf(slug)).toBe(slug);
    }),
  );
});
