import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type {
  FunctionEvent,
  FunctionOutcome,
  ViewerFunction,
} from "../../deploy/local/edge/functions/viewer-function.ts";
import {
  bucketBehavior,
  distribution,
  placeName,
  startView,
  type ViewFixture,
} from "./operator-view-fixture.ts";

let view: ViewFixture;
beforeEach(async () => {
  view = await startView();
  view.origin.put("index.html", "home");
  view.origin.put("a/index.html", "<p>".repeat(1000));
  view.origin.put("404.html", "missing");
});
afterEach(async () => {
  await view.close();
  expect(view.faults).toEqual([]);
});

/** A function that does what the test says, and keeps what it was shown. */
function viewerFunction(name: string, outcome: (event: FunctionEvent) => FunctionOutcome) {
  const seen: FunctionEvent[] = [];
  const run: ViewerFunction["run"] = (event) => {
    seen.push(event);
    return { outcome: outcome(event), logs: [`${name} was here`] };
  };
  return { name, run, seen };
}

/** As a person reads it: without tags, one space between words. */
async function ask(url: string, fields: Record<string, string> = {}): Promise<string> {
  const query = new URLSearchParams({ url, ...fields });
  const { status, text } = await view.get(`/__slipway/try?${query}`);
  expect(status).toBe(200);
  return text.replace(/<[^>]*>/g, " ").replace(/\s+/g, " ");
}

describe("what would the edge do with this?", () => {
  it("tells of an object that is not cached: what it is, and for how long it would be kept", async () => {
    view.origin.put("a.css", "x", {
      headers: { "content-type": "text/css", "cache-control": "max-age=60" },
    });
    const told = await ask("/a.css");
    expect(told).toMatch(/200 OK X-Cache: Miss from cloudfront/);
    expect(told).toContain("Nothing is remembered under this key");
    expect(told).toContain("1 B, kept by the edge for 60 s once fetched.");
    expect(told).toContain("cache-control max-age=60");
  });

  it("tells of a function's rewrite and what it logged", async () => {
    const clean = viewerFunction("clean", ({ request }) => ({
      kind: "request",
      request: { ...request, uri: "/a/index.html" },
    }));
    view.live = distribution(bucketBehavior(view.origin, { viewerRequest: clean }));
    const told = await ask("https://WWW.example.com/a/?x=1&x=2", { method: "HEAD" });
    expect(told).toMatch(/HEAD \/a\/\?x=1&amp;x=2 on www\.example\.com 200 OK/);
    expect(told).toContain("It goes on as /a/index.html.");
    expect(told).toContain("log clean was here");
    expect(told).toContain("content-encoding br");
    expect(clean.seen).toMatchObject([
      {
        context: { eventType: "viewer-request", distributionId: "E0TEST" },
        request: {
          method: "HEAD",
          uri: "/a/",
          querystring: { x: { value: "1", multiValue: [{ value: "1" }, { value: "2" }] } },
          headers: { host: { value: "www.example.com" } },
        },
      },
    ]);
  });

  it("tells of a redirect, and asks neither cache nor bucket", async () => {
    const redirect = viewerFunction("redirect", () => ({
      kind: "response",
      response: { statusCode: 301, headers: { location: { value: "/a/" } } },
    }));
    view.live = distribution(bucketBehavior(view.origin, { viewerRequest: redirect }));
    const told = await ask("/a");
    expect(told).toMatch(
      /301 Moved Permanently X-Cache: FunctionGeneratedResponse from cloudfront location \/a\//,
    );
    expect(view.origin.asked).toEqual([]);
  });

  it.each([
    ["execution-error", 503, "It failed"],
    ["validation-error", 502, "It returned what CloudFront does not allow"],
  ] as const)("tells of a function's %s as %i, and why", async (kind, status, says) => {
    const broken = viewerFunction("broken", () => ({ kind, message: "x is not defined" }));
    view.live = distribution(bucketBehavior(view.origin, { viewerRequest: broken }));
    const told = await ask("/");
    expect(told).toContain(`${status} `);
    expect(told).toContain(says);
    expect(told).toContain("reason x is not defined");
  });

  it("tells of a fresh copy, how long it holds, and that nobody is asked", async () => {
    const etag = (await view.origin.get("index.html"))?.etag ?? "";
    remember("/index.html", { etag, left: 90_000 });
    const told = await ask("/");
    expect(told).toContain("X-Cache: Hit from cloudfront");
    expect(told).toContain("for 90 s more: the origin is not asked.");
    expect(told).toContain("x-copy yes");
  });

  it("warns when the copy is not what the bucket holds", async () => {
    remember("/index.html", { etag: '"other"', left: 90_000 });
    expect(await ask("/")).toContain("an invalidation would show it");
  });

  it("tells of a stale copy that the origin confirms, or replaces", async () => {
    const etag = (await view.origin.get("index.html"))?.etag ?? "";
    remember("/index.html", { etag, left: -1 });
    expect(await ask("/")).toContain("X-Cache: RefreshHit from cloudfront");
    remember("/index.html", { etag: '"other"', left: -1 });
    expect(await ask("/")).toContain("X-Cache: Miss from cloudfront");
  });

  it("tells of the error page for what is missing, and that the last function does not run", async () => {
    const last = viewerFunction("last", () => ({
      kind: "response",
      response: { statusCode: 200 },
    }));
    view.live = distribution(bucketBehavior(view.origin, { viewerResponse: last }));
    const told = await ask("/nothing");
    expect(told).toMatch(/404 Not Found X-Cache: Error from cloudfront/);
    expect(told).toContain("/404.html is shown, with status 404.");
    expect(told).toContain("It does not run, because the origin said 404.");
    expect(last.seen).toEqual([]);
  });

  it("tells what policy and last function make of the headers and the status", async () => {
    view.origin.put("gone.html", "gone", { headers: { "x-amz-meta-slipway-status": "410" } });
    const last = viewerFunction("last", ({ response }) => {
      const { "x-amz-meta-slipway-status": status, ...headers } = response?.headers ?? {};
      return { kind: "response", response: { statusCode: Number(status?.value), headers } };
    });
    const headersPolicy = {
      remove: ["server"],
      set: [
        { name: "x-frame-options", value: "DENY", override: true },
        { name: "content-type", value: "never/used", override: false },
      ],
      serverTiming: undefined,
    };
    view.live = distribution(bucketBehavior(view.origin, { viewerResponse: last, headersPolicy }));
    const told = await ask("/gone.html");
    expect(told).toContain("410 Gone");
    expect(told).toContain("It changes the status to 410 and 1 header.");
    expect(told).toContain("x-frame-options DENY");
    expect(told).toContain("server CloudFront");
    expect(told).not.toContain("never/used");
  });

  it("tells what the behavior refuses, and stops there", async () => {
    const told = await ask("/", { method: "POST" });
    expect(told).toContain("403 Forbidden");
    expect(told).toContain("This behavior does not allow POST");
    expect(view.origin.asked).toEqual([]);
  });

  it("tells where a request for another origin would go, without sending it", async () => {
    const api = bucketBehavior(view.origin, {
      pathPattern: "/api/*",
      origin: {
        kind: "custom",
        url: "http://127.0.0.1:9",
        path: "/v1",
        headers: {},
        readTimeoutMs: 1,
      },
    });
    view.live = distribution(api, bucketBehavior(view.origin));
    const told = await ask("/api/x?y=1");
    expect(told).toContain("The origin decides http://127.0.0.1:9/v1/api/x?y=1");
  });

  it("reads the bucket only: it keeps nothing and counts nothing", async () => {
    const places = view.remembered.size;
    await view.get("/__slipway?url=/a/index.html");
    await ask("/a/index.html");
    expect(view.origin.opened).toBe(0);
    expect(view.remembered.size).toBe(places);
    expect(view.traffic.snapshot().paths).toEqual([]);
  });

  it.each([
    ["a/b", {}, "Begin with a slash"],
    ["javascript:alert(1)", {}, "Begin with a slash"],
    ["/", { host: "a b" }, "That is no host name"],
    ["/", { host: "x\r\ny: z" }, "That is no host name"],
    ["/", { "accept-encoding": "gzip\r\nx: y" }, "Accept-Encoding takes plain ASCII"],
    ["/", { method: "TRACE" }, "CloudFront knows no method TRACE"],
    [`/${"x".repeat(9000)}`, {}, "answers it with 413"],
  ])("says what is wrong with the question %s %o", async (url, fields, said) => {
    expect(await ask(url, fields as Record<string, string>)).toContain(said);
  });

  it.each([
    "/%",
    "/%ff",
    "/%00",
    "//",
    "/..%2f",
    "/\\",
    "/\ud800",
    "/é?é",
    "https://x",
    "/{{form}}",
    "/__proto__?__proto__=1",
  ])("has an answer to %j", async (url) => {
    expect(await ask(url)).toMatch(/X-Cache: (?:Miss|Error) from cloudfront/);
  });

  it("keeps what was typed in the form, on a page without JavaScript", async () => {
    const query = new URLSearchParams({
      url: `/"x`,
      method: "HEAD",
      host: "h",
      "accept-encoding": "",
    });
    const { text } = await view.get(`/__slipway?${query}`);
    expect(text).toContain(`name="url" value="/&quot;x"`);
    expect(text).toContain("<option selected>HEAD</option>");
    expect(text).toContain(`name="host" value="h"`);
    expect(text).toContain(`name="accept-encoding" value=""`);
    expect(text).toContain("<strong>404</strong>");
  });

  function remember(uri: string, { etag, left }: { readonly etag: string; readonly left: number }) {
    const now = view.clock.now().getTime();
    view.remembered.set(
      placeName({ distribution: "E0TEST", uri, query: "", accepted: "br,gzip" }),
      {
        status: 200,
        storedAt: now - 1000,
        expiresAt: now + left,
        revalidatingUntil: now + left,
        object: { originEtag: etag, headers: { "x-copy": "yes" } },
      },
    );
  }
});
