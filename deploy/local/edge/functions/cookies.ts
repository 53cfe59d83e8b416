import { asField, type Fields, valuesOf } from "./fields.ts";

type OneCookie = { readonly value: string; readonly attributes?: string };

/** The cookies of a request's Cookie headers; their names keep their case. */
export function readCookieHeaders(headers: readonly string[]): Fields {
  const pairs = headers.flatMap((header) => header.split(";")).map((pair) => pair.trim());
  return group(
    pairs
      .filter((pair) => pair !== "")
      .map((pair) => {
        const [name, value] = splitPair(pair);
        return [name, { value }];
      }),
  );
}

/** The cookies of an answer's Set-Cookie headers, with what follows the first semicolon. */
export function readSetCookies(headers: readonly string[]): Fields {
  return group(
    headers.map((header) => {
      const end = header.indexOf(";");
      const [name, value] = splitPair((end < 0 ? header : header.slice(0, end)).trim());
      const attributes = end < 0 ? "" : header.slice(end + 1).trim();
      return [name, attributes === "" ? { value } : { value, attributes }];
    }),
  );
}

/** One Cookie header for all of them (RFC 6265 5.4); "" if there are none. */
export function writeCookieHeader(cookies: Fields): string {
  return Object.entries(cookies)
    .flatMap(([name, field]) => valuesOf(field).map(({ value }) => `${name}=${value}`))
    .join("; ");
}

/** A Set-Cookie header for each value. */
export function writeSetCookies(cookies: Fields): readonly string[] {
  return Object.entries(cookies).flatMap(([name, field]) =>
    valuesOf(field).map(({ value, attributes }) =>
      attributes === undefined || attributes === ""
        ? `${name}=${value}`
        : `${name}=${value}; ${attributes}`,
    ),
  );
}

function group(cookies: readonly (readonly [string, OneCookie])[]): Fields {
  const names = new Map<string, [OneCookie, ...OneCookie[]]>();
  for (const [name, cookie] of cookies) {
    const known = names.get(name);
    if (known === undefined) names.set(name, [cookie]);
    else known.push(cookie);
  }
  return Object.fromEntries([...names].map(([name, values]) => [name, asField(values)]));
}

function splitPair(pair: string): readonly [string, string] {
  const at = pair.indexOf("=");
  return at < 0 ? [pair, ""] : [pair.slice(0, at), pair.slice(at + 1)];
}
