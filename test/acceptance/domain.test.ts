import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createCertificates } from "../../deploy/aws/domain/certificates.ts";
import { createAcmClient, createRoute53Client } from "../../deploy/aws/domain/clients.ts";
import { createDnsZones } from "../../deploy/aws/domain/dns-zones.ts";
import { connectEstate } from "../../deploy/aws/estate/connect-estate.ts";
import { bringDomain } from "../../deploy/commands/domain.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import { createNameLookup } from "../../deploy/local/name-lookup.ts";
import { createProbe } from "../../deploy/local/probe.ts";
import { systemClock } from "../../deploy/local/system-clock.ts";
import { type CliResult, launchCli, runCli } from "../support/cli-process.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { eventually } from "../support/eventually.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { createDistribution, type Moto, startMoto } from "../support/moto.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createTinyProject, type TempProject } from "../support/temp-project.ts";
import { makeCertificate } from "../support/test-authority.ts";

/**
 * The life of a site's names in an AWS that is not ours. moto holds certificates, records and the
 * distribution, and the AWS CLI reads them back. moto has no edge and no DNS: the names are served by a
 * DNS server of ours that knows what moto's zone holds, and visits go to a web server of ours.
 */

const BUCKET = "names-of-a-site";
const NAMES = ["www.example.com", "example.com"];
const installed = ["moto_server", "aws", "openssl"].map(isInstalled).every(Boolean);
const runs = runsSlow("the life of a site's names takes 30 s") && installed;

type RecordSet = {
  readonly Name: string;
  readonly Type: string;
  readonly AliasTarget?: { readonly DNSName: string; readonly HostedZoneId: string };
  readonly ResourceRecords?: readonly { readonly Value: string }[];
};

describe.skipIf(!runs)("a site's names in an AWS account", () => {
  let moto: Moto;
  let project: TempProject;
  let dns: DnsServer;
  let folder: string;
  let servers: readonly Server[] = [];
  let ports: { readonly https: number; readonly http: number };
  let authority: string;
  let distribution: string;
  let zone: string;

  beforeAll(async () => {
    // moto issues without a look at DNS, after this many seconds.
    process.env.MOTO_ACM_VALIDATION_WAIT = "1";
    folder = await mkdtemp(join(tmpdir(), "slipway-domain-"));
    [moto, project, dns] = await Promise.all([startMoto(), createTinyProject(), startDnsServer()]);
    distribution = await createDistribution(moto, BUCKET);
    const reference = ["--caller-reference", "a"];
    const made = await aws("route53", "create-hosted-zone", "--name", "example.com", ...reference);
    zone = made.HostedZone.Id.replace("/hostedzone/", "");
    // A second zone of the same name, and a private one: nobody in the world asks them.
    await aws("route53", "create-hosted-zone", "--name", "example.com", "--caller-reference", "b");
    const vpc = [
      "--vpc",
      "VPCRegion=us-east-1,VPCId=vpc-1",
      "--hosted-zone-config",
      "PrivateZone=true",
    ];
    await aws(
      "route53",
      "create-hosted-zone",
      "--name",
      "example.com",
      "--caller-reference",
      "c",
      ...vpc,
    );
    dns.names.set("example.com", { kind: "records", ns: made.DelegationSet.NameServers });
    const pair = await makeCertificate(folder, NAMES);
    authority = pair.cert;
    servers = startEdge(pair);
    const [https = 0, http = 0] = await Promise.all(servers.map(listen));
    ports = { https, http };
    const [canonical, ...also] = NAMES;
    const live = {
      ...{ kind: "aws", bucket: BUCKET, region: "eu-west-1", distribution },
      ...{ endpoint: moto.url, cdnEndpoint: moto.url, domain: { canonical, also } },
    };
    const command = ["node", "-e", "0"];
    const config = {
      site: { id: "names", build: command, dev: command, output: "_site" },
      environments: { live },
    };
    await project.write("slipway.config.ts", `export default ${JSON.stringify(config)};\n`);
  });

  afterAll(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      server.close();
    }
    await Promise.all([moto?.stop(), project?.dispose(), dns?.close()]);
    await rm(folder, { recursive: true, force: true });
  });

  async function aws(...args: readonly string[]) {
    return JSON.parse((await moto.aws(...args, "--output", "json")) || "{}");
  }

  async function recordsIn(id: string): Promise<readonly RecordSet[]> {
    const { ResourceRecordSets: sets }: { ResourceRecordSets: readonly RecordSet[] } = await aws(
      ...["route53", "list-resource-record-sets", "--hosted-zone-id", id],
    );
    return sets.filter(({ Type }) => Type !== "NS" && Type !== "SOA");
  }

  /** What the delegated zone holds becomes what the world sees; CloudFront's addresses are this machine. */
  async function publishZone(): Promise<void> {
    const { ns = [] } = { ns: [], ...dns.names.get("example.com") };
    dns.names.clear();
    dns.names.set("example.com", { kind: "records", ns });
    for (const { Name, Type, AliasTarget, ResourceRecords } of await recordsIn(zone)) {
      const name = Name.replace(/\.$/, "");
      const known = dns.names.get(name);
      const record = { kind: "records", ...known } as const;
      if (AliasTarget !== undefined && Type === "A") {
        dns.names.set(name, { ...record, kind: "records", a: ["127.0.0.1"] });
      } else if (Type === "CNAME") {
        const cname = ResourceRecords?.[0]?.Value ?? "";
        dns.names.set(name, { ...record, kind: "records", cname });
      }
    }
  }

  const slipway = (...args: readonly string[]): Promise<CliResult> =>
    runCli(project.root, [...args, "--env", "live", "--resolver", dns.address], { env: moto.env });

  /** The command with its real adapters; only a visit goes to other ports than a visitor's. */
  function bring(events: ProgressEvent[]) {
    const credentials = { accessKeyId: "AKIATEST", secretAccessKey: "secret" };
    const target = { endpoint: moto.url, credentials };
    const estate = connectEstate({
      aws: { region: "eu-west-1", checksums: "none", cdnEndpoint: moto.url, ...target },
      bucket: BUCKET,
    });
    const resolvers = [dns.address];
    const wanted = { elsewhere: false, replace: false, account: "123456789012" };
    const [canonical = "", ...also] = NAMES;
    return bringDomain(
      {
        wanted: { ...wanted, canonical, also },
        distribution,
        tags: { "slipway:site": "names" },
        timeout: 60_000,
      },
      {
        ...estate,
        // STS has no endpoint of its own in an address; what it says of moto's keys is known.
        account: { identity: async () => ({ id: "123456789012", arn: "arn:aws:iam::1:root" }) },
        certificates: createCertificates(createAcmClient(target, "us-east-1")),
        regional: createCertificates(createAcmClient(target, "eu-west-1")),
        zones: createDnsZones(createRoute53Client(target)),
        lookup: createNameLookup(resolvers),
        probe: createProbe({ resolvers, ports, authority }),
        clock: systemClock,
        reporter: { report: (event) => events.push(event) },
        interruption: { requested: false },
        confirm: async () => true,
        confirmReplacement: async () => false,
      },
    );
  }

  it("are refused while CAA records keep Amazon out, and nothing is made", async () => {
    const ns = dns.names.get("example.com");
    dns.names.set("example.com", {
      ...{ kind: "records", ...ns },
      caa: [{ tag: "issue", value: "letsencrypt.org" }],
      kind: "records",
    });
    const refused = await slipway("domain", "--yes", "--json");
    expect(refused.exitCode).toBe(4);
    const { blockers } = JSON.parse(refused.stdout);
    expect(blockers.map(({ rule }: { rule: string }) => rule)).toEqual(["caa", "caa"]);
    expect(
      (await aws("acm", "list-certificates", "--region", "us-east-1")).CertificateSummaryList,
    ).toEqual([]);
    dns.names.set("example.com", { kind: "records", ...ns });
  });

  it("are arranged by the command line, until Ctrl-C ends the wait for a visit that nobody answers here", async () => {
    const args = ["domain", "--yes", "--json", "--env", "live", "--resolver", dns.address];
    const cli = launchCli(project.root, args, { env: moto.env });
    await eventually(() => cli.output().stderr.includes("for the names to answer") || undefined, {
      seconds: 60,
      describe: () => cli.output().stderr,
    });
    const run = await cli.stop("SIGINT");
    expect(run.exitCode).toBe(5);
    const result = JSON.parse(run.stdout);
    expect(result).toMatchObject({ kind: "waiting", for: "visit", because: "interrupted" });

    const { CertificateSummaryList: certificates } = await aws(
      ...["acm", "list-certificates", "--region", "us-east-1"],
    );
    expect(certificates).toHaveLength(1);
    expect(certificates[0]).toMatchObject({ Status: "ISSUED" });
    const arn = ["--certificate-arn", certificates[0].CertificateArn];
    const described = await aws("acm", "describe-certificate", ...arn, "--region", "us-east-1");
    const { SubjectAlternativeNames } = described.Certificate;
    expect([...SubjectAlternativeNames].sort()).toEqual([...NAMES].sort());

    const stored = await aws("cloudfront", "get-distribution", "--id", distribution);
    const { Aliases, ViewerCertificate } = stored.Distribution.DistributionConfig;
    expect(Aliases).toEqual({ Quantity: 2, Items: NAMES });
    expect(ViewerCertificate).toMatchObject({
      ACMCertificateArn: certificates[0].CertificateArn,
      SSLSupportMethod: "sni-only",
      MinimumProtocolVersion: "TLSv1.2_2021",
    });

    const records = await recordsIn(zone);
    const aliases = records.filter(({ AliasTarget }) => AliasTarget !== undefined);
    expect(aliases.map(({ Name, Type }) => `${Type} ${Name}`).sort()).toEqual(
      ["A", "AAAA"].flatMap((type) => [...NAMES].sort().map((name) => `${type} ${name}.`)),
    );
    expect(new Set(aliases.map(({ AliasTarget }) => AliasTarget?.HostedZoneId))).toEqual(
      new Set(["Z2FDTNDATAQYW2"]),
    );
    expect(records.filter(({ Type }) => Type === "CNAME")).toHaveLength(2);
  }, 120_000);

  it("answer, and a second run makes nothing", async () => {
    await publishZone();
    const before = await recordsIn(zone);
    const events: ProgressEvent[] = [];
    const result = await bring(events);
    expect(result.kind).toBe("live");
    expect(result.kind === "live" && result.proofs.map(({ url, got }) => [url, got])).toEqual([
      ["https://www.example.com/", "200"],
      ["https://example.com/", "301 to https://www.example.com/"],
      ["http://www.example.com/", "301 to https://www.example.com/"],
    ]);
    expect(events.filter(({ kind }) => kind === "domain-done")).toEqual([]);
    expect(result.plan.notes.filter((note) => /zone/.test(note))).toHaveLength(2);
    expect(await recordsIn(zone)).toEqual(before);
  }, 60_000);

  it("have a status with the days that are left", async () => {
    const status = JSON.parse((await slipway("domain", "status", "--json")).stdout);
    expect(status).toMatchObject({ action: "status", daysLeft: 364 });
    const steps = status.steps.map(({ kind, state }: { kind: string; state: string }) => [
      kind,
      state,
    ]);
    expect(Object.fromEntries(steps)).toMatchObject({ attach: "done", addresses: "done" });
  }, 60_000);

  it("are taken away again, but for the certificate and its records", async () => {
    const run = await slipway("domain", "remove", "--yes", "--json");
    expect({ exitCode: run.exitCode, ...JSON.parse(run.stdout) }).toMatchObject({
      exitCode: 0,
      kind: "removed",
    });
    expect((await recordsIn(zone)).map(({ Type }) => Type)).toEqual(["CNAME", "CNAME"]);
    const stored = await aws("cloudfront", "get-distribution", "--id", distribution);
    const { Aliases, ViewerCertificate } = stored.Distribution.DistributionConfig;
    expect({ ...Aliases, ...ViewerCertificate }).toMatchObject({
      Quantity: 0,
      CloudFrontDefaultCertificate: true,
    });
    const { CertificateSummaryList } = await aws(
      "acm",
      "list-certificates",
      "--region",
      "us-east-1",
    );
    expect(CertificateSummaryList).toHaveLength(1);
  }, 60_000);
});

/** What the edges do for these names: https, the redirect to the canonical name, CloudFront's own id. */
function startEdge(pair: { readonly key: string; readonly cert: string }): readonly Server[] {
  const home = { location: "https://www.example.com/", "x-amz-cf-id": "abc" };
  const secure = createHttpsServer(pair, (request, response) => {
    const isCanonical = request.headers.host === NAMES[0];
    response.writeHead(isCanonical ? 200 : 301, isCanonical ? { "x-amz-cf-id": "abc" } : home);
    response.end();
  });
  const plain = createHttpServer((_, response) => void response.writeHead(301, home).end());
  return [secure, plain];
}

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return (server.address() as AddressInfo).port;
}
