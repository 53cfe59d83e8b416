import { existsSync } from "node:fs";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { parseHeaders } from "../../deploy/edge/parse-headers.ts";
import { type EdgeProcess, startEdge } from "../support/cli-process.ts";
import { crawl, type Visit } from "../support/crawler.ts";
import { type PlainResponse, send } from "../support/http-client.ts";
import { observe } from "../support/observatory.ts";
import { runsSlow } from "../support/slow-tests.ts";
import { createSiteProject, type TempProject } from "../support/temp-project.ts";

/**
 * The rules of the real site, published to a real edge and asked for by a real browser. The local edge
 * speaks http only, so that http is redirected to https is taken as given: at CloudFront the viewer
 * protocol policy of the distribution does that.
 */

const ORIGIN = "https://www.nakedcoders.example";
const CHROMIUM = "/usr/bin/chromium";
const installed = existsSync(CHROMIUM);
if (!installed) console.log(`skipped: ${CHROMIUM} is not installed`);

/** Without these, Chromium calls home, or fails where there is no user namespace. */
const ARGUMENTS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

let project: TempProject;
let edge: EdgeProcess;
let visits: ReadonlyMap<string, Visit>;

beforeAll(async () => {
  project = await createSiteProject();
  edge = await startEdge(project.root, { publish: true });
  visits = await crawl(edge.viewerUrl, { origin: ORIGIN, starts: ["/", "/sitemap.xml"] });
});

afterAll(async () => {
  await edge?.stop();
  await project?.dispose();
});

describe("the headers of the running edge", () => {
  it("are on every answer that the site can give, as the site's `_headers` says", async () => {
    const expected = await siteWideHeaders();
    expect(Object.keys(expected)).toEqual(
      expect.arrayContaining(["content-security-policy", "strict-transport-security"]),
    );
    const others = ["/no-such-page/", "/no-such.css", "/workshops/", "/rss.xml", "/404.html"];
    const answers = [
      ...[...visits.values()].map(({ path, response }) => ({ path, response })),
      ...(await Promise.all(others.map(async (path) => ({ path, response: await ask(path) })))),
    ];
    const isShared = (path: string) => path === "/favicon.svg" || path.startsWith("/assets/og/");
    const wrong = answers.flatMap(({ path, response }) =>
      Object.entries(expected)
        .filter(([name]) => name !== SHARED_HEADER || !isShared(path))
        .filter(([name, value]) => response.headers[name] !== value)
        .map(([name]) => `${path}: ${name}: ${response.headers[name]}`),
    );
    expect(answers.length).toBeGreaterThan(25);
    expect(wrong).toEqual([]);
  });

  it.each([
    ["a page", "/"],
    ["a page that is gone", "/workshops/"],
    ["a file", "/favicon.svg"],
    // No function runs for these: what the bucket says has to be removed by the policy alone.
    ["a missing page", "/no-such-page/"],
    ["the 404 page by its name", "/404.html"],
  ])("say nothing of the bucket on %s", async (_name, path) => {
    const { headers } = await ask(path);
    // x-amz-cf-pop and x-amz-cf-id are CloudFront's own.
    const ofBucket = Object.keys(headers).filter((name) => /^x-amz-(?!cf-)/.test(name));
    expect(ofBucket).toEqual([]);
  });

  it.each([
    ["the home page", "/", 200, 150],
    ["an article", "/blog/no-torn-releases/", 200, 150],
    ["a page with a script", "/register/", 200, 150],
    ["a missing page", "/no-such-page/", 404, 150],
    ["a page that is gone", "/workshops/testing/", 410, 150],
    ["an asset", "an asset", 200, 150],
  ])("score A+ on %s", async (_name, path, status, score) => {
    const answer = await ask(path === "an asset" ? assetPath() : path);
    expect(answer.status).toBe(status);
    const { headers, text: body } = answer;
    const verdict = observe({ headers, body, redirection: "redirection-to-https" });
    expect(verdict).toMatchObject({ grade: "A+", score });
  });

  it("differ where the site says so for a path", async () => {
    const [card, icon, feed, home] = await Promise.all(
      [cardPath(), "/favicon.svg", "/feed.xml", "/"].map(ask),
    );
    expect(card?.headers[SHARED_HEADER]).toBe("cross-origin");
    expect(icon?.headers[SHARED_HEADER]).toBe("cross-origin");
    expect(feed?.headers).toMatchObject({
      "access-control-allow-origin": "*",
      [SHARED_HEADER]: "same-origin",
    });
    expect(home?.headers).not.toHaveProperty("access-control-allow-origin");
  });
});

describe("addresses that are not pages", () => {
  it("a rewrite shows the feed under its old address", async () => {
    const [old, feed] = await Promise.all(["/rss.xml", "/feed.xml"].map(ask));
    expect(old?.status).toBe(200);
    expect(old?.text).toBe(feed?.text);
    expect(old?.headers["content-type"]).toBe(feed?.headers["content-type"]);
  });

  it("an address that is gone without a page says so in a line", async () => {
    const gone = await ask("/jobs");
    expect(gone.status).toBe(410);
    expect(gone.text.trim().split("\n")).toHaveLength(1);
    expect(gone.headers.location).toBeUndefined();
  });

  it("Slipway's records and the rules themselves cannot be told from what was never there", async () => {
    const missing = await ask("/no-such-page/");
    expect(missing).toMatchObject({ status: 404, text: await project.read("_site/404.html") });
    for (const path of ["/.slipway/manifest.json", "/.SLIPWAY/", "/_redirects", "/_headers/"]) {
      const { status, text } = await final(path);
      expect({ path, status, text }).toEqual({ path, status: 404, text: missing.text });
    }
  });

  it("a redirect carries HSTS, and neither a cache rule nor a page", async () => {
    const redirect = await ask("/about-us/");
    expect(redirect).toMatchObject({ status: 301, text: "" });
    expect(redirect.headers).toMatchObject({
      location: "/about/",
      "strict-transport-security": (await siteWideHeaders())["strict-transport-security"],
    });
    expect(redirect.headers).not.toHaveProperty("cache-control");
  });
});

describe.skipIf(!installed || !runsSlow("every page in a browser takes 20 s"))(
  "in a browser",
  () => {
    let browser: Browser;

    beforeAll(async () => {
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGUMENTS });
    });

    afterAll(async () => {
      await browser?.close();
    });

    /** Runs `use` on a page of its own, and says what the browser had to complain of meanwhile. */
    async function complaintsOf(use: (page: Page) => Promise<void>): Promise<readonly string[]> {
      const context = await browser.newContext();
      try {
        const page = await context.newPage();
        const complaints: string[] = [];
        const complain = (text: string) => complaints.push(`${page.url()}: ${text}`);
        page.on("console", (message) => complain(message.text()));
        page.on("pageerror", (error) => complain(error.message));
        page.on("requestfailed", (request) => complain(`${request.url()} failed`));
        await use(page);
        return complaints;
      } finally {
        await context.close();
      }
    }

    it("no page of the site makes the browser say a word", async () => {
      const pages = [...visits.values()].filter(({ response }) => isPage(response));
      expect(pages.length).toBeGreaterThan(15);
      const complaints = await complaintsOf(async (page) => {
        for (const { path } of pages) {
          await page.goto(edge.viewerUrl + path, { waitUntil: "networkidle" });
        }
      });
      expect(complaints).toEqual([]);
    });

    it("what the policy forbids is refused, and the browser says so", async () => {
      const { headers } = await ask("/");
      const policy = String(headers[CSP]);
      const body =
        '<!doctype html><h1>x</h1><p style="color: red">y</p><script>document.querySelector("h1").textContent = "ran"</script>';
      let heading = "";
      const complaints = await complaintsOf(async (page) => {
        await page.route("**/made-up/", (route) =>
          route.fulfill({ body, headers: { "content-type": "text/html", [CSP]: policy } }),
        );
        await page.goto(`${edge.viewerUrl}/made-up/`, { waitUntil: "networkidle" });
        heading = await page.locator("h1").innerText();
      });
      expect(heading).toBe("x");
      expect(complaints.filter((text) => /script-src/.test(text))).not.toEqual([]);
      expect(complaints.filter((text) => /style-src/.test(text))).not.toEqual([]);
    });

    it("the script of the form runs under the policy", async () => {
      let said = "";
      const complaints = await complaintsOf(async (page) => {
        await page.goto(`${edge.viewerUrl}/register/`, { waitUntil: "networkidle" });
        await page.locator("input[type=email]").fill("nobody");
        await page.locator("button[type=submit]").click();
        said = await page.locator("#email-error").innerText();
      });
      expect(said).toContain("@");
      expect(complaints).toEqual([]);
    });

    it.each([
      ["an old address of a page", "/blog/atomic-deploys/", 301, "/blog/no-torn-releases/"],
      ["the same without its slash", "/blog/atomic-deploys", 301, "/blog/no-torn-releases/"],
      ["one with a fragment", "/team/#main", 301, "/about/#main"],
      ["a splat", "/articles/tests-that-can-fail", 301, "/blog/tests-that-can-fail/"],
      ["a rule that leads to a rule", "/articles/atomic-deploys/", 301, "/blog/no-torn-releases/"],
      ["a placeholder", "/topics/aws", 301, "/tags/aws/"],
      ["a parameter that is used", "/search?topic=aws", 302, "/tags/aws/"],
      ["a parameter that is not", "/search?q=aws", 301, "/search/?q=aws"],
      ["a rule to a file", "/feed", 301, "/feed.xml"],
      ["a page without its slash", "/services", 301, "/services/"],
      ["a page by its file", "/blog/index.html", 301, "/blog/"],
    ])("%s (%s) is one %i away from %s", async (_name, from, status, to) => {
      let hops: readonly number[] = [];
      let address = "";
      await complaintsOf(async (page) => {
        const response = await page.goto(edge.viewerUrl + from);
        address = page.url();
        hops = [await previousStatus(response), response?.status() ?? 0];
        expect(response?.request().redirectedFrom()?.redirectedFrom()).toBeNull();
      });
      expect({ hops, address }).toEqual({ hops: [status, 200], address: edge.viewerUrl + to });
    });

    it.each([
      ["missing", "/no-such-page/", 404, "Nothing here."],
      ["gone", "/workshops/testing/", 410, "Gone, and we mean it."],
      ["gone, without its slash", "/workshops/testing", 410, "Gone, and we mean it."],
    ])(
      "a page that is %s has its status and its page, and keeps its address",
      async (_name, path, status, heading) => {
        let shown = {};
        const complaints = await complaintsOf(async (page) => {
          const response = await page.goto(edge.viewerUrl + path, { waitUntil: "networkidle" });
          const text = await page.locator("h1").innerText();
          shown = { status: response?.status(), heading: text, address: page.url() };
        });
        expect(shown).toEqual({
          status,
          heading: expect.stringContaining(heading),
          address: edge.viewerUrl + path,
        });
        // Chromium itself reports the status.
        expect(complaints.filter((text) => !text.includes(`status of ${status}`))).toEqual([]);
      },
    );
  },
);

const CSP = "content-security-policy";
const SHARED_HEADER = "cross-origin-resource-policy";

function ask(path: string): Promise<PlainResponse> {
  return send(edge.viewerUrl, path);
}

/** The answer behind at most one redirect. */
async function final(path: string): Promise<PlainResponse> {
  const answer = await ask(path);
  return answer.headers.location === undefined ? answer : await ask(answer.headers.location);
}

function cardPath(): string {
  return [...visits.keys()].find((path) => path.startsWith("/assets/og/")) ?? "";
}

function assetPath(): string {
  return [...visits.keys()].find((path) => /^\/assets\/[^/]+\.js$/.test(path)) ?? "";
}

function isPage({ headers }: PlainResponse): boolean {
  return headers["content-type"]?.startsWith("text/html") === true;
}

async function siteWideHeaders(): Promise<Readonly<Record<string, string>>> {
  const { blocks } = parseHeaders(await project.read("_site/_headers"));
  const forAll = blocks.filter(({ from }) => from.splat && from.segments.length === 0);
  const set = forAll.flatMap((block) => block.set);
  return Object.fromEntries(set.map(({ name, value }) => [name, value]));
}

async function previousStatus(response: Awaited<ReturnType<Page["goto"]>>): Promise<number> {
  const before = await response?.request().redirectedFrom()?.response();
  return before?.status() ?? 0;
}
