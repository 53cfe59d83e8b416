import { describe, expect, it } from "vitest";
import { objectKey } from "../../deploy/core/keys.ts";
import { selectPaths } from "../../deploy/core/select-paths.ts";

const LIVE = [
  "index.html",
  "404.html",
  "about/index.html",
  "about",
  "blog/index.html",
  "blog/first/index.html",
  "blog/second/index.html",
  "blog-2/index.html",
  "main.css",
  "assets/theme.css",
  "assets/photo [1].jpg",
  "assets/photo 2.jpg",
  ".well-known/security.txt",
  "v~1.js",
  "what?.html",
  "c#.html",
].map(objectKey);

describe("an operator's words select", () => {
  it.each([
    ["a file", ["/main.css"], ["/main.css"]],
    ["the home page in both its forms", ["/"], ["/", "/index.html"]],
    ["a page by its folder", ["/blog/"], ["/blog/", "/blog/index.html"]],
    ["a page by its file", ["/blog/index.html"], ["/blog/", "/blog/index.html"]],
    ["a page without its slash", ["/blog"], ["/blog", "/blog/", "/blog/index.html"]],
    [
      "an object that is named like the page too",
      ["/about/"],
      ["/about", "/about/", "/about/index.html"],
    ],
    ["a page that is gone, for the edge may hold it", ["/gone/"], ["/gone/", "/gone/index.html"]],
    ["a file that is gone", ["/gone.css"], ["/gone.css"]],
    ["a wildcard as it stands", ["/blog/*", "/blog*", "/*"], ["/*", "/blog*", "/blog/*"]],
    ["what has a tilde by the beginning before it", ["/v~1.js"], ["/v*"]],
    [
      "all below a folder, and the folder itself, by two stars",
      ["/blog/**"],
      [
        "/blog/",
        "/blog/first/",
        "/blog/first/index.html",
        "/blog/index.html",
        "/blog/second/",
        "/blog/second/index.html",
      ],
    ],
    [
      "the same without the first slash",
      ["blog/**/index.html"],
      [
        "/blog/",
        "/blog/first/",
        "/blog/first/index.html",
        "/blog/index.html",
        "/blog/second/",
        "/blog/second/index.html",
      ],
    ],
    ["one folder's files by one star", ["/assets/*.css"], ["/assets/theme.css"]],
    [
      "names in any folder by a glob without a slash",
      ["*.css"],
      ["/assets/theme.css", "/main.css"],
    ],
    ["dot files too", ["/.well-known/**.txt"], ["/.well-known/security.txt"]],
    [
      "alternatives",
      ["/{about,blog-2}/index.html"],
      ["/about/", "/about/index.html", "/blog-2/", "/blog-2/index.html"],
    ],
    [
      "a live name with brackets literally",
      ["/assets/photo [1].jpg"],
      ["/assets/photo%20%5B1%5D.jpg"],
    ],
    ["a live name with ? or #", ["/what?.html", "/c#.html"], ["/what%3F.html", "/c%23.html"]],
    [
      "names with spaces, encoded",
      ["/assets/photo*.jpg"],
      ["/assets/photo%20%5B1%5D.jpg", "/assets/photo%202.jpg"],
    ],
    [
      "what was copied from a browser as it is",
      ["/assets/photo%202.jpg"],
      ["/assets/photo%202.jpg"],
    ],
    ["each path once", ["/blog/", "/blog/index.html", "/blog/"], ["/blog/", "/blog/index.html"]],
  ])("%s", (_rule, typed, expected) => {
    const { paths, problems } = selectPaths(typed, LIVE);
    expect(problems).toEqual([]);
    expect(paths.toSorted()).toEqual(expected.toSorted());
  });

  it.each([
    ["/news/**", '"/news/**" matches nothing that is live'],
    ["*.woff2", '"*.woff2" matches nothing that is live'],
    ["blog/", '"blog/" does not start with a slash'],
    ["", '"" does not start with a slash'],
    [
      "https://example.com/blog/",
      '"https://example.com/blog/" is a full address: leave its host away',
    ],
    [
      "/blog/?page=2",
      '"/blog/?page=2" has a query, which the CDN does not cache by: leave it away, or write %3F for a ? in a name',
    ],
    [
      "/blog/#team",
      '"/blog/#team" has a fragment, which no browser sends: leave it away, or write %23 for a # in a name',
    ],
    [`/${"a".repeat(5000)}`, `"/${"a".repeat(99)}…" is over 4,000 characters`],
    [`/${"a".repeat(5000)}/**`, `"/${"a".repeat(99)}…" matches nothing that is live`],
  ])("nothing by %j: %s", (typed, problem) => {
    expect(selectPaths([typed], LIVE)).toEqual({ paths: [], problems: [problem] });
  });

  it("and every problem is told at once", () => {
    expect(selectPaths(["x", "/", "/y/**"], LIVE).problems).toHaveLength(2);
  });
});
