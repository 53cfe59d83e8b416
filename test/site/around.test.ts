import { describe, expect, test } from "vitest";
import { allSeries, aroundAll } from "../../site/lib/around.ts";
import { listPages } from "../../site/lib/listing.ts";

const post = (url: string, data: Readonly<Record<string, unknown>> = {}) => ({ url, data });

const POSTS = [
  post("/4/", { series: "s" }),
  post("/3/", { tags: ["x"] }),
  post("/2/", { series: "s" }),
  post("/1/", { series: "alone", tags: ["x"] }),
];

describe("Around a post", () => {
  const around = aroundAll(POSTS);
  const urls = (posts: readonly { readonly url: string }[] = []) => posts.map(({ url }) => url);

  test("stand the one before and the one after, where there are such", () => {
    expect(around.get("/4/")).toMatchObject({ older: { url: "/3/" }, newer: undefined });
    expect(around.get("/1/")).toMatchObject({ older: undefined, newer: { url: "/2/" } });
  });

  test("stand all parts of its series, the oldest first, and which of them it is", () => {
    expect(around.get("/4/")?.series).toMatchObject({ key: "s", part: 2 });
    expect(urls(around.get("/4/")?.series?.posts)).toEqual(["/2/", "/4/"]);
  });

  test("stands no series while it is the only part, though the series is there", () => {
    expect(around.get("/1/")?.series).toBeUndefined();
    expect(allSeries(POSTS).map(({ key }) => key)).toEqual(["alone", "s"]);
  });

  test("stand the posts themselves as related, with all they have", () => {
    expect(around.get("/1/")?.related).toEqual([POSTS[1]]);
  });
});

describe("A list in pages of ten", () => {
  const pages = (count: number) =>
    listPages(
      Array.from({ length: count }, (_, index) => index + 1),
      { base: "/blog/", size: 10 },
    );

  test.each([
    [0, ["/blog/"], [[0, 0]]],
    [1, ["/blog/"], [[1, 1]]],
    [10, ["/blog/"], [[1, 10]]],
    [
      11,
      ["/blog/", "/blog/2/"],
      [
        [1, 10],
        [11, 11],
      ],
    ],
    [
      25,
      ["/blog/", "/blog/2/", "/blog/3/"],
      [
        [1, 10],
        [11, 20],
        [21, 25],
      ],
    ],
  ])("of %i items has the pages %j", (count, urls, ranges) => {
    expect(pages(count).map(({ url }) => url)).toEqual(urls);
    expect(pages(count).map(({ first, last }) => [first, last])).toEqual(ranges);
    expect(pages(count).flatMap(({ items }) => items)).toHaveLength(count);
  });

  test("names the pages beside each page", () => {
    const [first, second, third] = pages(25);
    expect(first).toMatchObject({ newer: undefined, older: "/blog/2/", pages: 3, total: 25 });
    expect(second).toMatchObject({ newer: "/blog/", older: "/blog/3/" });
    expect(third).toMatchObject({ newer: "/blog/2/", older: undefined });
  });
});
