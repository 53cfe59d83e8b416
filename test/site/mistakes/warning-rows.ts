import { type Group, wrongField, wrongText } from "./row.ts";

/** What is told and stops nothing. */
export const WARNING_GROUPS: readonly Group[] = [
  {
    title: "Warnings",
    rows: [
      wrongField(
        "a title of more than 60 characters",
        "longish-title",
        { title: "t".repeat(61) },
        "2: title: has 61 characters, so a search engine may cut its end. 60 are safe.",
      ),
      wrongField(
        "a description of more than 150 characters",
        "longish-description",
        { description: "d".repeat(151) },
        "3: description: has 151 characters, so a search engine may cut its end. 150 are safe.",
      ),
      wrongText(
        "a post of more than 3,000 words",
        "long-text",
        `${"Words and words. ".repeat(1_001)}\n\n\`\`\`text\nnot counted\n\`\`\``,
        "1: text: has 3,003 words, and few read so many at once. Leave something out, or make a series of it.",
      ),
      wrongText(
        "a sign of bold text or of code without its twin",
        "half",
        "A **bold word and a `command.",
        "8: text: has a ** that made nothing bold. Write both, without a space inside; \\*\\* stays as it is.",
        "8: text: has a ` that begins no code. Write the second one; \\` stays as it is.",
      ),
      wrongText(
        "a sentence above a line of dashes",
        "underlined",
        "Here ends the first part.\n---\n\nText.",
        '8: the heading "Here ends the first part.": is one because of the line of dashes below it. Put an empty line between them for a rule, or write ## for a heading.',
      ),
      wrongText(
        "a link that says only “here”",
        "here",
        "Read it [here](/about/).",
        '8: the link "here": does not say where it leads. Name the page it leads to: screen readers list links by their words alone.',
      ),
      wrongText(
        "a bare address for a link",
        "bare",
        "Read [https://other.example/](https://other.example/).",
        '8: the link "https://other.example/": shows an address instead of words. Name the page it leads to: screen readers list links by their words alone.',
      ),
    ],
  },
];
