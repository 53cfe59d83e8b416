import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createCertificates } from "../../../deploy/aws/domain/certificates.ts";
import { createAcmClient } from "../../../deploy/aws/domain/clients.ts";
import { closeServer, listenOnLoopback } from "../../../deploy/local/edge/loopback-server.ts";
import { failureOf } from "../../support/failure.ts";

/** The adapter against answers that moto does not give: pages, key types, delays, quotas. */

type Answer = { readonly status?: number; readonly body: object };
type Request = { readonly operation: string; readonly body: Readonly<Record<string, unknown>> };

const ARN = "arn:aws:acm:us-east-1:111122223333:certificate/1";
const NAMES = ["www.example.com", "example.com"];

describe("ACM", () => {
  let server: Server | undefined;
  const requests: Request[] = [];

  afterEach(async () => {
    requests.length = 0;
    if (server !== undefined) await closeServer(server, 0);
  });

  /** Gives these answers in order, the last one for ever. */
  async function certificatesThatAnswer(...answers: readonly Answer[]) {
    let next = 0;
    server = createServer((request, response) => {
      let text = "";
      request.setEncoding("utf8").on("data", (part: string) => {
        text += part;
      });
      request.on("end", () => {
        const operation = String(request.headers["x-amz-target"]).split(".")[1] ?? "";
        requests.push({ operation, body: JSON.parse(text) });
        const { status = 200, body = {} } = answers[Math.min(next++, answers.length - 1)] ?? {};
        response.writeHead(status, { "content-type": "application/x-amz-json-1.1" });
        response.end(JSON.stringify(body));
      });
    });
    const endpoint = await listenOnLoopback(server, 0);
    const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
    return createCertificates(createAcmClient({ endpoint, credentials }, "us-east-1"));
  }

  it("is asked for every key type, page by page, and for the details of related ones only", async () => {
    const summary = (arn: string, DomainName: string, more: readonly string[] = []) => ({
      CertificateArn: arn,
      DomainName,
      SubjectAlternativeNameSummaries: more,
    });
    const certificates = await certificatesThatAnswer(
      { body: { CertificateSummaryList: [summary("a", "other.example")], NextToken: "2" } },
      { body: { CertificateSummaryList: [summary("b", "x.example", ["*.example.com"])] } },
      {
        body: {
          Certificate: {
            CertificateArn: "b",
            DomainName: "x.example",
            SubjectAlternativeNames: ["x.example", "*.example.com"],
            Status: "FAILED",
            FailureReason: "CAA_ERROR",
            KeyAlgorithm: "EC-prime256v1",
            CreatedAt: 1_795_000_000,
            DomainValidationOptions: [
              {
                DomainName: "x.example",
                ResourceRecord: { Name: "_v.x.example.", Type: "CNAME", Value: "_p." },
              },
              { DomainName: "*.example.com" },
            ],
          },
        },
      },
    );
    expect(await certificates.listFor(NAMES)).toEqual([
      {
        arn: "b",
        names: ["x.example", "*.example.com"],
        status: "failed",
        failure: "CAA_ERROR",
        validation: [{ name: "_v.x.example.", value: "_p." }],
        requestedAt: new Date(1_795_000_000_000),
        notAfter: undefined,
        inUseBy: [],
        keyAlgorithm: "EC_prime256v1",
      },
    ]);
    expect(requests.map(({ operation }) => operation)).toEqual([
      "ListCertificates",
      "ListCertificates",
      "DescribeCertificate",
    ]);
    const keyTypes = expect.arrayContaining(["RSA_4096", "EC_prime256v1"]);
    expect(requests[0]?.body).toMatchObject({ Includes: { keyTypes } });
    expect(requests[1]?.body).toMatchObject({ NextToken: "2" });
  });

  it("gets the same token for the same names in any order, and another for another attempt", async () => {
    const certificates = await certificatesThatAnswer({ body: { CertificateArn: ARN } });
    const tags = { "slipway:site": "example" };
    expect(await certificates.request({ names: NAMES, attempt: 0, tags })).toBe(ARN);
    await certificates.request({ names: NAMES.toReversed(), attempt: 0, tags });
    await certificates.request({ names: NAMES, attempt: 1, tags });
    const [first, reversed, again] = requests.map(({ body }) => String(body.IdempotencyToken));
    expect(first).toMatch(/^\w{1,32}$/);
    expect(reversed).toBe(first);
    expect(again).not.toBe(first);
    expect(requests[0]?.body).toMatchObject({
      DomainName: "www.example.com",
      SubjectAlternativeNames: ["example.com"],
      ValidationMethod: "DNS",
      Tags: [{ Key: "slipway:site", Value: "example" }],
    });
  });

  it("is not asked again when its quota is reached, and what to do is said", async () => {
    const body = { __type: "LimitExceededException", message: "you have 20 certificates" };
    const certificates = await certificatesThatAnswer({ status: 400, body });
    const { kind, text } = await failureOf(
      certificates.request({ names: NAMES, attempt: 0, tags: {} }),
    );
    expect({ kind, ...text }).toMatchObject({
      kind: "cloud",
      why: expect.stringContaining("you have 20 certificates"),
      next: expect.stringContaining("Service Quotas"),
    });
    expect(requests).toHaveLength(1);
  });

  it("is asked again when it is throttled", async () => {
    const certificates = await certificatesThatAnswer(
      { status: 400, body: { __type: "ThrottlingException", message: "slow down" } },
      { body: { CertificateArn: ARN } },
    );
    expect(await certificates.request({ names: NAMES, attempt: 0, tags: {} })).toBe(ARN);
  });

  it("has no certificate where there is none", async () => {
    const body = { __type: "ResourceNotFoundException", message: "none" };
    const certificates = await certificatesThatAnswer({ status: 400, body });
    expect(await certificates.find(ARN)).toBeUndefined();
  });
});
