import { expect, test } from "vitest";
import { openCache } from "../../../site/lib/cache.ts";
import { createPageReader } from "../../../site/lib/checks/page-reader.ts";
import { tempFolder } from "../../support/temp-folder.ts";

const page = (path: string, title: string) => ({
  path,
  source: "a.md",
  content: `<!doctype html><html lang="en"><title>${title}</title><p id="x"><a href="/b/">b</a></p>`,
});

test("A page that has not changed is not parsed again, in this run or a later one", async () => {
  const root = await tempFolder();
  const cache = openCache("pages", "1", { root });
  const made: string[] = [];
  const counting = {
    ...cache,
    set: (key: string, bytes: string) => made.push(key) && cache.set(key, bytes),
  };
  const read = createPageReader(counting as typeof cache);
  const first = read([page("a/index.html", "A"), page("feed.xml", "no page")]);
  expect(first).toHaveLength(1);
  expect(first[0]).toMatchObject({ path: "a/index.html", title: "A", ids: ["x"] });
  expect(read([page("a/index.html", "A")])).toEqual(first);
  const later = createPageReader({ ...counting, get: openCache("pages", "1", { root }).get });
  expect(later([page("a/index.html", "A")])).toEqual(first);
  expect(made).toHaveLength(1);
});

test("A page with another text or at another place is read anew", async () => {
  const read = createPageReader(openCache("pages", "1", { root: await tempFolder() }));
  read([page("a/index.html", "A")]);
  expect(read([page("a/index.html", "B")])[0]?.title).toBe("B");
  expect(read([page("b/index.html", "A")])[0]?.path).toBe("b/index.html");
});
