/**
 * A text as a part of an address: lower-case ASCII letters, digits and single dashes, cut between two
 * words where it would be longer than `most`. Empty when the text has no letter or digit of the Latin
 * alphabet, as an emoji or a title in another script: an address cannot be guessed for those.
 */
export function slugOf(text: string, most: number = Number.POSITIVE_INFINITY): string {
  const slug = text
    .replace(/[ßæœøłđþ]/gi, (letter) => SPELT[letter.toLowerCase()] ?? letter)
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/['’]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
  if (slug.length <= most) return slug;
  const cut = slug.slice(0, most + 1);
  const end = cut.lastIndexOf("-");
  return cut.slice(0, end > 0 ? end : most);
}

/** Latin letters that Unicode does not take apart. */
const SPELT: Readonly<Record<string, string>> = {
  ß: "ss",
  æ: "ae",
  œ: "oe",
  ø: "o",
  ł: "l",
  đ: "d",
  þ: "th",
};
