import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { connect, type Socket } from "node:net";
import fc from "fast-check";
import type { FastifyInstance } from "fastify";
import { describe, expect, it } from "vitest";
import { StoreUnavailable } from "../../../api/store/store.ts";
import { NOON, openApi } from "../../support/api-fixture.ts";
import { runsSlow } from "../../support/slow-tests.ts";

const REGISTER = "/api/v1/registrations";
const GOOD = { email: "ada@example.com" };

/** What a refusal is, wherever it happens. */
function expectProblem(
  answer: { statusCode: number; headers: object; body: string },
  status: number,
) {
  expect(answer.statusCode, answer.body).toBe(status);
  const headers = answer.headers as Record<string, unknown>;
  expect(headers["content-type"]).toMatch(/^application\/problem\+json/);
  expect(headers["cache-control"]).toBe("no-store");
  const problem = JSON.parse(answer.body);
  expect(problem).toMatchObject({ status, type: expect.stringContaining("/api/openapi.json#") });
  expect(problem.instance).toBe(`urn:request:${headers["x-request-id"]}`);
  return problem;
}

describe("a body", () => {
  it.each([
    ["that is empty", "", 400],
    ["that is no JSON", "{", 400],
    ["that is no object", "[]", 400],
    ["that is null", "null", 400],
    ["without an address", "{}", 400],
    ["with a number for an address", '{"email":1}', 400],
    ["with a list for an address", '{"email":["ada@example.com"]}', 400],
    ["with an unknown field", '{"email":"ada@example.com","admin":true}', 400],
    ["that would change the prototype", '{"email":"ada@example.com","__proto__":{"x":1}}', 400],
    ["that would change the constructor", '{"constructor":{"prototype":{"x":1}}}', 400],
    ["with a huge address", JSON.stringify({ email: `${"a".repeat(400)}@example.com` }), 400],
    ["with a locale of another form", '{"email":"ada@example.com","locale":"../../etc"}', 400],
    ["of more than 16 KB", JSON.stringify({ email: "a".repeat(17_000) }), 413],
    ["whose address has no @", '{"email":"ada"}', 422],
    [
      "whose address breaks a header",
      '{"email":"ada@example.com\\r\\nBcc: eve@evil.example"}',
      422,
    ],
    ["whose address hides a second one", '{"email":"ada@example.com,eve@evil.example"}', 422],
    ["whose address is quoted", '{"email":"\\"a\\\\r\\\\nBcc:x\\"@example.com"}', 422],
    ["whose address has a NUL", '{"email":"ada\\u0000@example.com"}', 422],
  ])("%s is refused, and stores nothing", async (_name, body, status) => {
    const api = await openApi();
    expectProblem(await api.post(REGISTER, body), status);
    expect(await api.store.outbox.pending(10, new Date(NOON))).toEqual([]);
    expect(api.mails).toEqual([]);
  });

  it.each(["text/plain", "multipart/form-data; boundary=x", "application/xml", "nonsense", ""])(
    "of the kind %j is refused with 415",
    async (type) => {
      const api = await openApi();
      expectProblem(await api.post(REGISTER, "email=a", { "content-type": type }), 415);
    },
  );

  it("names the fields that are wrong, and repeats no value", async () => {
    const api = await openApi();
    const answer = await api.post(REGISTER, { email: "ada@example.com", secretField: "s3cret" });
    const problem = expectProblem(answer, 400);
    expect(problem.errors).toEqual([
      { field: "secretField", message: "must NOT have additional properties" },
    ]);
    expect(answer.body).not.toContain("s3cret");
  });
});

describe("an address on the web", () => {
  it("that does not exist is refused with 400, never 404: the CDN would put a page in its place", async () => {
    const api = await openApi();
    for (const url of [
      ...["/api/nothing", "/", "/api/v1/registrations/", "/api/../etc", "/api/%00", "/api/%zz"],
    ]) {
      expectProblem(await api.app.inject({ url }), 400);
    }
  });

  it("takes its own methods only, and names them", async () => {
    const api = await openApi();
    for (const method of ["GET", "PUT", "DELETE", "PATCH"] as const) {
      const answer = await api.app.inject({ method, url: REGISTER });
      expectProblem(answer, 405);
      expect(answer.headers.allow).toBe("POST");
    }
    const answer = await api.post("/api/livez", {});
    expectProblem(answer, 405);
  });
});

describe("the CDN's secret", () => {
  const SECRETS = ["first-secret-of-ours", "second-secret-of-ours"];

  it("lets in who brings one of the two, and nobody else, except to see whether it lives", async () => {
    const api = await openApi({ originSecrets: SECRETS });
    for (const secret of SECRETS) {
      const answer = await api.post(REGISTER, GOOD, { "x-origin-secret": secret });
      expect(answer.statusCode).toBe(202);
    }
    for (const secret of ["", "first", `${SECRETS[0]}x`, SECRETS.join(","), "é"]) {
      expectProblem(await api.post(REGISTER, GOOD, { "x-origin-secret": secret }), 421);
    }
    expectProblem(await api.post(REGISTER, GOOD), 421);
    expectProblem(await api.app.inject("/api/readyz"), 421);
    expectProblem(await api.app.inject("/api/nothing"), 421);
    expectProblem(await api.app.inject("/api/%zz"), 421);
    expect((await api.app.inject("/api/livez")).statusCode).toBe(200);
  });
});

describe("the rate limit", () => {
  const MINUTE = 60_000;
  const from = (remoteAddress: string, forwarded?: string) => ({
    method: "POST" as const,
    url: REGISTER,
    payload: GOOD,
    remoteAddress,
    headers: forwarded === undefined ? {} : { "x-forwarded-for": forwarded },
  });

  it("lets five through in a minute, and says when to come again", async () => {
    const api = await openApi();
    const codes = [];
    for (let at = 0; at < 7; at++) codes.push((await api.post(REGISTER, GOOD)).statusCode);
    expect(codes).toEqual([202, 202, 202, 202, 202, 429, 429]);
    const answer = await api.post("/api/v1/erasures", GOOD);
    expectProblem(answer, 429);
    expect(Number(answer.headers["retry-after"])).toBeGreaterThan(0);
    expect(Number(answer.headers["retry-after"])).toBeLessThanOrEqual(MINUTE / 1000);
    // Redeeming a code is counted for itself.
    expectProblem(await api.post("/api/v1/registrations/confirm", { token: "x" }), 410);
  });

  it("leads a form to the page that says so", async () => {
    const api = await openApi();
    const form = { "content-type": "application/x-www-form-urlencoded" };
    let last = "";
    for (let at = 0; at < 6; at++) {
      const { headers } = await api.post(REGISTER, "email=ada%40example.com", form);
      last = String(headers.location);
    }
    expect(last).toBe("/register/#too-often");
  });

  it("does not believe X-Forwarded-For when nobody is in front", async () => {
    const api = await openApi({ proxyHops: 0 });
    const codes = [];
    for (let at = 0; at < 6; at++) {
      codes.push((await api.app.inject(from("198.51.100.7", `203.0.113.${at}`))).statusCode);
    }
    expect(codes.at(-1)).toBe(429);
  });

  it("behind two proxies counts the visitor whom they name, whatever he puts before", async () => {
    const api = await openApi({ proxyHops: 2 });
    const visitor = (at: number) => `10.9.8.${at}, 203.0.113.5, 130.176.0.1`;
    const codes = [];
    for (let at = 0; at < 6; at++) {
      codes.push((await api.app.inject(from("10.1.1.1", visitor(at)))).statusCode);
    }
    expect(codes.at(-1)).toBe(429);
    const other = await api.app.inject(from("10.1.1.1", "203.0.113.6, 130.176.0.1"));
    expect(other.statusCode).toBe(202);
  });

  it("counts a household's IPv6 addresses as one", async () => {
    const api = await openApi();
    const codes = [];
    for (let at = 0; at < 6; at++) {
      codes.push((await api.app.inject(from(`2001:db8:1:2::${at + 1}`))).statusCode);
    }
    expect(codes.at(-1)).toBe(429);
    expect((await api.app.inject(from("2001:db8:1:3::1"))).statusCode).toBe(202);
  });
});

describe("a request id", () => {
  it("is kept when it is harmless, else made anew", async () => {
    const api = await openApi();
    const idOf = async (given: string) => {
      const answer = await api.app.inject({
        url: "/api/livez",
        headers: { "x-request-id": given },
      });
      return answer.headers["x-request-id"];
    };
    expect(await idOf("trace-me_12345678")).toBe("trace-me_12345678");
    for (const bad of ["short", "a".repeat(65), 'with "quotes"', "ümläut-ümläut"]) {
      expect(await idOf(bad)).toMatch(/^[0-9a-f-]{36}$/);
    }
  });
});

describe("the log", () => {
  it("has a line for each request and none of an address, a code or a secret", async () => {
    const api = await openApi();
    await api.post(
      REGISTER,
      { email: "ada.lovelace@example.com" },
      { authorization: "Bearer s3cret" },
    );
    const token = await api.token();
    await api.post("/api/v1/registrations/confirm", { token });
    await api.app.inject(`/api/v1/registrations/confirm?token=${token}`);
    await api.post(REGISTER, { email: "eve", token });
    const log = api.log.join("");
    expect(log).toContain('"statusCode":202');
    for (const secret of ["lovelace", "s3cret", token]) expect(log).not.toContain(secret);
  });
});

describe("a store that is away", () => {
  const away = async () => {
    throw new StoreUnavailable("PostgreSQL: connect ECONNREFUSED");
  };

  it("is said with 503 and when to try again, to readyz too; livez goes on", async () => {
    const users = { register: away, resend: away, askErasure: away, confirm: away, erase: away };
    const store = { users: { ...users, welcome: away }, outbox: {} as never, check: away };
    const api = await openApi({ store });
    for (const path of [REGISTER, `${REGISTER}/resend`, "/api/v1/erasures"]) {
      const answer = await api.post(path, GOOD);
      expectProblem(answer, 503);
      expect(answer.headers["retry-after"]).toBe("10");
      expect(answer.body).not.toContain("ECONNREFUSED");
    }
    for (const path of [`${REGISTER}/confirm`, "/api/v1/erasures/confirm"]) {
      expectProblem(await api.post(path, { token: "A".repeat(43) }), 503);
    }
    expectProblem(await api.app.inject("/api/readyz"), 503);
    expect((await api.app.inject("/api/livez")).statusCode).toBe(200);
  });

  it("and a fault of our own is said with 500, without its words", async () => {
    const broken = async () => {
      throw new Error("secret detail about ada@example.com");
    };
    const api = await openApi();
    const failing = await openApi({
      store: { ...api.store, users: { ...api.store.users, register: broken } },
    });
    const answer = await failing.post(REGISTER, GOOD);
    expectProblem(answer, 500);
    expect(answer.body).not.toContain("secret detail");
    expect(failing.log.join("")).toContain("secret detail about [address]");
  });
});

describe("readyz", () => {
  it("is degraded, with 200, while the broker is away, and counts what waits", async () => {
    const api = await openApi({ broker: () => "unreachable" });
    await api.post(REGISTER, GOOD);
    api.move(90_000);
    const answer = await api.app.inject("/api/readyz");
    expect([answer.statusCode, answer.json()]).toEqual([
      200,
      {
        status: "degraded",
        broker: "unreachable",
        outbox: { pending: 1, failing: 0, unroutable: 0, oldestSeconds: 90 },
      },
    ]);
  });
});

describe("openapi.json", () => {
  it("has every endpoint, its body and answers, and never a 403 or 404", async () => {
    const api = await openApi();
    const document = (await api.app.inject("/api/openapi.json")).json();
    expect(Object.keys(document.paths).sort()).toEqual([
      "/api/livez",
      "/api/readyz",
      "/api/v1/erasures",
      "/api/v1/erasures/confirm",
      "/api/v1/registrations",
      "/api/v1/registrations/confirm",
      "/api/v1/registrations/resend",
    ]);
    const { responses, requestBody } = document.paths[REGISTER].post;
    expect(Object.keys(responses)).toEqual(["202", "400", "422", "429", "503"]);
    expect(requestBody.content["application/json"].schema.additionalProperties).toBe(false);
    const statuses = Object.values<Record<string, { responses: object }>>(document.paths)
      .flatMap((path) => Object.values(path))
      .flatMap((operation) => Object.keys(operation.responses));
    expect(statuses).not.toContain("403");
    expect(statuses).not.toContain("404");
    // The type of a problem leads to its description.
    const { type } = (await api.post(REGISTER, "{")).json();
    const path = type.split("#/")[1].split("/") as string[];
    expect(path.reduce((node, key) => node[key], document)).toMatchObject({
      description: expect.stringContaining("400"),
    });
  });
});

describe("whatever is sent", () => {
  const runs = runsSlow("thousands of random bodies and headers") ? 3000 : 150;

  const anyBody = fc.oneof(
    fc.string({ maxLength: 16_384, unit: "binary" }),
    fc.json({ maxDepth: 4 }),
    fc
      .record({ email: fc.string({ maxLength: 500, unit: "binary" }) })
      .map((body) => JSON.stringify(body)),
    fc.record({ token: fc.string({ maxLength: 500 }) }).map((body) => JSON.stringify(body)),
    fc.webQueryParameters({ size: "large" }),
    fc.emailAddress().map((email) => JSON.stringify({ email })),
  );
  const headerText = fc.string({ maxLength: 60 }).map((text) => text.replace(/[^\x20-\x7e]/g, "?"));
  const anyHeaders = fc.record(
    {
      "content-type": fc.constantFrom(
        "application/json",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "text/plain",
        ";;;",
      ),
      "x-forwarded-for": headerText,
      "x-request-id": headerText,
      origin: headerText,
      "sec-fetch-site": headerText,
      "accept-encoding": headerText,
      accept: headerText,
    },
    { requiredKeys: ["content-type"] },
  );
  const anyPath = fc.constantFrom(
    ...[REGISTER, `${REGISTER}/resend`, `${REGISTER}/confirm`],
    ...["/api/v1/erasures", "/api/v1/erasures/confirm", "/api/livez", "/api/%zz", "/api/x?%"],
  );
  const anyMethod = fc.constantFrom(
    "POST",
    "POST",
    "POST",
    "GET",
    "PUT",
    "OPTIONS",
    "HEAD" as const,
  );

  it("is answered, never with 403, 404 or 5xx", async () => {
    const api = await openApi();
    let peer = 0;
    const property = fc.asyncProperty(
      ...[anyPath, anyMethod, anyBody, anyHeaders],
      async (url, method, payload, headers) => {
        peer++;
        // A visitor each, so that the rate limit lets everything through.
        const remoteAddress = `10.${(peer >> 16) & 255}.${(peer >> 8) & 255}.${peer & 255}`;
        const bodyless = method === "GET" || method === "HEAD";
        const { statusCode } = await api.app.inject({
          ...{ url, method: method as "POST", headers, remoteAddress },
          ...(bodyless ? {} : { payload }),
        });
        expect(statusCode).toBeLessThan(500);
        expect([403, 404]).not.toContain(statusCode);
      },
    );
    await fc.assert(property, { numRuns: runs });
  }, 120_000);

  describe("on a real connection", () => {
    it.each([
      ["no HTTP at all", "\x16\x03\x01hello\r\n\r\n", 400],
      ["a header without a colon", "GET /api/livez HTTP/1.1\r\nnonsense\r\n\r\n", 400],
      [
        "two lengths",
        "POST /api/v1/registrations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        400,
      ],
      [
        "a length and chunks, as smugglers do",
        "POST /api/v1/registrations HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        400,
      ],
      [
        "17 KB of headers",
        `GET /api/livez HTTP/1.1\r\nHost: x\r\nX: ${"a".repeat(17_000)}\r\n\r\n`,
        431,
      ],
      [
        "an announced body of 1 GB",
        "POST /api/v1/registrations HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 1000000000\r\n\r\n",
        413,
      ],
    ])(
      "%s is refused with a problem, and the next visitor is served",
      async (_name, bytes, status) => {
        const { app } = await openApi();
        const port = await listen(app);
        const answer = await talk(port, bytes);
        expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `));
        expect(answer).toContain("application/problem+json");
        expect(
          await talk(port, "GET /api/livez HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
        ).toMatch(/^HTTP\/1.1 200 /);
      },
    );

    it("a thousand requests from one address are answered, all but five with 429", async () => {
      const { app, store } = await openApi();
      const url = `http://127.0.0.1:${await listen(app)}${REGISTER}`;
      const init = {
        method: "POST",
        headers: { "content-type": "application/json" },
        body: JSON.stringify(GOOD),
      };
      const codes = new Map<number, number>();
      await Promise.all(
        Array.from({ length: 20 }, async () => {
          for (let at = 0; at < 50; at++) {
            const response = await fetch(url, init);
            await response.text();
            codes.set(response.status, (codes.get(response.status) ?? 0) + 1);
          }
        }),
      );
      expect(Object.fromEntries(codes)).toEqual({ 202: 5, 429: 995 });
      expect(await store.outbox.pending(100, new Date(NOON))).toHaveLength(5);
    });
  });
});

async function listen(app: FastifyInstance): Promise<number> {
  await app.listen({ host: "127.0.0.1", port: 0 });
  return (app.server.address() as AddressInfo).port;
}

/** Sends bytes, and gives what comes until the connection is closed, or nothing more for a while. */
async function talk(port: number, bytes: string): Promise<string> {
  const socket: Socket = connect(port, "127.0.0.1");
  let answer = "";
  socket.setEncoding("latin1").on("data", (text: string) => {
    answer += text;
  });
  socket.on("error", () => {});
  socket.setTimeout(1500, () => socket.destroy());
  socket.write(bytes, "latin1");
  await once(socket, "close");
  return answer;
}
