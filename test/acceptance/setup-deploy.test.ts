import { createServer, type Server } from "node:http";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import type { AnsweredRequest } from "../../deploy/local/edge/aws-listener.ts";
import { type LocalEdge, startLocalEdge } from "../../deploy/local/edge/local-edge.ts";
import { closeServer, listenOnLoopback } from "../../deploy/local/edge/loopback-server.ts";
import { type CliResult, runCli } from "../support/cli-process.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { send } from "../support/http-client.ts";
import { type IdentityServer, startIdentityServer } from "../support/identity-server.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { configText, createTinyProject, type TempProject } from "../support/temp-project.ts";

/**
 * A site's life from an empty account on, told in order, with no id in the config. The local edge
 * plays S3 and CloudFront behind one endpoint, so what setup made is asked over HTTP and its rules
 * really run; the edge has no STS, so a server of ours says whose account it is.
 */

const ACCOUNT = "000000000000";
const BUCKET = "from-nothing";
const REGION = "eu-west-1";
const NAME = "www.from-nothing.example";
const SECURITY = {
  "strict-transport-security": expect.stringContaining("max-age="),
  "x-content-type-options": "nosniff",
};

const requests: AnsweredRequest[] = [];
let edge: LocalEdge;
let identity: IdentityServer;
let front: Server;
let dns: DnsServer;
let project: TempProject;
/** The new distribution's name; the edge has one of its own that answers for every other. */
let host = "";

describe.skipIf(!runsSlow("a site from an empty account on takes 20 s"))(
  "a site from an empty account on",
  { timeout: 60_000 },
  () => {
    beforeAll(async () => {
      project = await createTinyProject({
        "index.html": "<h1>Home</h1>",
        "about/index.html": "<h1>About</h1>",
        "404.html": "<h1>Not here</h1>",
        _redirects: "/old /about/\n",
      });
      [identity, dns, edge] = await Promise.all([
        startIdentityServer(ACCOUNT),
        startDnsServer({ [NAME]: { kind: "records", a: ["127.0.0.1"] } }),
        startLocalEdge({
          directory: project.path("edge"),
          viewerPort: 0,
          apiPort: 0,
          bucket: "of-the-edge",
          distributionId: "E0OFTHEEDGE",
          region: REGION,
          invalidationDelayMs: 10,
          deploymentMs: 10,
          onApiRequest: (request) => requests.push(request),
        }),
      ]);
      // What DNS does at AWS: whoever asks this address means the new distribution.
      front = createServer(async (request, response) => {
        const { status, headers, body } = await send(edge.viewerUrl, request.url ?? "/", {
          headers: { host },
        });
        response.writeHead(status, headers).end(body);
      });
      const { port } = new URL(await listenOnLoopback(front, 0));
      const url = `http://${NAME}:${port}`;
      const live = {
        ...{ kind: "aws", bucket: BUCKET, region: REGION, account: ACCOUNT, url },
        ...{ endpoint: edge.apiUrl, cdnEndpoint: edge.apiUrl },
      };
      await project.write("slipway.config.ts", configText({ live }));
    });
    afterAll(async () => {
      if (front !== undefined) await closeServer(front);
      await edge?.close();
      await dns?.close();
      await identity?.close();
      await project?.dispose();
    });
    beforeEach(() => {
      requests.length = 0;
    });

    it("has nothing that could be deployed to", async () => {
      expect((await slipway("deploy")).exitCode).toBe(6);
      expect(await slipway("doctor")).toMatchObject({ exitCode: 4 });
    });

    it("is set up", async () => {
      const { exitCode, stdout, stderr } = await slipway("setup");
      expect([exitCode, stderr]).toEqual([0, expect.anything()]);
      const document = JSON.parse(stdout);
      expect(document).toMatchObject({ command: "setup", kind: "done", account: ACCOUNT });
      host = document.place.domainName;
    });

    it("is deployed, with its rules, to the distribution that setup made", async () => {
      expect(JSON.parse((await slipway("deploy", "--wait")).stdout)).toMatchObject({
        exitCode: 0,
        kind: "released",
      });
      expect(await answer("/")).toMatchObject({ status: 200, text: "<h1>Home</h1>" });
      expect((await answer("/")).headers).toMatchObject(SECURITY);
      expect(await answer("/about/")).toMatchObject({ status: 200, text: "<h1>About</h1>" });
      expect(await answer("/about")).toMatchObject({
        status: 301,
        headers: { location: "/about/" },
      });
      expect(await answer("/old")).toMatchObject({ status: 301, headers: { location: "/about/" } });
      const missing = await answer("/nobody/");
      expect(missing).toMatchObject({ status: 404, text: "<h1>Not here</h1>" });
      expect(missing.headers).toMatchObject(SECURITY);
      expect((await answer("/.slipway/manifest.json")).status).not.toBe(200);
    });

    it("costs two reads when there is nothing to deploy", async () => {
      expect(JSON.parse((await slipway("deploy")).stdout).kind).toBe("nothing-to-do");
      expect(requests.map(({ operation }) => operation)).toEqual(["GetObject", "GetObject"]);
    });

    it("goes back to the release before, rules included", async () => {
      await project.write("_site/index.html", "<h1>Second</h1>");
      await project.write("_site/_redirects", "/older /about/\n");
      expect(await slipway("deploy", "--wait")).toMatchObject({ exitCode: 0 });
      expect(await answer("/")).toMatchObject({ text: "<h1>Second</h1>" });
      expect(await answer("/older")).toMatchObject({ status: 301 });
      expect(await slipway("rollback", "--wait")).toMatchObject({ exitCode: 0 });
      expect(await answer("/")).toMatchObject({ text: "<h1>Home</h1>" });
      expect(await answer("/old")).toMatchObject({ status: 301 });
      expect(await answer("/older/")).toMatchObject({ status: 404 });
    });

    it("is found healthy, with nothing bad", async () => {
      const { exitCode, stdout } = await slipway("doctor", "--resolver", dns.address);
      const { checks } = JSON.parse(stdout);
      expect(checks.filter(({ kind }: { kind: string }) => kind === "bad")).toEqual([]);
      expect(exitCode).toBe(0);
      expect(requests.filter(({ method }) => !["GET", "HEAD"].includes(method))).toEqual([]);
    });

    it("needs no further set-up, and the deployed rules stay in force after one", async () => {
      const { exitCode, stdout } = await slipway("setup");
      expect([exitCode, JSON.parse(stdout)]).toEqual([
        0,
        expect.objectContaining({ kind: "nothing-to-do", steps: [] }),
      ]);
      expect(requests.filter(({ method }) => !["GET", "HEAD"].includes(method))).toEqual([]);
      expect(await answer("/old")).toMatchObject({ status: 301 });
    });
  },
);

async function slipway(...args: readonly string[]): Promise<CliResult> {
  const { accessKeyId, secretAccessKey } = edge.credentials;
  const env = {
    AWS_ACCESS_KEY_ID: accessKeyId,
    AWS_SECRET_ACCESS_KEY: secretAccessKey,
    AWS_ENDPOINT_URL_STS: identity.url,
  };
  return await runCli(project.root, [...args, "--env", "live", "--yes", "--json"], { env });
}

async function answer(path: string) {
  return await send(edge.viewerUrl, path, { headers: { host } });
}
