/** Headers by their names in lower case; a list is sent as a line each, as Set-Cookie must be. */
export type HeaderMap = Readonly<Record<string, HeaderValue>>;

export type HeaderValue = string | readonly string[];

/** The header as one line; several values are joined as RFC 9110 5.3 allows. */
export function headerLine(headers: HeaderMap, name: string): string | undefined {
  const value = headers[name];
  return typeof value === "string" || value === undefined ? value : value.join(", ");
}

/** Without the headers whose names are in the set. */
export function withoutHeaders(headers: HeaderMap, names: ReadonlySet<string>): HeaderMap {
  const kept: Record<string, HeaderValue> = {};
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined && !names.has(name)) kept[name] = value;
  }
  return kept;
}
