import { describe, expect, test } from "vitest";
import { absoluteAddresses, xmlText } from "../../site/lib/discovery/feed.ts";

const ORIGIN = "https://site.example";

describe("The text of a feed", () => {
  test("names the site in every address, and leaves foreign ones alone", () => {
    const html =
      '<a class="x" href="/a/#b">1</a> <a href="#c">2</a> <img src="../d.png" alt=""> <a href="https://o.example/">3</a> href="/text"';
    expect(absoluteAddresses(html, `${ORIGIN}/blog/p/`)).toBe(
      `<a class="x" href="${ORIGIN}/a/#b">1</a> <a href="${ORIGIN}/blog/p/#c">2</a> <img src="${ORIGIN}/blog/d.png" alt=""> <a href="https://o.example/">3</a> href="/text"`,
    );
  });

  test("names the site in every candidate of a picture, and in every address of one element", () => {
    const html =
      '<source srcset="/a.avif 400w, b.avif 800w"><video poster="/p.png" src="/v.mp4" title="a > b">';
    expect(absoluteAddresses(html, `${ORIGIN}/p/`)).toBe(
      `<source srcset="${ORIGIN}/a.avif 400w, ${ORIGIN}/p/b.avif 800w"><video poster="${ORIGIN}/p.png" src="${ORIGIN}/v.mp4" title="a > b">`,
    );
  });

  test("is escaped, and holds no character that XML forbids", () => {
    expect(xmlText('a\u0000\u0008 <b> & "c"\t\u{1F600}')).toBe(
      "a &lt;b&gt; &amp; &quot;c&quot;\t\u{1F600}",
    );
  });
});
