/**
 * What CloudFront compresses, and for whom (CF-DG "Serve compressed files"; the list of types is
 * the one of the guide, whose gaps are real: web manifests, Atom feeds, JSON-LD and Markdown travel
 * uncompressed).
 */

export type Coding = "br" | "gzip" | "identity";

/** The viewer's Accept-Encoding as the cache key holds it. */
export type AcceptedCodings = "br,gzip" | "br" | "gzip" | "";

const APPLICATION_TYPES =
  "dash+xml eot font font-sfnt javascript json opentype otf pdf pkcs7-mime protobuf rss+xml " +
  "truetype ttf vnd.apple.mpegurl vnd.mapbox-vector-tile vnd.ms-fontobject wasm xhtml+xml xml " +
  "x-font-opentype x-font-truetype x-font-ttf x-httpd-cgi x-javascript x-mpegurl x-opentype x-otf " +
  "x-perl x-ttf";
const FONT_TYPES = "eot opentype otf ttf";
const TEXT_TYPES =
  "css csv html javascript js plain richtext tab-separated-values xml x-component x-java-source " +
  "x-script";

const COMPRESSED_TYPES: ReadonlySet<string> = new Set([
  ...APPLICATION_TYPES.split(" ").map((name) => `application/${name}`),
  ...FONT_TYPES.split(" ").map((name) => `font/${name}`),
  ...TEXT_TYPES.split(" ").map((name) => `text/${name}`),
  "image/svg+xml",
  "vnd.apple.mpegurl",
]);

const MIN_COMPRESSED_BYTES = 1_000;
/** An object above this size is never compressed, so nothing larger has to be held whole for it. */
export const MAX_COMPRESSED_BYTES = 10_000_000;

const COMPRESSED_STATUSES: ReadonlySet<number> = new Set([200, 403, 404]);

/** An origin's answer, as far as compression looks at it. */
export type CompressionCandidate = {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly contentEncoding: string | undefined;
  /** Its Content-Length; undefined where the origin sent none, which forbids compression. */
  readonly size: number | undefined;
};

/** Whether CloudFront would compress the answer for a viewer who takes it: such answers vary. */
export function isCompressible(answer: CompressionCandidate): boolean {
  return (
    COMPRESSED_STATUSES.has(answer.status) &&
    answer.contentEncoding === undefined &&
    answer.size !== undefined &&
    answer.size >= MIN_COMPRESSED_BYTES &&
    answer.size <= MAX_COMPRESSED_BYTES &&
    COMPRESSED_TYPES.has(mediaType(answer.contentType ?? ""))
  );
}

/** The coding the answer is stored in for these viewers; Brotli is preferred. */
export function chooseCoding(accepted: AcceptedCodings, answer: CompressionCandidate): Coding {
  if (!isCompressible(answer)) return "identity";
  switch (accepted) {
    case "br,gzip":
    case "br":
      return "br";
    case "gzip":
      return "gzip";
    case "":
      return "identity";
  }
}

/**
 * Reduces an Accept-Encoding header to the part the cache key keeps (CF-DG "Understand the cache
 * key": the normalized header names only br and gzip). A coding with q=0 is refused by the viewer;
 * `*` names neither. HTTP/1.0 viewers get no compression, and a coding that the cache policy does not
 * enable is no part of the key.
 */
export function normalizeAcceptEncoding(
  header: string | undefined,
  httpVersion: string,
  enabled: { readonly gzip: boolean; readonly brotli: boolean },
): AcceptedCodings {
  if (header === undefined || httpVersion === "1.0") return "";
  const accepted = new Set<string>();
  for (const item of header.split(",")) {
    const [name = "", ...parameters] = item.split(";");
    if (!parameters.some(isZeroQuality)) accepted.add(name.trim().toLowerCase());
  }
  const gzip = enabled.gzip && accepted.has("gzip");
  if (enabled.brotli && accepted.has("br")) return gzip ? "br,gzip" : "br";
  return gzip ? "gzip" : "";
}

function isZeroQuality(parameter: string): boolean {
  return /^\s*q\s*=\s*0(\.0*)?\s*$/i.test(parameter);
}

/** The ETag of a compressed variant: weak, and dropped where it was no ETag (same page). */
export function weakened(etag: string): string | undefined {
  if (etag.startsWith("W/")) return etag;
  return etag.startsWith('"') ? `W/${etag}` : undefined;
}

function mediaType(contentType: string): string {
  return (contentType.split(";")[0] ?? "").trim().toLowerCase();
}
