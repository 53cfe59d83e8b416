/** True when a list of entity tags, quoted or not, holds this one, or is "*". */
export function listsEtag(list: string, etag: string): boolean {
  return list
    .split(",")
    .map((item) => bareEtag(item))
    .some((item) => item === "*" || item === etag);
}

/** Takes quotes and the mark of a weak tag off. */
export function bareEtag(text: string): string {
  return text
    .trim()
    .replace(/^W\//, "")
    .replace(/^"(.*)"$/, "$1");
}
