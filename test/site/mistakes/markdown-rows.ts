import { BLOG, type Group, post, postFile, type Row, wrongText } from "./row.ts";

const KEPT = "Look for a bracket that is missing; a \\ before the [ keeps it as text.";

/** A row whose post shows an image that cannot be used. */
function wrongImage(what: string, name: string, holds: string, says: string): Row {
  const slug = `image-${name.replace(/\W/g, "-")}`;
  return {
    what,
    files: {
      ...post(slug, {}, `![A desk](./${name})`),
      [`${BLOG}/2026-01-10-${slug}/${name}`]: holds,
    },
    says: [`${postFile(slug)}:8: ./${name}: ${says}`],
  };
}

const MOVE = "Put the image beside the article, or into site/assets/images.";

/** Signs of Markdown that a reader would see, because nothing has become of them, and what would be lost. */
export const MARKDOWN_GROUPS: readonly Group[] = [
  {
    title: "Markdown",
    rows: [
      wrongText(
        "a link or an image with a space in its address",
        "spaced",
        "See [the list](/price list.pdf).\n\n![A desk](./my desk.jpg)",
        '8: link: "[the list](/price list.pdf)" has become no link. Write %20 for a space in an address, or rename what it names.',
        '10: image: "![A desk](./my desk.jpg)" has become no image. Write %20 for a space in an address, or rename what it names.',
      ),
      wrongText(
        "a link with a bracket missing",
        "bracket",
        "See [the **whole** list](/about/.",
        `8: link: "[the whole list](/about/." has become no link. ${KEPT}`,
      ),
      wrongText(
        "a link to a file of one's own computer",
        "own-disk",
        "See [the list](file:///home/mira/list.pdf).",
        '8: link: "[the list](file:///home/mira/list.pdf)" has become no link. Addresses of that kind are not published.',
      ),
      wrongText(
        "a space between the brackets of a link",
        "apart",
        "See [the list] (/about/).",
        '8: link: "[the list] (/about/)" has become no link. Take the space out between them.',
      ),
      wrongText(
        "the brackets of a link in the other order",
        "swapped",
        "See (the list)[/about/].",
        '8: link: "(the list)[/about/]" has become no link. Write the words in [ ], and behind them the address in ( ).',
      ),
      wrongText(
        "a link whose address stands nowhere",
        "no-reference",
        "See [the list][prices].",
        '8: link: "[the list][prices]" has become no link. Add a line "[prices]: /address/"; a \\ before the [ keeps it as text.',
      ),
      wrongText(
        "a heading without a space behind its signs",
        "no-heading",
        "##Prices\n\n###Each",
        '8: heading: "##Prices" has become no heading. Put a space behind the ##.',
        '10: heading: "###Each" has become no heading. Put a space behind the ###.',
      ),
      wrongText(
        "a heading with an id of its own",
        "own-id",
        "## Prices {#list}",
        "8: heading: has {#list} in it. Take it out: a heading's id is made of its words.",
      ),
      wrongText(
        "attributes behind an image, and links as notebooks write them",
        "dialects",
        "A ![mark](/favicon.svg){width=50%} and [[Our prices]].",
        `8: /favicon.svg: is not among the site's images. ${MOVE} A file of site/assets/static is for <img>, with its width and height.`,
        "8: text: has {width=50%} in it. Take it out: how things look is for the stylesheets to say.",
        '8: link: "[[Our prices]]" has become no link. Write [words](./file.md), or the address of a page in the ( ).',
      ),
      wrongText(
        "a space behind a sign that is no ordinary one",
        "hard-space",
        "##\u00A0Prices\n\n-\u00A0Bread",
        '8: heading: "## Prices" has become no heading. The space in it is one that breaks no line (U+00A0): type an ordinary one.',
        '10: list: "- Bread" has become no point of one. The space in it is one that breaks no line (U+00A0): type an ordinary one.',
      ),
      wrongText(
        "code without an end",
        "open-code",
        "Text.\n\n```ts\nconst one = 1;\n\n## A heading, or so it seems",
        "10: code fence: has no end. Write ``` below the code.",
      ),
      wrongText(
        "a table with fewer dashes than cells",
        "no-table",
        "| One | Two |\n| --- |\n| 1 | 2 |",
        "8: table: has 2 cells in its head and 1 in the line of dashes, so it is none. Write | --- | once for each cell of the head.",
      ),
      wrongText(
        "a row of a table with more cells than its head",
        "lost-cell",
        "| One | Two |\n| --- | --- |\n| `a` | `b` |\n| a|b | lost |",
        '11: table: has 3 cells in a row and 2 in its head, so that "lost" is lost. Give the head another cell, or write \\| for a sign that is no border: also in code.',
      ),
      wrongText(
        "two footnotes of one name",
        "two-notes",
        "Text[^a].\n\n[^a]: One.\n\n[^a]: Two.",
        "12: footnote: [^a] has two texts. Give one of them another name.",
      ),
      wrongText(
        "a callout that is none here",
        "no-callout",
        "> [!Note]\n> Text.\n\n> [! NOTE]\n> Text.\n\n:::note\nText.\n:::",
        "8: callout: [!Note] is no kind of callout. Use [!NOTE], [!TIP], [!WARNING].",
        "11: callout: [! NOTE] is no kind of callout. Use [!NOTE], [!TIP], [!WARNING].",
        '14: callout: ":::note" begins none. Write > [!NOTE], and > before each of its lines.',
      ),
    ],
  },
  {
    title: "Images",
    rows: [
      wrongText(
        "an image that is not there",
        "no-image",
        "![A lamp](./lamp.jpg)",
        `8: ./lamp.jpg: is not there: no ${BLOG}/lamp.jpg, no ${BLOG}/2026-01-10-no-image/lamp.jpg. Put the image beside the article, or correct the name.`,
      ),
      wrongText(
        "an image that is somewhere else",
        "far-image",
        "![A desk](https://other.example/desk.jpg)\n\n![A desk](C:/desk.jpg)\n\n![A mark](/favicon.svg)",
        `8: https://other.example/desk.jpg: is on another host. ${MOVE}`,
        `10: C:/desk.jpg: is a file of your own computer. ${MOVE}`,
        `12: /favicon.svg: is not among the site's images. ${MOVE} A file of site/assets/static is for <img>, with its width and height.`,
      ),
      wrongImage("an empty image", "empty.png", "", "is empty. Save the image again."),
      wrongImage(
        "an image that is none",
        "text.png",
        "A desk.",
        "is no image we know (1 kB). Save it as JPEG, PNG, WebP, AVIF, GIF or SVG.",
      ),
      wrongImage(
        "an image with the ending of another kind",
        "desk.jpg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"></svg>',
        "is named .jpg but holds an SVG. Rename it to end in .svg.",
      ),
      wrongImage(
        "a drawing with a script in it",
        "script.svg",
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 8"><script>alert(1)</script></svg>',
        "has a <script> in it. Export it as a plain drawing, without scripts, links and outside files.",
      ),
    ],
  },
];
