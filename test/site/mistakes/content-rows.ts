import { BLOG, type Group, post, postFile, wrongField, wrongText } from "./row.ts";

const MB = "Words without end. ".repeat(60_000);

/** What is wrong before anything is rendered. */
export const CONTENT_GROUPS: readonly Group[] = [
  {
    title: "The file",
    rows: [
      {
        what: "a capital letter or a space in the file name",
        files: { "site/content/Our Team.md": "---\ntitle: x\n---\nText.\n" },
        says: [
          "site/content/Our Team.md: file name: has a capital letter, a space or another sign in it. Rename the file: lower-case letters, digits and dashes.",
        ],
      },
      {
        what: "a capital letter or a space in the name of a text's folder",
        files: {
          "site/content/Team/us.md": "---\ntitle: x\n---\nText.\n",
          "site/content/our team/us.md": "---\ntitle: x\n---\nText.\n",
        },
        says: ["Team", "our team"].map(
          (name) =>
            `site/content/${name}/us.md: file name: has a capital letter, a space or another sign in it. Rename the folder "${name}": lower-case letters, digits and dashes.`,
        ),
      },
      {
        what: "a post whose file name has no day",
        files: { [`${BLOG}/no-day.md`]: post("no-day", {})[postFile("no-day")] ?? "" },
        says: [
          `${BLOG}/no-day.md: file name: is not a day and a lower-case slug. Rename it to YYYY-MM-DD-some-words.md.`,
        ],
      },
      {
        what: "two posts with one slug",
        files: {
          [`${BLOG}/2026-01-08-twin.md`]:
            post("twin", { date: "2026-01-08" })[postFile("twin")] ?? "",
          [`${BLOG}/2026-01-09-twin.md`]:
            post("twin", { date: "2026-01-09", title: "Other", description: "Another one." })[
              postFile("twin")
            ] ?? "",
        },
        says: [
          `${BLOG}/2026-01-09-twin.md: file name: gives the address /blog/twin/, which ${BLOG}/2026-01-08-twin.md has. Rename one of the two.`,
        ],
      },
      {
        what: "a file that is not UTF-8",
        files: {
          [postFile("latin")]: Buffer.from("---\ntitle: x\n---\nGr\u00fc\u00dfe\n", "latin1"),
        },
        says: [`${postFile("latin")}:4: is not UTF-8 from here on. Save the file as UTF-8.`],
      },
      wrongText(
        "a control character",
        "nul",
        "Text.\n\u0000\n",
        "9: has the control character 0x00 in it. Remove it.",
      ),
      {
        what: "an empty file",
        files: { [postFile("empty")]: "" },
        says: [`${postFile("empty")}: is empty. Write it, or remove the file.`],
      },
      {
        what: "line ends of an old kind",
        files: { [postFile("old-ends")]: "---\rtitle: x\r---\rText.\r" },
        says: [
          `${postFile("old-ends")}: has the line ends of old Macs (CR alone), so it is one long line. Save it with line ends of today (LF).`,
        ],
      },
      {
        what: "a file of more than 1 MB",
        files: post("huge", {}, MB),
        says: [
          `${postFile("huge")}: has 1.1 MB, and 1 MB is the most for a page. Divide it, or publish it as a file of site/assets/static.`,
        ],
      },
      wrongText(
        "the marks of a merge",
        "merge",
        "<<<<<<< HEAD\nmine\n=======\ntheirs\n>>>>>>> branch",
        "8: has both sides of a merge in it. Keep one of them.",
      ),
    ],
  },
  {
    title: "Front matter",
    rows: [
      {
        what: "YAML that cannot be read",
        files: { [postFile("yaml")]: "---\ntitle: One: two\ndate: 2026-01-10\n---\nText.\n" },
        says: [
          `${postFile("yaml")}:2: front matter: cannot be read: bad indentation of a mapping entry. Put the value in quotes: it has a colon in it.`,
        ],
      },
      {
        what: "a field that is there twice",
        files: { [postFile("twice")]: "---\ntitle: One\ntitle: Two\n---\nText.\n" },
        says: [
          `${postFile("twice")}:3: front matter: cannot be read: duplicated mapping key. Keep one of the two.`,
        ],
      },
      {
        what: "no front matter",
        files: { [postFile("no-head")]: "A text.\n", "site/content/bare.md": "# A text\n" },
        says: [postFile("no-head"), "site/content/bare.md"].map(
          (file) =>
            `${file}:1: front matter: is missing. Begin the file with a line of ---, then title: and the other fields, then a line of ---.`,
        ),
      },
      {
        what: "front matter that does not begin in the first line",
        files: { [postFile("low-head")]: "\n---\ntitle: x\n---\nText.\n" },
        says: [
          `${postFile("low-head")}:2: front matter: does not begin in the first line. Remove what stands above it.`,
        ],
      },
      {
        what: "front matter without an end",
        files: { [postFile("endless")]: "---\ntitle: One\nText.\n" },
        says: [
          `${postFile("endless")}:1: front matter: has no end. Write --- on a line of its own below it.`,
        ],
      },
      {
        what: "front matter in another language than YAML",
        files: { [postFile("js")]: "---js\n{ title: process.exit(0) }\n---\nText.\n" },
        says: [
          `${postFile("js")}:1: front matter: is js, and only YAML is read. Write YAML between --- lines.`,
        ],
      },
      wrongField(
        "an unknown key",
        "unknown-key",
        { descripton: "typo" },
        '7: descripton: is not a known field. Did you mean "description"?',
      ),
      wrongField(
        "a key with a letter of another alphabet",
        "foreign-key",
        { täg: "x", "d\u0430te": "2026-01-10" },
        "7: täg: is not a known field. Check its spelling, or remove it.",
        '8: d\u0430te: is not a known field. Did you mean "date"?',
      ),
      {
        what: "a key that a page does not have",
        files: { "site/content/extra.md": "---\ntitle: Extra\nlayout: page.njk\n---\nText.\n" },
        says: [
          "site/content/extra.md:1: description: is missing. Add a description of at most 160 characters.",
          "site/content/extra.md:3: layout: is not a known field. Check its spelling, or remove it.",
        ],
      },
      wrongField(
        "a missing title",
        "no-title",
        { title: undefined },
        "1: title: is missing. Add a title of at most 70 characters.",
      ),
      wrongField(
        "a title over 70 characters",
        "long-title",
        { title: "t".repeat(71) },
        "2: title: has 71 characters. Shorten it to at most 70.",
      ),
      wrongField(
        "a title in two lines",
        "two-lines",
        { title: "|\n  One line\n  and another" },
        "2: title: has a line break in it. Write it in one line.",
      ),
      wrongField(
        "a description over 160 characters",
        "long-description",
        { description: "d".repeat(161) },
        "3: description: has 161 characters. Shorten it to at most 160.",
      ),
      wrongField(
        "a description that is still to be written",
        "todo",
        { description: '"TODO: one sentence"' },
        "3: description: is still to be written. Say in one sentence what a reader gets.",
      ),
      wrongField(
        "a date that is no date",
        "soon",
        { date: "soon" },
        "4: date: is no calendar day. Write it as YYYY-MM-DD.",
      ),
      wrongField(
        "a day that is not in the calendar",
        "february",
        { date: "2026-02-30" },
        "4: date: is no calendar day. Write it as YYYY-MM-DD.",
      ),
      wrongField(
        "a missing date",
        "no-date",
        { date: undefined },
        "1: date: is missing. Write a day as YYYY-MM-DD, for example 2026-03-07.",
      ),
      wrongField(
        "a date other than that of the file name",
        "two-dates",
        { date: "2026-01-11" },
        "4: date: says 2026-01-11, but the file name says 2026-01-10. Make them the same day.",
      ),
      wrongField(
        "an update before the date",
        "updated",
        { updated: "2026-01-09" },
        "7: updated: is before the date 2026-01-10. Use a later day.",
      ),
      wrongField(
        "an unknown author",
        "author",
        { author: "nobody" },
        '6: author: names nobody we know: "nobody". Name one of: mira, jonas, adaeze, teo.',
      ),
      wrongField(
        "a tag that is no list",
        "one-tag",
        { tags: "messaging" },
        "5: tags: must be a list. Write one to four tags, for example [testing].",
      ),
      wrongField(
        "an unknown tag",
        "unknown-tag",
        { tags: "[testing, gardening]" },
        '5: tags: has the tag "gardening", which is none of ours. Add it to site/_data/allTags.ts.',
      ),
      wrongField(
        "a tag that is nearly a known one",
        "near-tag",
        { tags: "\n  - team\n  - tetsing" },
        '7: tags: has the tag "tetsing", which is none of ours. Did you mean "testing"? Else add it to site/_data/allTags.ts.',
      ),
      wrongField(
        "a tag that is not lower-case words with dashes",
        "capital-tag",
        { tags: "[Open Source]" },
        '5: tags: has the tag "Open Source". Write tags in lower case with dashes.',
      ),
      wrongField(
        "five tags",
        "five-tags",
        { tags: "[testing, team, aws, messaging, deployment]" },
        "5: tags: names more than four tags. Keep the best four.",
      ),
      wrongField(
        "a draft mark that is neither true nor false",
        "perhaps",
        { draft: "perhaps" },
        "7: draft: must be true or false.",
      ),
    ],
  },
  {
    title: "The text",
    rows: [
      {
        what: "an article without a text",
        files: post("no-text", {}, ""),
        says: [
          `${postFile("no-text")}:1: text: is missing. Write it, or keep the article back with draft: true.`,
        ],
      },
    ],
  },
];
