import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  appliedRequest,
  appliedResponse,
  type ReceivedRequest,
  requestEvent,
  responseEvent,
} from "../../../deploy/local/edge/functions/event.ts";

const CONTEXT = {
  distributionDomainName: "d111111abcdef8.cloudfront.net",
  distributionId: "EDFDVBD6EXAMPLE",
  requestId: "r1",
};

const received = (request: Partial<ReceivedRequest> = {}): ReceivedRequest => ({
  method: "GET",
  target: "/",
  rawHeaders: ["Host", "example.org"],
  ip: "198.51.100.11",
  ...request,
});

const eventOf = (request: Partial<ReceivedRequest>) => requestEvent(received(request), CONTEXT);

describe("the event of a request", () => {
  it("is that of the event structure", () => {
    const rawHeaders = ["Host", "example.org", "X-Two", "Words"];
    expect(eventOf({ target: "/a%20b/?ID=42&NoValue", rawHeaders })).toEqual({
      version: "1.0",
      context: { ...CONTEXT, eventType: "viewer-request" },
      viewer: { ip: "198.51.100.11" },
      request: {
        method: "GET",
        uri: "/a%20b/",
        querystring: { ID: { value: "42" }, NoValue: { value: "" } },
        headers: { host: { value: "example.org" }, "x-two": { value: "Words" } },
        cookies: {},
      },
    });
  });

  it("has all values of a repeated header, and the first of them as its value", () => {
    const rawHeaders = [
      "Accept",
      "application/json",
      "accept",
      "application/xml",
      "ACCEPT",
      "text/html",
    ];
    expect(eventOf({ rawHeaders }).request.headers).toEqual({
      accept: {
        value: "application/json",
        multiValue: [
          { value: "application/json" },
          { value: "application/xml" },
          { value: "text/html" },
        ],
      },
    });
  });

  it("has no list for one header with several values in it", () => {
    const { headers } = eventOf({ rawHeaders: ["Accept", "a, b"] }).request;
    expect(headers).toEqual({ accept: { value: "a, b" } });
  });

  it("has the cookies apart from the headers", () => {
    const { cookies, headers } = eventOf({
      rawHeaders: ["Cookie", "Cookie1=value1; mv=value3;mv=a=b", "Cookie", "bare; =x;"],
    }).request;
    expect(headers).toEqual({});
    expect(cookies).toEqual({
      Cookie1: { value: "value1" },
      mv: { value: "value3", multiValue: [{ value: "value3" }, { value: "a=b" }] },
      bare: { value: "" },
      "": { value: "x" },
    });
  });

  it.each(["Connection", "X-Forwarded-Proto", "X-Amz-Cf-Id", "X-Real-IP", "Proxy-Authorization"])(
    "does not show %s",
    (name) => {
      expect(eventOf({ rawHeaders: [name, "x"] }).request.headers).toEqual({});
    },
  );

  it("reads bytes as UTF-8, and as ISO-8859-1 where they are none", () => {
    const bytes = (text: string) => Buffer.from(text).toString("latin1");
    const { request } = eventOf({ target: `${bytes("/ü")}?a=\u00fc` });
    expect(request.uri).toBe("/ü");
    expect(request.querystring).toEqual({ a: { value: "ü" } });
  });

  it("keeps __proto__ a name like any other", () => {
    const { request } = eventOf({
      target: "/?__proto__=1",
      rawHeaders: ["__proto__", "2", "Cookie", "__proto__=3"],
    });
    expect(JSON.stringify([request.querystring, request.headers, request.cookies])).toBe(
      '[{"__proto__":{"value":"1"}},{"__proto__":{"value":"2"}},{"__proto__":{"value":"3"}}]',
    );
  });
});

describe("a request after its function", () => {
  it.each(["", "?", "?a", "?a=", "?b=1&a=2&b=3", "?&&", "?a=%zz&%"])(
    "keeps the query %s letter for letter if it was left alone",
    (query) => {
      const request = received({ target: `/a${query}` });
      const { request: after } = requestEvent(request, CONTEXT);
      expect(appliedRequest({ ...after, uri: "/b" }, request)).toEqual({
        uri: "/b",
        query: query.slice(1),
        headers: { host: "example.org" },
      });
    },
  );

  it("has a changed query name by name", () => {
    const request = received({ target: "/?b=1&a=2&b=3" });
    const { request: after } = requestEvent(request, CONTEXT);
    const querystring = { ...after.querystring, c: { value: "" } };
    expect(appliedRequest({ ...after, querystring }, request).query).toBe("b=1&b=3&a=2&c=");
  });

  it("has its cookies in one header", () => {
    const request = received({ rawHeaders: ["Cookie", "a=1; b=2", "Cookie", "a=3"] });
    const { request: after } = requestEvent(request, CONTEXT);
    expect(appliedRequest(after, request).headers).toEqual({ cookie: "a=1; a=3; b=2" });
  });

  it("has repeated headers as a list", () => {
    const request = received({ rawHeaders: ["Accept", "a", "Accept", "b"] });
    const { request: after } = requestEvent(request, CONTEXT);
    expect(appliedRequest(after, request).headers).toEqual({ accept: ["a", "b"] });
  });

  it("is the request that was received if nothing was changed", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9-]{1,8}$/);
    const pairs = fc.array(fc.tuple(token, fc.stringMatching(/^[!-"$-~]{0,8}$/)), { maxLength: 6 });
    fc.assert(
      fc.property(pairs, pairs, (query, headers) => {
        const target = `/x?${query.map(([name, value]) => `${name}=${value}`).join("&")}`;
        const rawHeaders = headers.flatMap(([name, value]) => [`h-${name}`, value]);
        const request = received({ target, rawHeaders });
        const applied = appliedRequest(requestEvent(request, CONTEXT).request, request);
        expect(`${applied.uri}?${applied.query}`).toBe(target);
        const written = Object.values(applied.headers).flat().sort();
        expect(written).toEqual(headers.map(([, value]) => value).sort());
      }),
    );
  });
});

describe("the event of a response", () => {
  const event = eventOf({ target: "/a/" });
  const request = { ...event.request, uri: "/b/" };

  it("has the answer, and the request as it went on", () => {
    const headers = { "content-type": "text/html", vary: ["a", "b"] };
    expect(responseEvent(event, request, { status: 200, headers })).toEqual({
      ...event,
      context: { ...CONTEXT, eventType: "viewer-response" },
      request,
      response: {
        statusCode: 200,
        statusDescription: "OK",
        headers: {
          "content-type": { value: "text/html" },
          vary: { value: "a", multiValue: [{ value: "a" }, { value: "b" }] },
        },
        cookies: {},
      },
    });
  });

  it("has the attributes of cookies apart", () => {
    const headers = {
      "set-cookie": [
        "ID=id1234; Expires=Wed, 05 Apr 2021 07:28:00 GMT",
        "a=1",
        "a=2; Secure; Path=/",
      ],
      "x-cache": "Hit from cloudfront",
    };
    const { response } = responseEvent(event, request, { status: 200, headers });
    expect(response?.headers).toEqual({});
    expect(response?.cookies).toEqual({
      ID: { value: "id1234", attributes: "Expires=Wed, 05 Apr 2021 07:28:00 GMT" },
      a: {
        value: "1",
        multiValue: [{ value: "1" }, { value: "2", attributes: "Secure; Path=/" }],
      },
    });
  });

  it("comes back as it went in if nothing was changed", () => {
    const headers = { "content-type": "text/html", "set-cookie": ["a=1; Secure", "b=2"] };
    const { response } = responseEvent(event, request, { status: 404, headers });
    expect(response && appliedResponse(response)).toEqual({
      status: 404,
      statusDescription: "Not Found",
      headers,
      body: undefined,
    });
  });
});

describe("an answer by a function", () => {
  it.each([
    [{ encoding: "text", data: "ä" }, "c3a4"],
    [{ encoding: "base64", data: "YQ==" }, "61"],
    [{ encoding: "text", data: "" }, ""],
  ] as const)("has the bytes of %j", (body, hex) => {
    expect(appliedResponse({ statusCode: 200, body }).body?.toString("hex")).toBe(hex);
  });

  it("has its own description, else the usual one, else none", () => {
    const described = (response: { statusCode: number; statusDescription?: string }) =>
      appliedResponse(response).statusDescription;
    expect(described({ statusCode: 301, statusDescription: "Moved" })).toBe("Moved");
    expect(described({ statusCode: 301 })).toBe("Moved Permanently");
    expect(described({ statusCode: 599 })).toBe("");
  });

  it("has a Set-Cookie line for each cookie, those among its headers first", () => {
    const { headers } = appliedResponse({
      statusCode: 200,
      headers: { "set-cookie": { value: "z=0" } },
      cookies: {
        a: { value: "1", multiValue: [{ value: "1" }, { value: "2", attributes: "Secure" }] },
        b: { value: "3" },
      },
    });
    expect(headers).toEqual({ "set-cookie": ["z=0", "a=1", "a=2; Secure", "b=3"] });
  });
});
