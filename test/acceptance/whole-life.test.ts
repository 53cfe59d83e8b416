import { execFile } from "node:child_process";
import { createServer, type Server } from "node:http";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { doctor } from "../../deploy/commands/doctor.ts";
import { bringDomain } from "../../deploy/commands/domain.ts";
import type { DomainProof } from "../../deploy/core/domain/results.ts";
import type { ProgressEvent } from "../../deploy/core/progress.ts";
import type { NameLookup, Probe } from "../../deploy/estate-ports.ts";
import { createSlipway } from "../../deploy/library.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { localProcesses } from "../../deploy/local/machine.ts";
import { createNameLookup } from "../../deploy/local/name-lookup.ts";
import { createProbe } from "../../deploy/local/probe.ts";
import { gzipCodec } from "../../deploy/local/record-codec.ts";
import { systemClock } from "../../deploy/local/system-clock.ts";
import { examineAws } from "../../deploy/wiring/doctor-ports.ts";
import { connectDomain, distributionOf } from "../../deploy/wiring/domain-ports.ts";
import { connect, inAws } from "../../deploy/wiring/target.ts";
import { type CliResult, runCli } from "../support/cli-process.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { send } from "../support/http-client.ts";
import { type IdentityServer, startIdentityServer } from "../support/identity-server.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { type Moto, startMoto } from "../support/moto.ts";
import {
  type RoutedRequest,
  type ServiceRouter,
  startServiceRouter,
} from "../support/service-router.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";
import { makeCertificate } from "../support/test-authority.ts";

/**
 * A site's whole life in one account, told in order: from nothing to its own names, and read back with
 * the AWS CLI. Every service has the same address, and a router gives each request to who plays it:
 * - s3, cloudfront, cloudfront-keyvaluestore: the local edge, whose signatures, rules and https are
 *   real. moto has neither functions, stores nor headers policies, and serves no visitor.
 * - acm, route53: moto, which issues a certificate without a look at DNS.
 * - sts: a server of ours, so that moto and the edge are one account.
 * DNS is a server of ours that says what moto's zone holds, with this machine as CloudFront's address.
 * What visitors meet by https is the edge itself, under a certificate of openssl's: what ACM holds has no
 * key. What they meet by http is the edge too, but for the port in where it sends them on.
 */

/** That of the local edge's ARNs. */
const ACCOUNT = "000000000000";
const BUCKET = "whole-life";
const NAMES = ["www.example.com", "example.com"] as const;
const [CANONICAL, OTHER] = NAMES;
const HOME = `https://${CANONICAL}/`;
const READS: ReadonlySet<string> = new Set(["GET", "HEAD"]);
const run = promisify(execFile);
const NOTHING_TO_DO = { kind: "nothing-to-do", steps: [] };

const installed = ["moto_server", "aws", "openssl"].map(isInstalled).every(Boolean);
const runs = runsSlow("a site's whole life takes 45 s") && installed;

type RecordSet = {
  readonly Name: string;
  readonly Type: string;
  readonly AliasTarget?: { readonly DNSName: string };
  readonly ResourceRecords?: readonly { readonly Value: string }[];
};

describe.skipIf(!runs)(
  "a site from an empty account to its own names",
  { timeout: 120_000 },
  () => {
    let moto: Moto;
    let edge: LocalEdge;
    let identity: IdentityServer;
    let router: ServiceRouter;
    let dns: DnsServer;
    let project: TempProject;
    let plain: Server;
    let probe: Probe;
    let zone: string;
    let distribution: string;
    let domainName: string;
    const withIpv6 = new Set<string>();
    let keys: Readonly<Record<string, string>>;

    beforeAll(async () => {
      Object.assign(process.env, { MOTO_ACM_VALIDATION_WAIT: "1", MOTO_ACCOUNT_ID: ACCOUNT });
      project = await createTinyProject({
        "index.html": "<h1>Home</h1>",
        "about/index.html": "<h1>About</h1>",
        "404.html": "<h1>Not here</h1>",
      });
      const pair = await makeCertificate(project.root, NAMES);
      [moto, identity, dns, edge] = await Promise.all([
        startMoto(),
        startIdentityServer(ACCOUNT),
        startDnsServer(),
        startLocalEdge({
          directory: project.path("edge"),
          ...{ viewerPort: 0, apiPort: 0, tls: { ...pair, port: 0 } },
          ...{ bucket: "of-the-edge", distributionId: "E0OFTHEEDGE" },
          ...{ invalidationDelayMs: 10, deploymentMs: 10 },
        }),
      ]);
      router = await startServiceRouter({
        ...{ s3: edge.apiUrl, cloudfront: edge.apiUrl, "cloudfront-keyvaluestore": edge.apiUrl },
        ...{ acm: moto.url, route53: moto.url, sts: identity.url },
      });
      const { accessKeyId, secretAccessKey } = edge.credentials;
      keys = {
        AWS_ACCESS_KEY_ID: accessKeyId,
        AWS_SECRET_ACCESS_KEY: secretAccessKey,
        AWS_ENDPOINT_URL_STS: router.url,
      };
      Object.assign(process.env, keys);
      const https = new URL(edge.secureViewerUrl ?? "").port;
      plain = createServer(async (request, response) => {
        const host = request.headers.host ?? "";
        const answer = await send(edge.viewerUrl, request.url ?? "/", { headers: { host } });
        const { location = "" } = answer.headers;
        const headers = { ...answer.headers, location: location.replace(`:${https}/`, "/") };
        response.writeHead(answer.status, headers).end(answer.body);
      });
      const http = new URL(await listenOnLoopback(plain, 0)).port;
      const ports = { https: Number(https), http: Number(http) };
      probe = createProbe({ resolvers: [dns.address], ports, authority: pair.cert });
      const live = {
        ...{ kind: "aws", bucket: BUCKET, region: "us-east-1", account: ACCOUNT },
        ...{ endpoint: router.url, cdnEndpoint: router.url },
        domain: { canonical: CANONICAL, also: [OTHER] },
      };
      await project.write("slipway.config.ts", configText({ live }));
      const reference = ["--name", "example.com", "--caller-reference", "a"];
      const made = await aws("route53", "create-hosted-zone", ...reference);
      zone = made.HostedZone.Id.replace("/hostedzone/", "");
      dns.names.set("example.com", { kind: "records", ns: made.DelegationSet.NameServers });
    }, 120_000);

    afterAll(async () => {
      for (const name of [
        "MOTO_ACM_VALIDATION_WAIT",
        "MOTO_ACCOUNT_ID",
        ...Object.keys(keys ?? {}),
      ]) {
        delete process.env[name];
      }
      if (plain !== undefined) await closeServer(plain);
      await router?.close();
      await Promise.all([edge?.close(), moto?.stop(), identity?.close(), dns?.close()]);
      await project?.dispose();
    });

    beforeEach(() => {
      router.requests.length = 0;
    });

    /** The AWS CLI, at the same address and with the same keys as Slipway. */
    async function aws(...args: readonly string[]) {
      const ours = { ...keys, AWS_ENDPOINT_URL: router.url, AWS_DEFAULT_REGION: "us-east-1" };
      const env = { ...process.env, ...ours, AWS_PAGER: "" };
      const { stdout } = await run("aws", [...args, "--output", "json"], { env });
      return JSON.parse(stdout || "{}");
    }

    const slipway = (...args: readonly string[]): Promise<CliResult> =>
      runCli(project.root, [...args, "--env", "live", "--yes", "--json"], { env: keys });

    async function records(): Promise<readonly RecordSet[]> {
      const listed = await aws("route53", "list-resource-record-sets", "--hosted-zone-id", zone);
      const sets: readonly RecordSet[] = listed.ResourceRecordSets;
      return sets.filter(({ Type }) => Type !== "NS" && Type !== "SOA");
    }

    /** What moto's zone holds becomes what the world sees. */
    async function publishZone(): Promise<void> {
      for (const { Name, Type, AliasTarget, ResourceRecords } of await records()) {
        const name = Name.replace(/\.$/, "");
        const known = { ...dns.names.get(name), kind: "records" } as const;
        if (Type === "CNAME") {
          dns.names.set(name, { ...known, cname: ResourceRecords?.[0]?.Value ?? "" });
        } else if (Type === "A" && AliasTarget?.DNSName === `${domainName}.`) {
          dns.names.set(name, { ...known, a: ["127.0.0.1"] });
        }
        if (Type === "AAAA" && AliasTarget?.DNSName === `${domainName}.`) withIpv6.add(name);
      }
    }

    /** Our DNS server knows no AAAA records: these are the zone's, told by hand. */
    function lookup(): NameLookup {
      const asked = createNameLookup([dns.address]);
      return {
        ...asked,
        addresses: async (name) => ({
          ...(await asked.addresses(name)),
          aaaa: withIpv6.has(name) ? ["::1"] : [],
        }),
      };
    }

    /** The command with its own wiring; visits and names alone are asked elsewhere. */
    async function bring() {
      const slipway = await createSlipway({ root: project.root, environment: "live" });
      const environment = inAws(slipway.environment);
      const events: ProgressEvent[] = [];
      const reporter = { report: (event: ProgressEvent) => events.push(event) };
      const ports = await connectDomain(environment, { resolvers: [dns.address] }, { reporter });
      const result = await bringDomain(
        {
          wanted: {
            ...{ canonical: CANONICAL, also: [OTHER], account: ACCOUNT },
            ...{ elsewhere: false, replace: false },
          },
          distribution: await distributionOf(environment, project.root),
          tags: { "slipway:site": "tiny", "slipway:environment": "live" },
          timeout: 100_000,
        },
        {
          ...ports,
          lookup: lookup(),
          probe: {
            async get(url) {
              await publishZone();
              return await probe.get(url);
            },
          },
          interruption: { requested: false },
          confirm: async () => true,
          confirmReplacement: async () => false,
        },
      );
      const deeds = events.flatMap((event) => (event.kind === "domain-done" ? [event.deed] : []));
      return { result, deeds };
    }

    async function examine() {
      const slipway = await createSlipway({ root: project.root, environment: "live" });
      const environment = inAws(slipway.environment);
      const { state, heads, watch } = await connect(environment, "");
      const place = { site: "tiny", name: "live", resolvers: [dns.address], watch };
      const { cloud, ...examination } = await examineAws(environment, place);
      if (cloud === undefined) throw new Error("the environment is in no cloud");
      const records = { codec: gzipCodec, clock: systemClock, processes: localProcesses };
      return await doctor(examination, {
        ...{ ...records, state, heads, probe },
        cloud: { ...cloud, lookup: lookup() },
      });
    }

    const writes = () => router.requests.filter((request) => !isRead(request));

    it("has nothing at first, and the doctor says so", async () => {
      const { exitCode, stdout } = await slipway("doctor", "--resolver", dns.address);
      expect(exitCode).toBe(4);
      expect(JSON.parse(stdout).checks).toContainEqual(
        expect.objectContaining({ id: "bucket", kind: "bad" }),
      );
    });

    it("is set up", async () => {
      const { exitCode, stdout, stderr } = await slipway("setup", "--wait");
      expect([exitCode, stderr]).toEqual([0, expect.anything()]);
      const { kind, account, place } = JSON.parse(stdout);
      expect({ kind, account }).toEqual({ kind: "done", account: ACCOUNT });
      distribution = place.id;
      domainName = place.domainName;
    });

    it("is deployed", async () => {
      const { exitCode, stdout } = await slipway("deploy", "--wait");
      expect([exitCode, JSON.parse(stdout).kind]).toEqual([0, "released"]);
    });

    it("gets its names, which visitors reach by https", async () => {
      const { result, deeds } = await bring();
      expect(result.kind === "live" ? proofsOf(result) : result).toEqual([
        [HOME, "200"],
        [`https://${OTHER}/`, `301 to ${HOME}`],
        [`http://${CANONICAL}/`, `301 to ${HOME}`],
      ]);
      expect(deeds).toEqual([
        ...["certificate-requested", "validation-written", "certificate-issued"],
        ...["names-attached", "addresses-written"],
      ]);
    });

    it("is found healthy, with every check made", async () => {
      const { healthy, checks } = await examine();
      expect(checks.filter(({ kind }) => kind === "bad")).toEqual([]);
      expect(healthy).toBe(true);
      // moto tells of no use of a certificate, and ACM renews only what is in use.
      expect(
        checks.filter(({ kind }) => kind !== "good").map(({ id, kind }) => [id, kind]),
      ).toEqual([["certificate-renewal", "warning"]]);
      expect(writes()).toEqual([]);
    });

    it("needs no further set-up", async () => {
      const { exitCode, stdout } = await slipway("setup");
      expect([exitCode, JSON.parse(stdout)]).toEqual([0, expect.objectContaining(NOTHING_TO_DO)]);
      expect(writes()).toEqual([]);
    });

    it("needs nothing more for its names", async () => {
      const before = await records();
      const { result, deeds } = await bring();
      expect([result.kind, deeds]).toEqual(["live", []]);
      expect(writes()).toEqual([]);
      expect(await records()).toEqual(before);
    });

    it("has nothing left to deploy", async () => {
      const { exitCode, stdout } = await slipway("deploy");
      expect([exitCode, JSON.parse(stdout).kind]).toEqual([0, "nothing-to-do"]);
      expect(writes()).toEqual([]);
    });

    it("is in the account as the AWS CLI reads it", async () => {
      const { CertificateSummaryList: certificates } = await aws("acm", "list-certificates");
      expect(certificates).toEqual([expect.objectContaining({ Status: "ISSUED" })]);
      const arn: string = certificates[0].CertificateArn;
      const described = await aws("acm", "describe-certificate", "--certificate-arn", arn);
      expect(described.Certificate.SubjectAlternativeNames.toSorted()).toEqual(NAMES.toSorted());

      const { Distribution } = await aws("cloudfront", "get-distribution", "--id", distribution);
      expect(Distribution).toMatchObject({
        Status: "Deployed",
        DomainName: domainName,
        DistributionConfig: {
          Enabled: true,
          Aliases: { Quantity: 2, Items: NAMES },
          ViewerCertificate: { ACMCertificateArn: arn, SSLSupportMethod: "sni-only" },
          DefaultCacheBehavior: {
            ViewerProtocolPolicy: "redirect-to-https",
            FunctionAssociations: { Quantity: 2 },
          },
        },
      });
      const written = await records();
      const aliases = written.filter(
        ({ AliasTarget }) => AliasTarget?.DNSName === `${domainName}.`,
      );
      expect(aliases.map(({ Type, Name }) => `${Type} ${Name}`).toSorted()).toEqual(
        ["A", "AAAA"].flatMap((type) => NAMES.toSorted().map((name) => `${type} ${name}.`)),
      );
      expect(written.filter(({ Type }) => Type === "CNAME")).toHaveLength(2);
      const { Status } = await aws("s3api", "get-bucket-versioning", "--bucket", BUCKET);
      expect(Status).toBe("Enabled");
    });
  },
);

function isRead({ service, method, target = "" }: RoutedRequest): boolean {
  return service === "sts" || READS.has(method) || /\.(?:List|Describe)/.test(target);
}

function proofsOf({ proofs }: { readonly proofs: readonly DomainProof[] }) {
  return proofs.map(({ url, got }) => [url, got]);
}
