import type { Group, Row } from "./row.ts";

const STATIC = "site/assets/static";

/** A row whose one file has a wrong name. */
function wrongName(what: string, file: string, says: string): Row {
  return { what, files: { [file]: "Text." }, says: [`${file}: file name: ${says}`] };
}

/** Names of files that are published as they are, and of images. */
export const NAME_GROUPS: readonly Group[] = [
  {
    title: "Names of files and images",
    rows: [
      wrongName(
        "a space",
        `${STATIC}/price list.pdf`,
        "has a space in it, which addresses cannot have as it is. Rename it: letters, digits, dashes and dots.",
      ),
      wrongName(
        "a sign that means something in addresses",
        `${STATIC}/100%.pdf`,
        "has the sign % in it, which addresses cannot have as it is. Rename it: letters, digits, dashes and dots.",
      ),
      wrongName(
        "a sign that nobody sees",
        `${STATIC}/price\u00adlist.pdf`,
        "has an invisible sign (U+00AD) in it, which addresses cannot have as it is. Rename it: letters, digits, dashes and dots.",
      ),
      wrongName(
        "a space in the name of an image's folder",
        "site/content/blog/our office/desk.svg",
        "has a space in it, which addresses cannot have as it is. Rename it: letters, digits, dashes and dots.",
      ),
      wrongName(
        "letters with their accents apart, as some systems write them",
        `${STATIC}/cafe\u0301.pdf`,
        "has letters and their accents apart (NFD), which is another address. Rename it: type it anew, or leave the accents out.",
      ),
      {
        what: "two files whose names differ in capital letters alone",
        files: { [`${STATIC}/Terms.pdf`]: "One.", [`${STATIC}/terms.pdf`]: "Two." },
        says: [
          `${STATIC}/terms.pdf: file name: differs from ${STATIC}/Terms.pdf in capital letters alone. Rename one of the two.`,
        ],
      },
      wrongName(
        "a text that is not in Markdown, or is not called so",
        "site/content/blog/2026-01-10-other.markdown",
        "is neither a text nor an image, so nothing is made of it. Write it in Markdown, and let its name end in .md.",
      ),
      wrongName(
        "a download that lies among the texts",
        "site/content/blog/prices.pdf",
        "is neither a text nor an image, so nothing is made of it. Put it into site/assets/static, where people can load it.",
      ),
      wrongName(
        "a name that Windows keeps for itself",
        `${STATIC}/aux.txt`,
        "has the name aux.txt, which Windows keeps for itself. Rename it.",
      ),
      wrongName(
        "a name without an ending",
        `${STATIC}/LICENSE`,
        "has no ending, so its address is taken for that of a page. Give it one, as in LICENSE.txt.",
      ),
      wrongName(
        "the name of something that the build makes",
        `${STATIC}/feed.xml`,
        "would take the place of /feed.xml, which the build makes. Rename or remove it.",
      ),
    ],
  },
];
