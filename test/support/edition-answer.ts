import type { IncomingHttpHeaders, OutgoingHttpHeaders } from "node:http";
import { brotliDecompressSync, gunzipSync } from "node:zlib";
import type { EditionSite, Settled, SiteFile } from "./edition-site.ts";

/** What a visitor asks. */
export type Question = {
  readonly kind: "page" | "news" | "asset" | "revisit" | "range" | "redirect" | "missing" | "head";
  readonly method: "GET" | "HEAD";
  /** What is asked for, as it goes out. */
  readonly path: string;
  /** Where the site has it, or has not. */
  readonly address: string;
  readonly headers: OutgoingHttpHeaders;
};

/** What came back, nothing decoded. */
export type Answer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
};

/**
 * What is wrong with the answer, if anything is: its status, body, coding, ETag or target belongs to
 * nothing that the site was since the point where its request started.
 */
export function complaintAbout(
  {
    question,
    answer,
    settled,
  }: { readonly question: Question; readonly answer: Answer; readonly settled: Settled },
  site: EditionSite,
): string | undefined {
  const { kind, path, address } = question;
  if (kind === "redirect" && path !== `${address}?from=afar`) {
    const { status, headers } = answer;
    if (status === 301 && headers.location === `${address}?from=afar`) return undefined;
    return `${status} to ${headers.location}, where 301 to ${address} was due`;
  }
  const missing = () => site.possible("/404.html", settled);
  const verdicts = site
    .possible(address, settled)
    .flatMap((file) =>
      file === undefined
        ? missing().map((page) => differsFromMissing(question, answer, page))
        : [differsFrom(question, answer, file)],
    );
  if (verdicts.includes(undefined)) return undefined;
  const heading = /<h1>(Edition \d+)/.exec(decoded(answer).toString("latin1"))?.[1] ?? "no edition";
  const range = `editions ${settled.edition} to ${site.current.number}`;
  return `${answer.status}, ${heading}, where ${range} were possible: ${verdicts.join("; or ")}`;
}

function differsFromMissing(
  question: Question,
  answer: Answer,
  page: SiteFile | undefined,
): string | undefined {
  if (page === undefined) return "the 404 page itself is missing";
  return answer.status === 404 ? differenceOfBody(question, answer, page) : "not a 404";
}

function differsFrom(question: Question, answer: Answer, file: SiteFile): string | undefined {
  const { status, headers } = answer;
  if (status === 304) {
    const given = question.headers["if-none-match"];
    if (given === undefined) return "a 304 that nobody asked for";
    return opaque(String(given)) === opaque(headers.etag) && opaque(headers.etag) === file.etag
      ? undefined
      : `a 304 for ${headers.etag} to ${given}`;
  }
  if (opaque(headers.etag) !== file.etag) return `ETag ${headers.etag} instead of ${file.etag}`;
  const range = /^bytes=(\d+)-(\d+)$/.exec(String(question.headers.range ?? ""));
  if (range !== null) return differenceOfPart(answer, file, Number(range[1]), Number(range[2]));
  if (status !== 200) return "not a 200";
  if (question.kind === "head") {
    return answer.body.length === 0 ? undefined : "a body in an answer to HEAD";
  }
  return differenceOfBody(question, answer, file);
}

function differenceOfPart(
  { status, headers, body }: Answer,
  { bytes }: SiteFile,
  first: number,
  last: number,
): string | undefined {
  if (status !== 206) return "not a 206";
  const range = `bytes ${first}-${last}/${bytes.length}`;
  if (headers["content-range"] !== range) return `Content-Range ${headers["content-range"]}`;
  return body.equals(bytes.subarray(first, last + 1)) ? undefined : "another part";
}

function differenceOfBody(
  { headers }: Question,
  answer: Answer,
  file: SiteFile,
): string | undefined {
  const due = codingDue(String(headers["accept-encoding"] ?? ""), file);
  const coding = answer.headers["content-encoding"] ?? "";
  if (coding !== due) return `coded as "${coding}" instead of "${due}"`;
  return decoded(answer).equals(file.bytes) ? undefined : "another body";
}

/** CF-DG "Serve compressed files": Brotli before gzip, text from 1,000 bytes on. */
function codingDue(accepted: string, { isText, bytes }: SiteFile): string {
  if (!isText || bytes.length < 1000) return "";
  if (accepted.includes("br")) return "br";
  return accepted.includes("gzip") ? "gzip" : "";
}

function decoded({ headers, body }: Answer): Buffer {
  if (body.length === 0) return body;
  switch (headers["content-encoding"]) {
    case "br":
      return brotliDecompressSync(body);
    case "gzip":
      return gunzipSync(body);
    default:
      return body;
  }
}

function opaque(etag: string | undefined): string | undefined {
  return etag?.replace(/^W\//, "");
}
