import { expect, test } from "vitest";
import { openCache } from "../../../site/lib/cache.ts";
import { createPageReader } from "../../../site/lib/checks/page-reader.ts";
import { contentId } from "../../../site/lib/render.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const made = (path: string, content: string) => ({
  path,
  source: "a.md",
  content,
  id: contentId(content),
});

const page = (path: string, title: string) =>
  made(
    path,
    `<!doctype html><html lang="en"><title>${title}</title><p id="x"><a href="/b/">b</a></p>`,
  );

const NO_STYLES = new Map<string, string>();

test("A page that has not changed is not parsed again, in this run or a later one", async () => {
  const root = await tempFolder();
  const cache = openCache("pages", "1", { root });
  const made: string[] = [];
  const counting = {
    ...cache,
    set: (key: string, bytes: string) => made.push(key) && cache.set(key, bytes),
  };
  const read = createPageReader(counting as typeof cache);
  const first = read([page("a/index.html", "A"), page("feed.xml", "no page")], NO_STYLES);
  expect(first).toHaveLength(1);
  expect(first[0]).toMatchObject({ path: "a/index.html", title: "A", ids: ["x"] });
  expect(read([page("a/index.html", "A")], NO_STYLES)).toEqual(first);
  const later = createPageReader({ ...counting, get: openCache("pages", "1", { root }).get });
  expect(later([page("a/index.html", "A")], NO_STYLES)).toEqual(first);
  expect(made).toHaveLength(1);
});

test("A page with another text or at another place is read anew", async () => {
  const read = createPageReader(openCache("pages", "1", { root: await tempFolder() }));
  read([page("a/index.html", "A")], NO_STYLES);
  expect(read([page("a/index.html", "B")], NO_STYLES)[0]?.title).toBe("B");
  expect(read([page("b/index.html", "A")], NO_STYLES)[0]?.path).toBe("b/index.html");
});

test("What travels for a page has its stylesheets in it, also when one of them alone has changed", async () => {
  const read = createPageReader(openCache("pages", "1", { root: await tempFolder() }));
  const styled = made("a.html", "<head><style>/*site.css*/</style></head><p>x");
  const weigh = (text: string) => read([styled], new Map([["site.css", text]]))[0]?.transfer ?? 0;
  const light = weigh("p{}");
  const noise = Array.from({ length: 4000 }, (_, n) => (n * 2654435761).toString(36)).join();
  const heavy = weigh(noise);
  expect(light).toBeLessThan(100);
  expect(heavy).toBeGreaterThan(14_000);
  expect(weigh("p{}")).toBe(light);
});
