import { describe, expect, it } from "vitest";
import { toFailure } from "../../deploy/aws/failure.ts";

describe("a refusal of names, certificates or records", () => {
  it.each([
    ["CNAMEAlreadyExists", 409, /another account/, /associate-alias/],
    ["InvalidViewerCertificate", 400, /does not take the certificate/, /us-east-1/],
    ["TooManyDistributionCNAMEs", 400, /used up/, /Service Quotas/],
    ["InvalidChangeBatch", 400, /refused the records/, /slipway domain again/],
    ["PriorRequestNotComplete", 400, /still busy/, /in a minute/],
    ["NoSuchHostedZone", 404, /is gone/, /anew/],
    ["LimitExceededException", 400, /quota of ACM/, /us-east-1/],
  ])("by %s is explained", (name, httpStatusCode, why, next) => {
    const error = Object.assign(new Error("told to"), { name, $metadata: { httpStatusCode } });
    const { text } = toFailure(error, { action: "some:Action", resource: "the thing" });
    expect(text.why).toMatch(why);
    expect(text.next).toMatch(next);
  });
});
