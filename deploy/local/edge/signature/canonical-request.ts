/**
 * The canonical request of Signature Version 4 (AWS General Reference "Create a canonical request").
 * All strings here hold one character a byte (latin1), as node:http hands over headers, so that what
 * is hashed is exactly what came over the wire.
 */
export type SignableRequest = {
  readonly method: string;
  /** Path and query as sent. */
  readonly target: string;
  /** Names in lower case. */
  readonly headers: ReadonlyMap<string, readonly string[]>;
};

/** S3 signs the path encoded once; every other service encodes the encoded path again. */
export type PathEncoding = "once" | "twice";

export type Canonical = {
  readonly signedHeaders: readonly string[];
  readonly payloadHash: string;
  readonly pathEncoding: PathEncoding;
};

/** The text to hash. The signature's own query parameter is left out. */
export function canonicalRequest(request: SignableRequest, canonical: Canonical): string {
  const { path, query } = splitTarget(request.target);
  return [
    request.method,
    canonicalPath(path, canonical.pathEncoding),
    canonicalQuery(query),
    ...canonical.signedHeaders.map((name) => `${name}:${headerText(request.headers.get(name))}`),
    "",
    canonical.signedHeaders.join(";"),
    canonical.payloadHash,
  ].join("\n");
}

/** Cuts "/a?b" in two; takes the absolute form of a proxy request as well. */
export function splitTarget(target: string): { readonly path: string; readonly query: string } {
  const relative = target.replace(/^https?:\/\/[^/?]*/i, "");
  const mark = relative.indexOf("?");
  if (mark < 0) return { path: relative || "/", query: "" };
  return { path: relative.slice(0, mark) || "/", query: relative.slice(mark + 1) };
}

/** The query's parameters in order of appearance, decoded to bytes; "+" is a space. */
export function queryParameters(query: string): readonly (readonly [string, string])[] {
  return query
    .split("&")
    .filter((pair) => pair !== "")
    .map((pair) => {
      const equals = pair.indexOf("=");
      const [name, value] =
        equals < 0 ? [pair, ""] : [pair.slice(0, equals), pair.slice(equals + 1)];
      return [decodeBytes(name.replaceAll("+", " ")), decodeBytes(value.replaceAll("+", " "))];
    });
}

/** Undoes %XX, leaving one character a byte; a stray % stays. */
export function decodeBytes(text: string): string {
  return text.replace(/%([0-9a-fA-F]{2})/g, (_, hex: string) =>
    String.fromCharCode(Number.parseInt(hex, 16)),
  );
}

/** %XX for every byte but the unreserved ones of RFC 3986. */
export function encodeBytes(bytes: string): string {
  return bytes.replace(/[^A-Za-z0-9\-._~]/g, (character) => {
    const hex = character.charCodeAt(0).toString(16).toUpperCase();
    return `%${hex.padStart(2, "0")}`;
  });
}

function canonicalPath(path: string, encoding: PathEncoding): string {
  const bytes = encoding === "once" ? decodeBytes(path) : withoutDotSegments(path);
  return bytes.split("/").map(encodeBytes).join("/");
}

/** All services but S3 sign a path without its empty and its dot segments. */
function withoutDotSegments(path: string): string {
  const kept: string[] = [];
  for (const segment of path.split("/")) {
    if (segment === "..") kept.pop();
    else if (segment !== "" && segment !== ".") kept.push(segment);
  }
  const end = kept.length > 0 && path.endsWith("/") ? "/" : "";
  return `/${kept.join("/")}${end}`;
}

function canonicalQuery(query: string): string {
  return queryParameters(query)
    .filter(([name]) => name !== "X-Amz-Signature")
    .map(([name, value]) => [encodeBytes(name), encodeBytes(value)] as const)
    .sort(([a, av], [b, bv]) => compare(a, b) || compare(av, bv))
    .map(([name, value]) => `${name}=${value}`)
    .join("&");
}

function headerText(values: readonly string[] | undefined): string {
  return (values ?? []).map((value) => value.trim().replace(/ +/g, " ")).join(",");
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
