import { describe, expect, it } from "vitest";
import { judgeAnswer, proofRequests } from "../../../deploy/core/domain/proof.ts";

const NAMES = ["www.example.com", "example.com"];
const HOME = "https://www.example.com/";
const edge = { "x-amz-cf-id": "abc" };

describe("the proof of a name", () => {
  const [page, also, http] = proofRequests("www.example.com", NAMES);

  it("asks the canonical name by https and http, and the others by https", () => {
    expect([page?.url, also?.url, http?.url]).toEqual([
      HOME,
      "https://example.com/",
      "http://www.example.com/",
    ]);
  });

  it.each([
    ["the page", page, { status: 200, headers: edge }, "as-wanted", ""],
    ["nothing published", page, { status: 404, headers: edge }, "other-answer", "slipway deploy"],
    ["a forbidden page", page, { status: 403, headers: edge }, "other-answer", "slipway deploy"],
    ["a fault", page, { status: 503, headers: edge }, "other-answer", "slipway doctor"],
    ["a server that is not CloudFront", page, { status: 200, headers: {} }, "other-server", "Wait"],
    [
      "CloudFront by its Via header",
      page,
      { status: 200, headers: { via: "1.1 abc.cloudfront.net (CloudFront)" } },
      "as-wanted",
      "",
    ],
    ["the redirect", also, { status: 301, headers: { ...edge, location: HOME } }, "as-wanted", ""],
    [
      "the redirect without the slash",
      also,
      { status: 301, headers: { ...edge, location: "https://www.example.com" } },
      "as-wanted",
      "",
    ],
    [
      "the page in place of the redirect",
      also,
      { status: 200, headers: edge },
      "other-answer",
      "slipway deploy",
    ],
    [
      "a redirect elsewhere",
      also,
      { status: 301, headers: { ...edge, location: "https://other.example/" } },
      "other-answer",
      "slipway deploy",
    ],
    ["http that stays http", http, { status: 200, headers: edge }, "other-answer", "slipway setup"],
  ] as const)("judges %s", (_, request, answer, kind, next) => {
    if (request === undefined) throw new Error("no request");
    const proof = judgeAnswer(request, answer);
    expect({ kind: proof.kind, next: proof.next }).toEqual({
      kind,
      next: expect.stringContaining(next),
    });
  });
});
