import { createHash } from "node:crypto";
import { mkdir, readdir, utimes, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { brotliCompressSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createScratchSite,
  type Run,
  readTree,
  runBuild,
  type ScratchSite,
} from "./scratch-site.ts";

/** The pages of each script. All of them work without it. */
const SCRIPTS: Readonly<Record<string, readonly string[]>> = {
  code: ["blog/first/index.html"],
  "not-found": ["404.html"],
  register: [
    "register/confirm/index.html",
    "register/index.html",
    "register/leave/confirm/index.html",
    "register/leave/index.html",
  ],
  search: ["search/index.html"],
};
const SCRIPTED = Object.values(SCRIPTS).flat();

describe("A built site", () => {
  let site: ScratchSite;
  let run: Run;
  let tree: ReadonlyMap<string, Buffer>;
  const page = (path: string) => tree.get(path)?.toString("utf8") ?? "";

  beforeAll(async () => {
    site = await createScratchSite();
    run = await site.build();
    tree = await readTree(join(site.folder, "_site"));
  });
  afterAll(() => site.remove());

  test("says what it built and what it left out", () => {
    expect(run).toMatchObject({ code: 0, err: "" });
    expect(run.out).toMatch(/^Built 28 pages \(\d+ files, \d+ kB\) in \d+\.\d s\n/);
    expect(run.out).toContain(
      "Left out: site/content/blog/2026-03-02-unfinished.md (draft)\n" +
        "Left out: site/content/blog/2026-06-01-later.md (waits for 2026-06-01)\n",
    );
  });

  test("holds exactly the published pages, the feed, the assets and nothing else", () => {
    const names = [...tree.keys()].map((path) => path.replace(/\.[0-9a-f]{10}\./, ".<hash>."));
    const isCard = (name: string) => name.startsWith("assets/og/");
    // A page that no search engine shows is shared by nobody either.
    const shared = [...tree].filter(
      ([path, bytes]) => path.endsWith(".html") && !bytes.includes('content="noindex"'),
    );
    expect(names.filter(isCard)).toHaveLength(shared.length);
    expect(names.filter((name) => !isCard(name))).toEqual([
      "404.html",
      "410.html",
      "_headers",
      "_redirects",
      "about/index.html",
      "apple-touch-icon.png",
      "assets/code.<hash>.js",
      "assets/icons/icon-192.<hash>.png",
      "assets/icons/icon-512.<hash>.png",
      "assets/icons/maskable-512.<hash>.png",
      "assets/not-found.<hash>.js",
      "assets/register.<hash>.js",
      "assets/search.<hash>.js",
      "authors/adaeze/index.html",
      "authors/jonas/index.html",
      "authors/mira/index.html",
      "authors/teo/index.html",
      "blog/first/index.html",
      "blog/index.html",
      "blog/second/index.html",
      "blog/third/index.html",
      "contact/index.html",
      "favicon.ico",
      "favicon.svg",
      "feed.json",
      "feed.xml",
      "index.html",
      "register/confirm/index.html",
      "register/confirmed/index.html",
      "register/index.html",
      "register/leave/asked/index.html",
      "register/leave/confirm/index.html",
      "register/leave/index.html",
      "register/left/index.html",
      "register/thanks/index.html",
      "robots.txt",
      "search.json",
      "search/index.html",
      "series/nothing-lost/index.html",
      "services/index.html",
      "site.webmanifest",
      "sitemap.xml",
      "speculation-rules.json",
      "tags/deployment/index.html",
      "tags/index.html",
      "tags/open-source/index.html",
      "tags/testing/index.html",
    ]);
  });

  test("names its scripts after the sha256 of their bytes and links them from pages", () => {
    const assets = [...tree].filter(([path]) => /^assets\/.*\.js$/.test(path));
    expect(assets).toHaveLength(Object.keys(SCRIPTS).length);
    for (const [path, bytes] of assets) {
      const digest = createHash("sha256").update(bytes).digest("hex").slice(0, 10);
      expect(path).toMatch(new RegExp(`^assets/[a-z-]+\\.${digest}\\.js$`));
      const users = [...tree.keys()].filter((name) => page(name).includes(`"/${path}"`));
      expect(users.sort()).toEqual(SCRIPTS[/^assets\/([a-z-]+)\./.exec(path)?.[1] ?? ""]);
      expect(bytes.toString()).not.toContain("\n\n");
    }
  });

  test("has one style in every page, its kind's, and a policy that allows these and no others", () => {
    const styles = [...tree]
      .filter(([path]) => path.endsWith(".html"))
      .map(([, bytes]) => [...bytes.toString().matchAll(/<style>([^<]*)<\/style>/g)]);
    expect(styles.map((inPage) => inPage.length)).toEqual(styles.map(() => 1));
    const kinds = [...new Set(styles.map(([match]) => match?.[1] ?? ""))];
    expect(kinds.length).toBeGreaterThan(3);
    for (const style of kinds) {
      expect(style).toMatch(/^:root\{--paper:/);
      expect(style).not.toContain("\n");
    }
    const hashes = kinds.map(
      (style) => `'sha256-${createHash("sha256").update(style).digest("base64")}'`,
    );
    expect(page("_headers")).toContain(`; style-src ${hashes.sort().join(" ")}; `);
  });

  test("sends no script to pages that need none", () => {
    for (const [path, bytes] of tree) {
      if (!path.endsWith(".html") || SCRIPTED.includes(path)) continue;
      expect(bytes.toString(), path).not.toMatch(/<script(?! type="application\/ld\+json")/);
    }
  });

  test("keeps every page within the first round trip", () => {
    for (const [path, bytes] of tree) {
      if (path.endsWith(".html")) {
        expect(brotliCompressSync(bytes).byteLength, path).toBeLessThan(14_000);
      }
    }
    for (const [path, bytes] of tree) {
      if (path.endsWith(".js"))
        expect(brotliCompressSync(bytes).byteLength, path).toBeLessThan(4_000);
    }
  });

  test("marks the current page in the navigation, and the section of a page below it", () => {
    expect(page("services/index.html")).toContain('href="/services/" aria-current="page"');
    expect(page("blog/first/index.html")).toContain('href="/blog/" aria-current="true"');
    expect(page("contact/index.html")).not.toContain('href="/blog/" aria-current');
  });

  test("gives an article its author, day, reading time, tags and neighbours", () => {
    const article = page("blog/second/index.html");
    expect(article).toContain("Jonas Wexler");
    expect(article).toContain('<time datetime="2026-02-01">1 February 2026</time>');
    expect(article).toContain("1 min read");
    expect(article).toContain('<a href="/tags/testing/">testing</a>');
    expect(article).toMatch(/href="\/blog\/first\/" rel="prev"/);
    expect(article).toMatch(/href="\/blog\/third\/" rel="next"/);
  });

  test("has a registration form that works without a script", () => {
    const form = /<form[\s\S]*?<\/form>/.exec(page("register/index.html"))?.[0] ?? "";
    expect(form).toContain('method="post" action="/api/v1/registrations"');
    expect(form).toContain('<label for="email">');
    expect(form).toMatch(/<input id="email" name="email" type="email" required/);
    expect(form).toContain('autocomplete="email"');
    expect(form).toContain('aria-describedby="email-hint email-error"');
    expect(form).toContain('id="email-hint"');
    expect(form).toContain('id="email-error"');
  });

  test("is the same byte for byte in another place, another time zone and with other file times", async () => {
    const other = await createScratchSite({ cache: "own" });
    try {
      for (const name of await readdir(join(other.folder, "site/content"))) {
        await utimes(join(other.folder, "site/content", name), 1, 1);
      }
      const again = await other.build({
        output: "elsewhere/out",
        env: { TZ: "America/Los_Angeles" },
      });
      expect(again.code).toBe(0);
      expect(await readTree(join(other.folder, "elsewhere/out"))).toEqual(tree);
    } finally {
      await other.remove();
    }
  });
});

describe.concurrent("Building again", () => {
  test("publishes a post on its day, and removes what no page needs any more", async () => {
    const site = await createScratchSite();
    try {
      await site.build();
      await site.write("_site/stale.html", "old");
      const run = await site.build({ env: { SITE_NOW: "2026-06-01" } });
      expect(run.code).toBe(0);
      const names = [...(await readTree(join(site.folder, "_site"))).keys()];
      expect(names).toContain("blog/later/index.html");
      expect(names).not.toContain("stale.html");
      const left = (await readdir(site.folder)).filter((name) => name.startsWith("_site"));
      expect(left).toEqual(["_site"]);
    } finally {
      await site.remove();
    }
  });

  test("sweeps away what a killed build left, but not what a running one is writing", async () => {
    const site = await createScratchSite({ posts: "none" });
    try {
      await mkdir(join(site.folder, "_site.tmp-999999999"));
      await mkdir(join(site.folder, `_site.tmp-${process.pid}`));
      expect((await site.build()).code).toBe(0);
      const left = (await readdir(site.folder)).filter((name) => name.startsWith("_site"));
      expect(left).toEqual(["_site", `_site.tmp-${process.pid}`]);
    } finally {
      await site.remove();
    }
  });

  test("refuses to replace a folder that no build made", async () => {
    const site = await createScratchSite({ posts: "none" });
    try {
      await mkdir(join(site.folder, "letters"));
      await writeFile(join(site.folder, "letters/dear.txt"), "keep me");
      const refused = async (output: string) => {
        const run = await runBuild(site.folder, ["--output", output], {});
        expect(run.err).toContain(`  ${output}: --output: `);
        expect(run.code).toBe(1);
      };
      await Promise.all(["letters", ".", "..", "site/out"].map(refused));
      expect(await site.read("letters/dear.txt")).toBe("keep me");
    } finally {
      await site.remove();
    }
  });
});

test("The site we publish builds as it is", async () => {
  const scratch = await createScratchSite({ posts: "none" });
  try {
    const root = resolve(import.meta.dirname, "../..");
    const run = await runBuild(root, ["--output", join(scratch.folder, "real")], {});
    expect(run.err).toBe("");
    expect(run.code).toBe(0);
  } finally {
    await scratch.remove();
  }
});
