import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { checkLinks, isOffline, type Outcome } from "../../site/lib/external/check-links.ts";

type Reply = [status: number, headers?: Record<string, string>] | "silence" | "cut";

const REPLIES: Readonly<
  Record<string, (request: { readonly method: string; readonly tries: number }) => Reply>
> = {
  "/silent": () => "silence",
  "/cut": () => "cut",
  "/no-head": ({ method }) => [method === "HEAD" ? 405 : 200],
  "/moved": () => [301, { location: "/fine" }],
  "/for-now": () => [302, { location: "/fine" }],
  "/loop": () => [301, { location: "/loop" }],
  "/busy": ({ tries }) => [tries < 3 ? 429 : 200, { "retry-after": "0" }],
  "/flaky": ({ tries }) => [tries < 3 ? 503 : 200],
  "/down": () => [500],
  "/private": () => [403],
};

describe("A link to another site", () => {
  let server: Server;
  let origin: string;
  let asked: string[] = [];
  let atOnce = 0;
  let most = 0;

  beforeAll(async () => {
    server = createServer((request, response) => {
      const { method = "", url = "" } = request;
      asked.push(`${method} ${url}`);
      atOnce += 1;
      most = Math.max(most, atOnce);
      response.once("close", () => {
        atOnce -= 1;
      });
      const tries = asked.filter((line) => line.endsWith(` ${url}`)).length;
      const reply = REPLIES[url] ?? ((): Reply => [url.startsWith("/fine") ? 200 : 404]);
      const answer = reply({ method, tries });
      if (answer === "cut") request.socket.destroy();
      if (Array.isArray(answer)) response.writeHead(answer[0], answer[1]).end();
    });
    await once(server.listen(0, "127.0.0.1"), "listening");
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  beforeEach(() => {
    asked = [];
    most = 0;
  });
  afterAll(() => {
    server.closeAllConnections();
    server.close();
  });

  async function outcomes(...paths: readonly string[]): Promise<readonly Outcome[]> {
    const links = paths.map((path) => ({ url: origin + path, spots: [{ file: "a.md", line: 1 }] }));
    const ignored = [{ prefix: `${origin}/ignored/`, because: "a test" }];
    const { results } = await checkLinks(links, { ignored, timeout: 300, pause: 5 });
    return results.map(({ outcome }) => outcome);
  }

  test.each<[path: string, outcome: object, requests: number]>([
    ["/fine", { kind: "fine" }, 1],
    ["/no-head", { kind: "fine" }, 2],
    ["/private", { kind: "fine" }, 2],
    ["/for-now", { kind: "fine" }, 2],
    ["/busy", { kind: "fine" }, 3],
    ["/none", { kind: "broken", why: "answers 404" }, 2],
    ["/loop", { kind: "broken", why: "is redirected more than 5 times" }, 12],
    ["/down", { kind: "broken", why: "answers 500, 3 times" }, 6],
    ["/silent", { kind: "broken", why: "does not answer in time, 3 times" }, 3],
  ])("%s is %o after as few requests as it takes", async (path, outcome, requests) => {
    expect(await outcomes(path)).toEqual([outcome]);
    expect(asked.length).toBeLessThanOrEqual(requests);
  });

  test("that has moved for good is told its new address", async () => {
    expect(await outcomes("/moved")).toEqual([{ kind: "moved", to: `${origin}/fine` }]);
  });

  test("whose server hangs up, or is not there, is broken", async () => {
    const [cut] = await outcomes("/cut");
    expect(cut).toMatchObject({ kind: "broken", why: expect.stringMatching(/^cannot be reached/) });
    const gone = [{ url: "http://127.0.0.1:1/", spots: [] }];
    const { results } = await checkLinks(gone, { ignored: [], timeout: 300, pause: 5 });
    expect(results[0]?.outcome).toMatchObject({ kind: "broken" });
  });

  test("is not to blame where no host answers, only where another one does", async () => {
    const links = ["http://127.0.0.1:1/", "http://127.0.0.1:2/", `${origin}/none`];
    const check = (urls: readonly string[]) =>
      checkLinks(
        urls.map((url) => ({ url, spots: [] })),
        { ignored: [], timeout: 300, pause: 5 },
      );
    expect(isOffline(await check(links.slice(0, 2)))).toBe(true);
    expect(isOffline(await check(links))).toBe(false);
    expect(isOffline(await check(links.slice(0, 1)))).toBe(false);
    expect(isOffline(await check([]))).toBe(false);
  });

  test("on the list of exceptions is not asked", async () => {
    expect(await outcomes("/ignored/x")).toEqual([{ kind: "ignored", because: "a test" }]);
    expect(asked).toEqual([]);
  });

  test("to one host is asked one at a time, in the order of the report", async () => {
    const paths = Array.from({ length: 6 }, (_, n) => `/fine/${n}`);
    expect(await outcomes(...paths)).toEqual(paths.map(() => ({ kind: "fine" })));
    expect(most).toBe(1);
  });
});
