import { expect, it } from "vitest";
import { createPaint } from "../../deploy/cli/paint.ts";
import { renderNotices } from "../../deploy/cli/render-notices.ts";
import { type UrlPath, urlPath } from "../../deploy/core/keys.ts";
import { sourceFile } from "../support/builders.ts";

const plain = createPaint(false);
const from = sourceFile("index.html").key;

it("names five of each kind and counts the rest", () => {
  const urls = Array.from({ length: 7 }, (_, i): UrlPath => urlPath(sourceFile(`${i}.html`).key));
  const links = [{ path: "/gone/", from }];
  expect(
    renderNotices(
      [
        { kind: "removed-urls", urls },
        { kind: "broken-links", links },
      ],
      plain,
    ),
  ).toEqual([
    "",
    "  Note 7 URLs gone without a redirect",
    "    /0.html",
    "    /1.html",
    "    /2.html",
    "    /3.html",
    "    /4.html",
    "    … and 2 more",
    "",
    "  Note 1 link to nothing in the site",
    "    /gone/ (on index.html)",
  ]);
});

it("says nothing when there is nothing to say", () => {
  expect(renderNotices([], plain)).toEqual([]);
});
