import { mkdtemp, rm } from "node:fs/promises";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { createProbe, type ProbeOptions } from "../../deploy/local/probe.ts";
import { type DnsServer, startDnsServer } from "../support/dns-server.ts";
import { failureOf } from "../support/failure.ts";
import { isInstalled } from "../support/installed-programs.ts";
import { makeCertificate } from "../support/test-authority.ts";

/** Requests by name, as a visitor makes them, to servers on loopback with a certificate of their own. */
describe.skipIf(!isInstalled("openssl"))("a visit", () => {
  let folder: string;
  let dns: DnsServer;
  let servers: readonly Server[];
  let options: ProbeOptions;

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), "slipway-probe-"));
    const pair = await makeCertificate(folder, ["www.example.com"]);
    const here = { kind: "records", a: ["127.0.0.1"] } as const;
    dns = await startDnsServer({ "www.example.com": here, "other.example.com": here });
    const secure = createHttpsServer(pair, (request, response) => {
      if (request.url === "/slow") return;
      if (request.url === "/large") return void response.end("x".repeat(1_000_000));
      response.writeHead(200, { "x-amz-cf-id": "abc", "Set-Cookie": ["a=1", "b=2"] });
      response.end(`hello ${request.headers.host}`);
    });
    const plain = createHttpServer((request, response) => {
      response.writeHead(301, { location: `https://${request.headers.host}/` }).end();
    });
    servers = [secure, plain];
    const [https = 0, http = 0] = await Promise.all(servers.map(listen));
    options = { resolvers: [dns.address], ports: { https, http }, authority: pair.cert };
  });

  afterAll(async () => {
    for (const server of servers ?? []) {
      server.closeAllConnections();
      server.close();
    }
    await dns?.close();
    await rm(folder, { recursive: true, force: true });
  });

  it("gives status, headers and the beginning of the body", async () => {
    const answer = await createProbe(options).get("https://www.example.com/");
    expect(answer).toMatchObject({ status: 200, body: "hello www.example.com" });
    expect(answer.headers).toMatchObject({ "x-amz-cf-id": "abc", "set-cookie": "a=1, b=2" });
    const large = await createProbe(options).get("https://www.example.com/large");
    expect(large.body).toHaveLength(64 * 1024);
  });

  it("follows no redirect", async () => {
    const answer = await createProbe(options).get("http://www.example.com/");
    expect(answer).toMatchObject({
      status: 301,
      headers: { location: "https://www.example.com/" },
    });
  });

  it("asks the port that the address names", async () => {
    const { https, http } = options.ports ?? { https: 0, http: 0 };
    const probe = createProbe({ ...options, ports: undefined });
    const secure = await probe.get(`https://www.example.com:${https}/`);
    expect(secure.body).toBe(`hello www.example.com:${https}`);
    const plain = await probe.get(`http://www.example.com:${http}/`);
    expect(plain.headers.location).toBe(`https://www.example.com:${http}/`);
  });

  it.each([
    ["a name that leads nowhere", "https://no-such-name.example/", {}, "no record leads anywhere"],
    ["a certificate for other names", "https://other.example.com/", {}, "for other names"],
    [
      "a certificate that nobody trusts",
      "https://www.example.com/",
      { authority: undefined },
      "not to be trusted",
    ],
    [
      "a port where nobody listens",
      "http://www.example.com/",
      { ports: { https: 9, http: 9 } },
      "ECONNREFUSED",
    ],
    ["no answer in time", "https://www.example.com/slow", { patience: 200 }, "no answer in time"],
  ])("explains %s", async (_, url, change: Partial<ProbeOptions>, why) => {
    const { kind, text } = await failureOf(createProbe({ ...options, ...change }).get(url));
    expect({ kind, why: text.why }).toEqual({ kind: "cloud", why: expect.stringContaining(why) });
  });
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return (server.address() as AddressInfo).port;
}
