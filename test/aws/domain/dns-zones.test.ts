import { createServer, type Server } from "node:http";
import { afterEach, describe, expect, it } from "vitest";
import { createRoute53Client } from "../../../deploy/aws/domain/clients.ts";
import { createDnsZones } from "../../../deploy/aws/domain/dns-zones.ts";
import { closeServer, listenOnLoopback } from "../../../deploy/local/edge/loopback-server.ts";
import { failureOf } from "../../support/failure.ts";

/** The adapter against answers that moto does not give: throttling, pages, escaped names. */

type Answer = { readonly status: number; readonly body: string };

const NAMESPACE = 'xmlns="https://route53.amazonaws.com/doc/2013-04-01/"';

function refusal(code: string): Answer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>told to</Message></Error>`;
  return { status: 400, body: `<ErrorResponse ${NAMESPACE}>${error}</ErrorResponse>` };
}

const CHANGED: Answer = {
  status: 200,
  body: `<ChangeResourceRecordSetsResponse ${NAMESPACE}><ChangeInfo><Id>/change/C1</Id><Status>PENDING</Status><SubmittedAt>2026-11-22T12:00:00Z</SubmittedAt></ChangeInfo></ChangeResourceRecordSetsResponse>`,
};

describe("Route 53", () => {
  let server: Server | undefined;
  const requests: string[] = [];

  afterEach(async () => {
    requests.length = 0;
    if (server !== undefined) await closeServer(server, 0);
  });

  /** Gives these answers in order, the last one for ever. */
  async function zonesThatAnswer(...answers: readonly Answer[]) {
    let next = 0;
    server = createServer((request, response) => {
      let body = "";
      request.setEncoding("utf8").on("data", (text: string) => {
        body += text;
      });
      request.on("end", () => {
        requests.push(`${request.method} ${request.url} ${body}`.trim());
        const answer = answers[Math.min(next++, answers.length - 1)];
        response.writeHead(answer?.status ?? 500, { "content-type": "text/xml" });
        response.end(answer?.body);
      });
    });
    const endpoint = await listenOnLoopback(server, 0);
    const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
    const pace = { turn: async () => {} };
    return createDnsZones(createRoute53Client({ endpoint, credentials }, pace));
  }

  const record = {
    name: "www.example.com.",
    type: "CNAME",
    content: { kind: "values", ttl: 300, values: ["d111.cloudfront.net."] },
  } as const;

  it.each(["Throttling", "PriorRequestNotComplete"])("is asked again after %s", async (code) => {
    const zones = await zonesThatAnswer(refusal(code), refusal(code), CHANGED);
    expect(await zones.change("Z1", [{ action: "CREATE", record }])).toBe("C1");
    expect(requests).toHaveLength(3);
    expect(new Set(requests).size).toBe(1);
  });

  it.each([
    [
      "in the envelope of all errors",
      refusal("InvalidChangeBatch").body.replace("told to", "[it already exists]"),
    ],
    [
      "in one of its own",
      `<InvalidChangeBatch ${NAMESPACE}><Messages><Message>it already exists</Message></Messages></InvalidChangeBatch>`,
    ],
  ])("is not asked again after it refused a batch, %s", async (_, body) => {
    const zones = await zonesThatAnswer({ status: 400, body });
    const { kind, text } = await failureOf(zones.change("Z1", [{ action: "CREATE", record }]));
    expect({ kind, ...text }).toMatchObject({
      kind: "cloud",
      why: expect.stringContaining("it already exists"),
      next: expect.stringContaining("reads them anew"),
    });
    expect(requests).toHaveLength(1);
  });

  it("gives the records of a name over pages, with what is escaped in names", async () => {
    const set = (name: string, inner: string) =>
      `<ResourceRecordSet><Name>${name}</Name>${inner}</ResourceRecordSet>`;
    const values =
      "<TTL>60</TTL><ResourceRecords><ResourceRecord><Value>192.0.2.1</Value></ResourceRecord></ResourceRecords>";
    const page = (sets: string, end: string): Answer => ({
      status: 200,
      body: `<ListResourceRecordSetsResponse ${NAMESPACE}><ResourceRecordSets>${sets}</ResourceRecordSets>${end}<MaxItems>300</MaxItems></ListResourceRecordSetsResponse>`,
    });
    const alias =
      "<AliasTarget><HostedZoneId>Z2FDTNDATAQYW2</HostedZoneId><DNSName>D111.cloudfront.net.</DNSName><EvaluateTargetHealth>false</EvaluateTargetHealth></AliasTarget>";
    const zones = await zonesThatAnswer(
      page(
        set("\\052.example.com.", `<Type>A</Type>${values}`),
        "<IsTruncated>true</IsTruncated><NextRecordName>\\052.example.com.</NextRecordName><NextRecordType>AAAA</NextRecordType>",
      ),
      page(
        set("\\052.example.com.", `<Type>AAAA</Type>${alias}`) +
          set(
            "\\052.example.com.",
            "<Type>TXT</Type><SetIdentifier>blue</SetIdentifier><Weight>1</Weight>",
          ) +
          set("www.example.com.", `<Type>A</Type>${values}`),
        "<IsTruncated>true</IsTruncated><NextRecordName>zzz.example.com.</NextRecordName>",
      ),
    );
    const name = "*.example.com.";
    expect(await zones.records("Z1", ["*.example.com"])).toEqual([
      { name, type: "A", content: { kind: "values", ttl: 60, values: ["192.0.2.1"] } },
      {
        name,
        type: "AAAA",
        content: { kind: "alias", target: "d111.cloudfront.net.", zone: "Z2FDTNDATAQYW2" },
      },
      { name, type: "TXT", content: { kind: "routed", setIdentifier: "blue" } },
    ]);
    expect(requests).toHaveLength(2);
    expect(requests[1]).toContain("type=AAAA");
  });

  it("lists zones over pages, with plain ids", async () => {
    const zone = (id: string, name: string, isPrivate: boolean) =>
      `<HostedZone><Id>/hostedzone/${id}</Id><Name>${name}</Name><CallerReference>a</CallerReference><Config><PrivateZone>${isPrivate}</PrivateZone></Config></HostedZone>`;
    const page = (zones: string, end: string): Answer => ({
      status: 200,
      body: `<ListHostedZonesByNameResponse ${NAMESPACE}><HostedZones>${zones}</HostedZones>${end}<MaxItems>1</MaxItems></ListHostedZonesByNameResponse>`,
    });
    const zones = await zonesThatAnswer(
      page(
        zone("Z1", "Example.COM.", false),
        "<IsTruncated>true</IsTruncated><NextDNSName>example.org.</NextDNSName><NextHostedZoneId>Z2</NextHostedZoneId>",
      ),
      page(zone("Z2", "example.org.", true), "<IsTruncated>false</IsTruncated>"),
    );
    expect(await zones.list()).toEqual([
      { id: "Z1", name: "example.com.", isPrivate: false },
      { id: "Z2", name: "example.org.", isPrivate: true },
    ]);
    expect(requests[1]).toContain("dnsname=example.org.&hostedzoneid=Z2");
  });
});
