import { join } from "node:path";
import { parseAtomFeed, parseJsonFeed } from "feedsmith";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import site from "../../site/_data/site.ts";
import { sitemapEntries } from "../../site/lib/discovery/sitemap.ts";
import { pagesAbove } from "../../site/lib/discovery/trail.ts";
import { jsonFeedDocument } from "../support/json-feed.ts";
import { type SchemaOrgGraph, schemaOrgGraph } from "../support/schema-org.ts";
import { readSitemap } from "../support/sitemap-rules.ts";
import { createScratchSite, postText, readTree, type ScratchSite } from "./scratch-site.ts";

const ORIGIN = site.url;

type Thing = SchemaOrgGraph["@graph"][number];

describe("The built site, as machines find it", () => {
  let scratch: ScratchSite;
  let tree: ReadonlyMap<string, Buffer>;
  const text = (path: string) => tree.get(path)?.toString("utf8") ?? "";
  const pages = () => [...tree.keys()].filter((path) => path.endsWith(".html"));
  const isHidden = (path: string) => text(path).includes('<meta name="robots" content="noindex">');

  beforeAll(async () => {
    scratch = await createScratchSite();
    expect(await scratch.build()).toMatchObject({ code: 0, err: "" });
    tree = await readTree(join(scratch.folder, "_site"));
  });
  afterAll(() => scratch.remove());

  function graphOn(path: string): readonly Thing[] {
    const [, json = ""] =
      /<script type="application\/ld\+json">([\s\S]*?)<\/script>/.exec(text(path)) ?? [];
    expect(json, path).not.toContain("<");
    return schemaOrgGraph.parse(JSON.parse(json))["@graph"];
  }

  test("has a canonical address on every page, that Open Graph repeats", () => {
    for (const path of pages()) {
      const canonical = /<link rel="canonical" href="([^"]*)">/.exec(text(path))?.[1];
      const graph = /<meta property="og:url" content="([^"]*)">/.exec(text(path))?.[1];
      expect(canonical, path).toBe(`${ORIGIN}/${path.replace(/index\.html$/, "")}`);
      expect(graph, path).toBe(canonical);
    }
  });

  test("hides the answers of forms and the pages that say something is missing, no others", () => {
    expect(pages().filter(isHidden)).toEqual([
      "404.html",
      "410.html",
      "register/confirm/index.html",
      "register/confirmed/index.html",
      "register/leave/asked/index.html",
      "register/leave/confirm/index.html",
      "register/left/index.html",
      "register/thanks/index.html",
    ]);
  });

  test("has an Open Graph image of its own site on every page to be found, with words for it", () => {
    for (const path of pages()) {
      if (isHidden(path)) continue;
      const image = /<meta property="og:image" content="([^"]*)">/.exec(text(path))?.[1] ?? "";
      expect([...tree.keys()], path).toContain(image.slice(ORIGIN.length + 1));
      expect(text(path), path).toMatch(/<meta property="og:image:alt" content="[^"]+">/);
      expect(text(path), path).toContain(
        '<meta name="twitter:card" content="summary_large_image">',
      );
    }
  });

  test("speaks schema.org on every page to be found, and on no other", () => {
    for (const path of pages()) {
      if (isHidden(path)) {
        expect(text(path)).not.toContain("ld+json");
      } else {
        const kinds = graphOn(path).map((thing) => thing["@type"]);
        expect(kinds, path).toHaveLength(2);
        expect(kinds[1], path).toBe(path === "index.html" ? "WebSite" : "BreadcrumbList");
      }
    }
  });

  test("gives an article its headline, days, author and place in the site", () => {
    const [article, trail] = graphOn("blog/first/index.html");
    expect(article).toMatchObject({
      "@type": "BlogPosting",
      headline: 'The first & <only> "fixture"',
      url: `${ORIGIN}/blog/first/`,
      datePublished: "2026-01-05",
      dateModified: "2026-02-10",
      author: { name: "Mira Castellan" },
      publisher: { name: site.name },
    });
    expect(trail).toMatchObject({
      itemListElement: [
        { name: site.name, item: `${ORIGIN}/` },
        { name: "Blog", item: `${ORIGIN}/blog/` },
        { item: `${ORIGIN}/blog/first/` },
      ],
    });
  });

  test("names only addresses that are there, in all that it says to machines", () => {
    const files = new Set(tree.keys());
    const isThere = (url: string) => {
      const path = new URL(url).pathname.slice(1);
      return files.has(path) || files.has(`${path}index.html`);
    };
    const all = [...text("feed.json"), ...pages().map(text)].join("");
    const urls = [
      ...all.matchAll(/"(?:url|item|logo|image|mainEntityOfPage|id)": ?"(https:[^"]*)"/g),
    ]
      .map(([, url]) => url ?? "")
      .filter((url) => url.startsWith(ORIGIN));
    expect(urls.length).toBeGreaterThan(50);
    expect([...new Set(urls)].filter((url) => !isThere(url))).toEqual([]);
  });

  test("has an Atom feed that another's parser reads as it was meant", () => {
    const feed = parseAtomFeed(text("feed.xml"));
    expect(feed).toMatchObject({
      id: `${ORIGIN}/`,
      title: { value: site.name },
      updated: "2026-03-01T00:00:00Z",
      links: [
        { rel: "self", href: `${ORIGIN}/feed.xml` },
        { rel: "alternate", href: `${ORIGIN}/blog/` },
      ],
    });
    expect(feed.entries?.map(({ id }) => id)).toEqual([
      `${ORIGIN}/blog/third/`,
      `${ORIGIN}/blog/second/`,
      `${ORIGIN}/blog/first/`,
    ]);
    expect(feed.entries?.[2]).toMatchObject({
      title: { value: 'The first & <only> "fixture"' },
      published: "2026-01-05T00:00:00Z",
      updated: "2026-02-10T00:00:00Z",
      authors: [{ name: "Mira Castellan" }],
      categories: [{ term: "testing" }, { term: "open-source" }],
    });
  });

  test("has a JSON feed that keeps to version 1.1, and that another's parser reads", () => {
    const document = jsonFeedDocument.parse(JSON.parse(text("feed.json")));
    expect(document.items.map(({ id }) => id)).toEqual([
      `${ORIGIN}/blog/third/`,
      `${ORIGIN}/blog/second/`,
      `${ORIGIN}/blog/first/`,
    ]);
    const { items } = parseJsonFeed(text("feed.json"));
    expect(items?.[2]).toMatchObject({
      title: 'The first & <only> "fixture"',
      date_published: "2026-01-05T00:00:00Z",
      date_modified: "2026-02-10T00:00:00Z",
      authors: [{ name: "Mira Castellan" }],
      tags: ["testing", "open-source"],
    });
  });

  test("has the whole text in both feeds, the same one, with absolute addresses only", () => {
    const atom = parseAtomFeed(text("feed.xml")).entries?.map(({ content }) => content) ?? [];
    const json = parseJsonFeed(text("feed.json")).items?.map((item) => item.content_html) ?? [];
    const plain = atom.map((content) => (typeof content === "string" ? content : content?.value));
    expect(plain.map((html) => html?.trim())).toEqual(json.map((html) => html?.trim()));
    const first = json[2] ?? "";
    expect(first).toContain(`href="${ORIGIN}/blog/second/"`);
    expect(first).toContain(`href="${ORIGIN}/blog/first/#a-table"`);
    expect(first).toContain('href="https://other.example/page"');
    expect(first).toContain("&lt;b&gt;not bold&lt;/b&gt;");
    expect(json.join("")).not.toMatch(/(href|src)="[/#]/);
  });

  test("lists every page in a sitemap that keeps to its schema", () => {
    const entries = readSitemap(text("sitemap.xml"));
    expect(entries.map(({ loc }) => loc.slice(ORIGIN.length)).sort()).toEqual(
      pages()
        .filter((path) => path.endsWith("index.html") && !isHidden(path))
        .map((path) => `/${path.replace(/index\.html$/, "")}`)
        .sort(),
    );
    expect(text("robots.txt")).toContain(`Sitemap: ${ORIGIN}/sitemap.xml\n`);
  });

  test("says when a page last changed only where an author did", () => {
    const days = new Map(
      readSitemap(text("sitemap.xml")).map(({ loc, lastmod }) => [
        loc.slice(ORIGIN.length),
        lastmod,
      ]),
    );
    expect(days.get("/blog/first/")).toBe("2026-02-10");
    expect(days.get("/blog/third/")).toBe("2026-03-01");
    expect(days.get("/tags/open-source/")).toBe("2026-02-10");
    expect(days.get("/blog/")).toBe("2026-03-01");
    expect(days.get("/authors/mira/")).toBe("2026-02-10");
    expect(days.get("/services/")).toBeUndefined();
    expect(days.get("/")).toBeUndefined();
  });
});

test("Both feeds keep the twenty newest posts", async () => {
  const scratch = await createScratchSite({ posts: "none" });
  try {
    for (let day = 1; day <= 22; day += 1) {
      const date = `2026-01-${String(day).padStart(2, "0")}`;
      const fields = { title: `Post ${day}`, description: `Post of day ${day}.`, date };
      await scratch.write(`site/content/blog/${date}-post-${day}.md`, postText(fields));
    }
    expect(await scratch.build()).toMatchObject({ code: 0 });
    const newest = Array.from({ length: 20 }, (_, index) => `${ORIGIN}/blog/post-${22 - index}/`);
    const atom = parseAtomFeed(await scratch.read("_site/feed.xml"));
    const json = parseJsonFeed(await scratch.read("_site/feed.json"));
    expect(atom.entries?.map(({ id }) => id)).toEqual(newest);
    expect(json.items?.map(({ id }) => id)).toEqual(newest);
  } finally {
    await scratch.remove();
  }
});

describe("A sitemap", () => {
  const post = (date: string, updated?: string) => ({
    url: `/blog/${date}/`,
    data: { date: new Date(date), ...(updated ? { updated: new Date(updated) } : {}) },
  });

  test.each([
    ["a page without a day", {}, undefined],
    ["a post", { date: new Date("2026-01-02") }, "2026-01-02"],
    ["a changed post", post("2026-01-02", "2026-02-03").data, "2026-02-03"],
    [
      "a list",
      { listPage: { items: [post("2026-03-01"), post("2026-01-02", "2026-04-05")] } },
      "2026-04-05",
    ],
    ["an empty list", { listPage: { items: [] } }, undefined],
    ["a series", { part: { posts: [post("2026-03-01")] } }, "2026-03-01"],
  ])("takes the day of %s from what the author wrote", (_name, data, day) => {
    expect(sitemapEntries([{ url: "/a/", data }])).toEqual([{ url: "/a/", lastChange: day }]);
  });

  test("is in the order of addresses, and leaves out what nobody should find", () => {
    const items = [
      { url: "/b/", data: {} },
      { url: "/a/", data: {} },
      { url: "/c/", data: { noindex: true } },
      { url: "/404.html", data: {} },
      { url: false as const, data: {} },
    ];
    expect(sitemapEntries(items).map(({ url }) => url)).toEqual(["/a/", "/b/"]);
  });
});

describe("The pages above a page", () => {
  const all = ["/", "/blog/", "/tags/"].map((url) => ({ url, data: { title: `At ${url}` } }));

  test.each([
    ["/", []],
    ["/about/", ["/"]],
    ["/blog/a/", ["/", "/blog/"]],
    ["/blog/page/2/", ["/", "/blog/"]],
    ["/nowhere/a/", ["/"]],
  ])("of %s are those that exist: %j", (url, above) => {
    expect(pagesAbove(url, all, "Home").map((crumb) => crumb.url)).toEqual(above);
  });

  test("have their titles, and the start its own", () => {
    expect(pagesAbove("/blog/a/", all, "Home").map(({ title }) => title)).toEqual([
      "Home",
      "At /blog/",
    ]);
  });
});
