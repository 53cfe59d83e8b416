import { describe, expect, it } from "vitest";
import { parseProgram } from "../../deploy/edge/program-document.ts";
import { createSiteFiles } from "../../deploy/local/site-files.ts";
import { failureOf } from "../support/failure.ts";
import { NO_EDGE_SETTINGS } from "../support/plain-edge.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function siteOf(files: Readonly<Record<string, string>>, edge = NO_EDGE_SETTINGS) {
  const below = Object.entries(files).map(([name, text]) => [`_site/${name}`, text]);
  const root = await tempFolder(Object.fromEntries(below));
  return createSiteFiles({ root, folder: "_site", rules: [], edge });
}

const PAGES = { "index.html": "home", "new/index.html": "new" };

describe("the edge program of a built site", () => {
  it("is made of its own two files and the config", async () => {
    const site = await siteOf(
      { ...PAGES, _redirects: "/old /new/ 302\n", _headers: "/*\n  X-Team: site\n" },
      {
        config: { redirects: [{ from: "/gone", status: 410 }], headers: [] },
        hosts: { canonical: "www.example.com", others: ["example.com"] },
      },
    );
    await site.scan();
    const { program } = await site.edge();
    const { viewerRequest, headersPolicy } = parseProgram(program.text);
    expect(viewerRequest).toContain("/old");
    expect(viewerRequest).toContain("/gone");
    expect(viewerRequest).toContain("www.example.com");
    expect(headersPolicy.set).toContainEqual({ name: "x-team", value: "site", override: true });
  });

  it("has one digest for equal rules, whatever the pages say, and another for other rules", async () => {
    const digestOf = async (files: Readonly<Record<string, string>>) =>
      (await (await siteOf(files)).edge()).program.digest;
    const first = await digestOf({ ...PAGES, _redirects: "/old /new/\n" });
    expect(
      await digestOf({ "index.html": "other", "new/index.html": "x", _redirects: "/old /new/" }),
    ).toBe(first);
    expect(await digestOf({ ...PAGES, _redirects: "/old /\n" })).not.toBe(first);
  });

  it("exists without any rule: clean URLs and security headers are rules as well", async () => {
    const { program } = await (await siteOf(PAGES)).edge();
    const { viewerRequest, headersPolicy, store } = parseProgram(program.text);
    expect(viewerRequest).toContain("function handler");
    expect(headersPolicy.set.map(({ name }) => name)).toContain("strict-transport-security");
    expect(store.size).toBe(0);
  });

  it("stores with the objects what the CDN itself has to know", async () => {
    const site = await siteOf({
      ...PAGES,
      "de/404.html": "missing",
      "file.txt": "x",
      _headers: "/file.txt\n  Cache-Control: no-store\n",
    });
    const headers = Object.fromEntries(
      (await site.scan()).map(({ key, origin }) => [key, origin.kind === "file" && origin.headers]),
    );
    expect(headers["file.txt"]).toMatchObject({ cacheControl: "no-store" });
    expect(headers["de/404.html"]).toMatchObject({ answerStatus: "404" });
    expect(headers["index.html"]).not.toHaveProperty("answerStatus");
  });

  it("lets the config's own header rules have the last word", async () => {
    const root = await tempFolder({
      "_site/file.txt": "x",
      "_site/_headers": "/file.txt\n  Cache-Control: no-store\n",
    });
    const rules = [{ match: "*.txt", set: { cacheControl: "max-age=5" } }];
    const site = createSiteFiles({ root, folder: "_site", rules, edge: NO_EDGE_SETTINGS });
    expect((await site.scan())[0]?.origin).toMatchObject({
      headers: { cacheControl: "max-age=5" },
    });
  });

  it("tells which addresses are taken care of when their page goes away", async () => {
    const site = await siteOf({
      ...PAGES,
      "de/404.html": "fehlt",
      _redirects: "/old/* /new/ 301\n/gone 410\n/shown /new/ 200\n/missing 404\n",
    });
    const { redirects } = await site.edge();
    const answers = (paths: readonly string[]) => paths.filter((path) => redirects(path));
    expect(
      answers([
        "/old/page/",
        "/old/page/index.html",
        "/gone/",
        "/shown/",
        "/missing/",
        "/de/x/",
        "/other/",
      ]),
    ).toEqual(["/old/page/", "/old/page/index.html", "/gone/", "/shown/"]);
  });

  it("names every wrong line of both files at once, and what to do", async () => {
    const site = await siteOf({
      ...PAGES,
      _redirects: "/a\n# fine\n/b /new/ 299\n/c /new/ Country=de\n",
      _headers: "  X-Lost: 1\n",
    });
    const error = await failureOf(site.scan());
    expect(error.kind).toBe("config");
    expect(error.text.what).toBe("4 rules for the edge cannot be kept");
    const lines = error.text.why.split("\n").map((line) => line.slice(0, line.indexOf(": ")));
    expect(lines).toEqual(["_redirects:1", "_redirects:3", "_redirects:4", "_headers:1"]);
    expect(error.text.next).toContain("docs/edge-rules.md");
  });

  it.each(["_redirects", "_headers"])("asks for a file where %s is a folder", async (name) => {
    const error = await failureOf((await siteOf({ ...PAGES, [`${name}/a.txt`]: "" })).scan());
    expect(error.kind).toBe("config");
    expect(error.text.what).toBe(`${name} of the site cannot be read`);
    expect(error.text.why).toContain("EISDIR");
  });

  it("shows what a terminal would obey, wherever it stands, and obeys it not", async () => {
    const config = {
      redirects: [{ from: "/a\n/b", to: "/new/" }],
      headers: [{ for: "/*", set: { "X-A": "a\u001b[2J" }, remove: [] }],
    };
    const settings = { ...NO_EDGE_SETTINGS, config };
    const site = await siteOf({ ...PAGES, _redirects: "/c\u001b[2J /new/\n" }, settings);
    const { why } = (await failureOf(site.scan())).text;
    expect(why.split("\n")).toHaveLength(3);
    expect(why).not.toMatch(/(?!\n)\p{Cc}/u);
    expect(why).toContain("_redirects:1: /c\\x1b[2J /new/: ");
  });

  it("stops at rules that CloudFront has no room for, with the numbers", async () => {
    const rules = Array.from({ length: 400 }, (_, i) => `/section-${i}/:page /new/?from=:page 301`);
    const error = await failureOf(
      (await siteOf({ ...PAGES, _redirects: rules.join("\n") })).scan(),
    );
    expect(error.text.why).toMatch(/the viewer-request function is [\d,]+ bytes, [\d,]+ over/);
  });
});
