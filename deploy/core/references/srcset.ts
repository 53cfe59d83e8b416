/**
 * The addresses of a `srcset`, without their descriptors (HTML "Parsing a srcset attribute"): an
 * address ends at white space, so a comma inside it belongs to it, and one at its end does not.
 */
export function findInSrcset(srcset: string): readonly string[] {
  const found: string[] = [];
  let at = 0;
  while (at < srcset.length) {
    at = endOf(srcset, at, (sign) => sign === "," || isSpace(sign));
    const end = endOf(srcset, at, (sign) => !isSpace(sign));
    const url = withoutCommas(srcset.slice(at, end));
    if (url !== "") found.push(url);
    at = url.length < end - at ? end : endOfDescriptors(srcset, end);
  }
  return found;
}

function withoutCommas(url: string): string {
  let end = url.length;
  while (end > 0 && url.charAt(end - 1) === ",") end -= 1;
  return url.slice(0, end);
}

/** Behind the comma that ends the candidate; one in parentheses does not. */
function endOfDescriptors(srcset: string, start: number): number {
  let inParentheses = false;
  for (let at = start; at < srcset.length; at++) {
    const sign = srcset.charAt(at);
    if (sign === "(") inParentheses = true;
    else if (sign === ")") inParentheses = false;
    else if (sign === "," && !inParentheses) return at + 1;
  }
  return srcset.length;
}

function endOf(text: string, start: number, belongs: (sign: string) => boolean): number {
  let at = start;
  while (at < text.length && belongs(text.charAt(at))) at += 1;
  return at;
}

function isSpace(sign: string): boolean {
  return sign === " " || sign === "\t" || sign === "\n" || sign === "\f" || sign === "\r";
}
