import type { DomainProof } from "./results.ts";

/** A request that shows whether a name works, and what it should be answered with. */
export type ProofRequest = {
  readonly url: string;
  readonly expects:
    | { readonly kind: "page" }
    | { readonly kind: "redirect"; readonly to: string; readonly because: "canonical" | "https" };
};

/** As much of an answer as counts. Header names in lower case. */
export type VisitAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
};

/** The canonical name gives the page, the others lead to it, and plain http leads to https. */
export function proofRequests(
  canonical: string,
  names: readonly string[],
): readonly ProofRequest[] {
  const home = `https://${canonical}/`;
  return [
    { url: home, expects: { kind: "page" } },
    ...names
      .filter((name) => name !== canonical)
      .map((name): ProofRequest => {
        const expects = { kind: "redirect", to: home, because: "canonical" } as const;
        return { url: `https://${name}/`, expects };
      }),
    {
      url: `http://${canonical}/`,
      expects: { kind: "redirect", to: home, because: "https" },
    },
  ];
}

export function judgeAnswer({ url, expects }: ProofRequest, answer: VisitAnswer): DomainProof {
  const { status, headers } = answer;
  const location = headers.location === undefined ? "" : ` to ${headers.location}`;
  const got = `${status}${location}`;
  const wanted = expects.kind === "page" ? "200" : `301 to ${expects.to}`;
  if (!isCloudFront(headers)) {
    const next = "Wait until the old record has left the resolvers, then run it again.";
    return { url, kind: "other-server", got: `${got}, not by CloudFront`, wanted, next };
  }
  if (isWanted(expects, answer)) return { url, kind: "as-wanted", got, wanted, next: "" };
  return { url, kind: "other-answer", got, wanted, next: adviceFor(expects, status) };
}

/** A proof that came to nothing, with the reason. */
export function unanswered(
  { url, expects }: ProofRequest,
  { why, next }: { readonly why: string; readonly next: string },
): DomainProof {
  const wanted = expects.kind === "page" ? "200" : `301 to ${expects.to}`;
  return { url, kind: "no-answer", got: why, wanted, next };
}

/** CloudFront puts its own id on every answer, whoever made it. */
export function isCloudFront(headers: VisitAnswer["headers"]): boolean {
  return headers["x-amz-cf-id"] !== undefined || /\(CloudFront\)/i.test(headers.via ?? "");
}

function isWanted(expects: ProofRequest["expects"], { status, headers }: VisitAnswer): boolean {
  if (expects.kind === "page") return status === 200;
  return (status === 301 || status === 308) && sameUrl(headers.location ?? "", expects.to);
}

function sameUrl(a: string, b: string): boolean {
  return URL.canParse(a) && new URL(a).href === new URL(b).href;
}

function adviceFor(expects: ProofRequest["expects"], status: number): string {
  if (expects.kind === "page") {
    return status === 403 || status === 404
      ? "Nothing is published yet, or there is no home page: run slipway deploy."
      : "Look at what the site answers; slipway doctor examines the whole.";
  }
  return expects.because === "canonical"
    ? "Run slipway deploy: it publishes the redirect to the canonical name."
    : "Run slipway setup: it makes the distribution redirect to https.";
}
