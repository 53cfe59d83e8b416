/**
 * What a text is searched by: its words in lower case and without accents, in their order. A word is a
 * run of letters and digits in any script; an apostrophe inside does not end it.
 */
export function wordsOf(text: string): readonly string[] {
  const found = text.match(WORD) ?? [];
  return found.map(fold).filter((word) => word !== "");
}

/** True for a word that says nothing about a text: one letter, or one that every English text has. */
export function isCommon(word: string): boolean {
  return word.length < 2 || COMMON.has(word);
}

/** A text in pieces, each either a word or what stands between two: to be put together again unchanged. */
export function piecesOf(
  text: string,
): readonly { readonly text: string; readonly word: string }[] {
  const pieces: { text: string; word: string }[] = [];
  let end = 0;
  for (const { 0: word, index } of text.matchAll(WORD)) {
    pieces.push({ text: text.slice(end, index), word: "" }, { text: word, word: fold(word) });
    end = index + word.length;
  }
  return [...pieces, { text: text.slice(end), word: "" }];
}

const WORD = /[\p{L}\p{N}](?:[\p{L}\p{N}\p{M}]|['’](?=\p{L}))*/gu;
const PLAIN = /^[a-z0-9]*$/;

function fold(word: string): string {
  const lower = word.toLowerCase();
  return PLAIN.test(lower) ? lower : lower.normalize("NFKD").replace(/[^\p{L}\p{N}]/gu, "");
}

const COMMON = new Set(
  (
    "about after all also an and any are as at be because been before but by can do does for from " +
    "had has have how if in into is it its more no not of on one only or our out so than that the " +
    "their them then there they this those to up us was we were what when where which who why will " +
    "with without would you your"
  ).split(" "),
);
