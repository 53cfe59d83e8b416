import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import company from "../../site/_data/site.ts";
import { createScratchSite, postText, readTree, type ScratchSite } from "./scratch-site.ts";

const { name, url: ORIGIN } = company;

describe("A blog of 25 posts", () => {
  let site: ScratchSite;
  let tree: ReadonlyMap<string, Buffer>;
  const page = (path: string) => tree.get(`${path}index.html`)?.toString("utf8") ?? "";
  const listed = (path: string) =>
    [...page(path).matchAll(/post-item-title"><a href="([^"]+)"/g)].map(([, url]) => url);

  beforeAll(async () => {
    site = await createScratchSite({ posts: "none" });
    for (let day = 1; day <= 25; day += 1) {
      const date = `2026-01-${String(day).padStart(2, "0")}`;
      await site.write(
        `site/content/blog/${date}-post-${day}.md`,
        postText({
          title: `Post ${day}`,
          description: `Post of day ${day}.`,
          date,
          tags: day % 5 === 0 ? "[testing, fifth]" : "[testing]",
          series: day <= 3 ? "nothing-lost" : undefined,
        }),
      );
    }
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    tree = await readTree(join(site.folder, "_site"));
  });
  afterAll(() => site.remove());

  test("lists ten on a page, newest first, each of them once", () => {
    const all = ["blog/", "blog/2/", "blog/3/"].map(listed);
    expect(all.map(({ length }) => length)).toEqual([10, 10, 5]);
    expect(all.flat()).toEqual(Array.from({ length: 25 }, (_, i) => `/blog/post-${25 - i}/`));
    expect([...tree.keys()]).not.toContain("blog/4/index.html");
  });

  test("gives each page of the list its own title, description and canonical address", () => {
    expect(page("blog/")).toContain(`<title>Blog – ${name}</title>`);
    expect(page("blog/")).toContain(`<link rel="canonical" href="${ORIGIN}/blog/">`);
    expect(page("blog/2/")).toContain(`<title>Blog, page 2 – ${name}</title>`);
    expect(page("blog/2/")).toContain(`<link rel="canonical" href="${ORIGIN}/blog/2/">`);
    expect(page("blog/2/")).toContain('content="Our articles 11 to 20 of 25, newest first.');
  });

  test("links each page of the list with those beside it, for people and for machines", () => {
    const links = (path: string) =>
      [...page(path).matchAll(/href="([^"]+)" rel="(prev|next)"/g)].map(([, to, rel]) => [rel, to]);
    expect(links("blog/")).toEqual([["next", "/blog/2/"]]);
    expect(links("blog/2/")).toEqual([
      ["prev", "/blog/"],
      ["next", "/blog/3/"],
    ]);
    expect(page("blog/2/")).toContain(`<link rel="prev" href="${ORIGIN}/blog/">`);
    expect(page("blog/2/")).toContain(`<link rel="next" href="${ORIGIN}/blog/3/">`);
    expect(page("blog/2/")).toContain("11 to 20 of 25");
  });

  test("lists twenty of a topic or of an author on a page, and all of a short one", () => {
    expect([listed("tags/testing/"), listed("tags/testing/2/")].map((l) => l.length)).toEqual([
      20, 5,
    ]);
    expect(listed("tags/fifth/")).toHaveLength(5);
    expect(page("tags/fifth/")).not.toContain(`class="pager"`);
    expect([listed("authors/mira/"), listed("authors/mira/2/")].map((l) => l.length)).toEqual([
      20, 5,
    ]);
    expect(page("authors/teo/")).toContain("Nothing written down yet.");
  });

  test("shows on each part of a series all of its parts, with the one that is open", () => {
    const box = /<nav class="series"[\s\S]*?<\/nav>/.exec(page("blog/post-2/"))?.[0] ?? "";
    expect(box).toContain("Part 2 of 3 of a series");
    expect(
      [...box.matchAll(/<li><a href="([^"]+)"( aria-current="page")?/g)].map((m) => m.slice(1)),
    ).toEqual([
      ["/blog/post-1/", undefined],
      ["/blog/post-2/", ' aria-current="page"'],
      ["/blog/post-3/", undefined],
    ]);
    expect(listed("series/nothing-lost/")).toEqual([
      "/blog/post-1/",
      "/blog/post-2/",
      "/blog/post-3/",
    ]);
    expect(page("blog/post-4/")).not.toContain('class="series"');
  });

  test("suggests on each post up to three others, the one with the rarer tag first", () => {
    const related = /<section class="related"[\s\S]*?<\/section>/.exec(page("blog/post-10/"))?.[0];
    const urls = [...(related ?? "").matchAll(/href="([^"]+)"/g)].map(([, url]) => url);
    expect(urls).toEqual(["/blog/post-15/", "/blog/post-5/", "/blog/post-20/"]);
  });
});
