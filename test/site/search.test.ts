import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pageWords } from "../../site/lib/search/page-words.ts";
import { search } from "../../site/lib/search/ranking.ts";
import { type SearchablePage, searchDocument } from "../../site/lib/search/search-document.ts";
import { openIndex } from "../../site/lib/search/search-index.ts";
import { slipsBetween } from "../../site/lib/search/spelling.ts";
import { piecesOf, wordsOf } from "../../site/lib/search/words.ts";

describe("The words of a text", () => {
  test.each([
    ["Cache-Control, twice!", ["cache", "control", "twice"]],
    ["It’s what we don't say", ["its", "what", "we", "dont", "say"]],
    ["Überraschung à la carte", ["uberraschung", "a", "la", "carte"]],
    ["HTTP/2 in 60 lines", ["http", "2", "in", "60", "lines"]],
    ["Поиск по сайту", ["поиск", "по", "саиту"]],
    ["{ } — …", []],
    ["", []],
  ])("of %j are %j", (text, words) => {
    expect(wordsOf(text)).toEqual(words);
  });

  test("can be taken out of it, and the pieces are the text again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const pieces = piecesOf(text);
        expect(pieces.map((piece) => piece.text).join("")).toBe(text);
        expect(pieces.map(({ word }) => word).filter((word) => word !== "")).toEqual(wordsOf(text));
      }),
    );
  });
});

describe("The slips between two words", () => {
  test.each([
    ["outbox", "outbox", 0],
    ["outbox", "outbax", 1],
    ["outbox", "otubox", 1],
    ["outbox", "outbo", 1],
    ["outbox", "outboxx", 1],
    ["outbox", "inbox", 3],
    ["", "a", 1],
    ["", "", 0],
  ])("%j and %j are %i", (a, b, slips) => {
    expect(slipsBetween(a, b, 5)).toBe(slips);
    expect(slipsBetween(b, a, 5)).toBe(slips);
  });

  test("are counted no further than asked", () => {
    const word = fc.string({ unit: fc.constantFrom("a", "b", "c"), maxLength: 9 });
    fc.assert(
      fc.property(word, word, fc.nat(4), (a, b, most) => {
        expect(slipsBetween(a, b, most)).toBe(Math.min(slipsBetween(a, b, 20), most + 1));
      }),
    );
  });
});

describe("What is kept of an article", () => {
  test("is its headings and what it says most often, without markup and code", () => {
    const { headings, text } = pageWords(
      [
        "A broker, a [broker](https://example.org/hidden-path/) and the ![brokers](/x.png).",
        "## Exchanges & queues",
        "```js",
        "const secretName = 1;",
        "```",
        '<div class="wrapper">Exchanges</div>',
        "[note]: https://example.org/other",
      ].join("\n"),
    );
    expect(headings).toEqual(["exchanges", "queues"]);
    expect(text).toEqual(["broker", "brokers"]);
  });

  test("does not grow with its length", () => {
    const words = Array.from({ length: 5_000 }, (_, index) => `word${index}`).join(" ");
    expect(pageWords(words).text).toHaveLength(24);
    expect(pageWords("a".repeat(100_000)).text).toEqual([]);
  });
});

describe("A search", () => {
  const page = (url: string, title: string, fields: Partial<SearchablePage> = {}) => ({
    url,
    title,
    description: "",
    date: undefined,
    tags: [],
    words: { headings: [], text: [] },
    ...fields,
  });
  const pages: readonly SearchablePage[] = [
    page("/outbox/", "The transactional outbox in 60 lines", { tags: ["messaging"] }),
    page("/tests/", "Tests that can fail", {
      description: "Why we kill the broker.",
      words: { headings: ["outbox"], text: ["queue", "broker"] },
    }),
    page("/cdn/", "Cache-Control behind a CDN", {
      description: "How ETags help.",
      words: { headings: [], text: ["outbox", "caching"] },
    }),
  ];
  const index = openIndex(JSON.parse(JSON.stringify(searchDocument(pages))));
  const found = (typed: string) => search(index, typed).map((result) => result.page.url);

  test.each([
    ["a title before a heading before a text", "outbox", ["/outbox/", "/tests/", "/cdn/"]],
    ["a tag", "messaging", ["/outbox/"]],
    ["a description", "etags", ["/cdn/"]],
    ["whatever the case and the accents", "ÓUTBOX", ["/outbox/", "/tests/", "/cdn/"]],
    ["the beginning of a word", "trans", ["/outbox/"]],
    ["pages with all words first, and then none of the others", "outbox broker", ["/tests/"]],
    ["common words not at all beside others", "the etags", ["/cdn/"]],
    ["common words when there are no others", "that can", ["/tests/"]],
    ["a word with a slip", "mesaging", ["/outbox/"]],
    ["a word with two letters swapped", "cahce", ["/cdn/"]],
    ["one word of two when no page has both", "caching zebra", ["/cdn/"]],
    ["nothing for a short word with a slip", "cdm", []],
    ["nothing for what nobody wrote", "zebra", []],
    ["nothing for nothing", " ", []],
    ["nothing for signs", "<script>&%", []],
  ])("finds %s (%j)", (_name, typed, urls) => {
    expect(found(typed)).toEqual(urls);
  });

  test("says which words of the page it took for what was typed", () => {
    const [first] = search(index, "outbax tran");
    expect([...(first?.words ?? [])].sort()).toEqual(["outbox", "transactional"]);
  });

  test("finds every page by each word of its title, whatever the titles are", () => {
    const title = fc.array(fc.stringMatching(/^[a-zé]{2,12}$/), { minLength: 1, maxLength: 5 });
    fc.assert(
      fc.property(fc.array(title, { minLength: 1, maxLength: 20 }), (titles) => {
        const made = titles.map((words, place) => page(`/${place}/`, words.join(" ")));
        const asked = openIndex(searchDocument(made));
        for (const [place, words] of titles.entries()) {
          for (const word of words) {
            expect(search(asked, word).map((result) => result.page.url)).toContain(`/${place}/`);
          }
        }
      }),
    );
  });

  test("never fails, whatever is typed", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme", maxLength: 300 }), (typed) => {
        expect(Array.isArray(search(index, typed))).toBe(true);
      }),
    );
  });
});

test("The index of a thousand long articles stays below 120 kB in brotli", async () => {
  const { brotliCompressSync } = await import("node:zlib");
  const pages = Array.from({ length: 1_000 }, (_, place) => articleOf(place));
  const text = JSON.stringify(searchDocument(pages));
  expect(brotliCompressSync(text).byteLength).toBeLessThan(120_000);
});

/** Words as unequal in their frequency as in English, from a vocabulary of eight thousand. */
function articleOf(place: number): SearchablePage {
  let seed = place + 1;
  const next = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  const word = () => wordNumber(Math.floor(8_000 ** next()));
  const words = (count: number) => Array.from({ length: count }, word).join(" ");
  return {
    url: `/blog/${words(4).replaceAll(" ", "-")}/`,
    title: words(6),
    description: words(18),
    date: new Date(1.7e12 + place * 86_400_000),
    tags: [word(), word()],
    words: pageWords(`${words(400)}\n\n## ${words(4)}\n\n${words(300)}\n\n## ${words(4)}\n`),
  };
}

function wordNumber(number: number): string {
  const syllables = ["ka", "lo", "mi", "ter", "sun", "ve", "ro", "pal", "di", "che", "gor", "ny"];
  let rest = number;
  let text = "";
  do {
    text += syllables[rest % syllables.length];
    rest = Math.floor(rest / syllables.length);
  } while (rest > 0);
  return text;
}
