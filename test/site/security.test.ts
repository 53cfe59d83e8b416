import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { headersFor } from "../../deploy/edge/headers-for.ts";
import { makeRules, type SiteRules } from "../../deploy/edge/site-rules.ts";
import { observe, type Verdict } from "../support/observatory.ts";
import { createScratchSite, readTree, type ScratchSite } from "./scratch-site.ts";

/**
 * What the site's own headers and Slipway's defaults are worth, before anything is published. That http
 * is redirected to https is the distribution's part, and taken as given.
 */

/** Nothing more can be had without cookies, without scripts held to a hash, and without the preload list. */
const MOST = 150;

const PAGES = ["/", "/blog/first/", "/register/", "/tags/", "/404.html", "/410.html"];

type Rules = Extract<SiteRules, { kind: "rules" }>;

describe("The built site, beside Slipway's defaults", () => {
  let site: ScratchSite;
  let tree: ReadonlyMap<string, Buffer>;
  let withOwnHeaders: Rules;
  let withDefaults: Rules;

  beforeAll(async () => {
    site = await createScratchSite();
    expect(await site.build()).toMatchObject({ code: 0, err: "" });
    tree = await readTree(join(site.folder, "_site"));
    withOwnHeaders = rulesOf(tree, tree.get("_headers")?.toString());
    withDefaults = rulesOf(tree, undefined);
  });
  afterAll(() => site.remove());

  function verdictOn(path: string, rules: Rules): Verdict {
    const body = tree.get(path.slice(1).replace(/(^|\/)$/, "$1index.html"))?.toString() ?? "";
    expect(body, path).toContain("<html");
    return observe({ headers: answerHeaders(path, rules), body, redirection: REDIRECTED });
  }

  test("has rules that fit each other, the site, and CloudFront's limits, without a notice", () => {
    expect(withOwnHeaders.notices).toEqual([]);
    const text = tree.get("_redirects")?.toString() ?? "";
    const written = text.match(/^[^#\s].*$/gm) ?? [];
    expect(written).not.toEqual([]);
    expect(withOwnHeaders.rules.redirects).toHaveLength(written.length);
  });

  test.each(PAGES)("scores A+ at %s, with all the points that can be had", (path) => {
    expect(verdictOn(path, withOwnHeaders)).toMatchObject({ grade: "A+", score: MOST });
  });

  test("lets other sites show the card and the icon, and read the feed, and nothing else", () => {
    const shown = ["/assets/og/home.0123456789.png", "/favicon.svg"].map(
      (path) => answerHeaders(path, withOwnHeaders)["cross-origin-resource-policy"],
    );
    expect(shown).toEqual(["cross-origin", "cross-origin"]);
    expect(answerHeaders("/feed.xml", withOwnHeaders)).toMatchObject({
      "access-control-allow-origin": "*",
      "cross-origin-resource-policy": "same-origin",
    });
    expect(answerHeaders("/", withOwnHeaders)).not.toHaveProperty("access-control-allow-origin");
  });

  test("would have only its missing policy held against it without headers of its own", () => {
    const { findings, grade } = verdictOn("/", withDefaults);
    const held = Object.entries(findings).filter(([, { modifier }]) => modifier < 0);
    expect(held).toEqual([
      ["content-security-policy", { result: "csp-not-implemented", modifier: -25 }],
    ]);
    expect(grade).toBe("B");
  });
});

const REDIRECTED = "redirection-to-https";

function rulesOf(tree: ReadonlyMap<string, Buffer>, headersText: string | undefined): Rules {
  const made = makeRules({
    redirectsText: tree.get("_redirects")?.toString(),
    headersText,
    config: { redirects: [], headers: [] },
    hosts: undefined,
    keys: [...tree.keys()].filter((name) => name !== "_headers" && name !== "_redirects"),
  });
  if (made.kind === "problems") throw new Error(JSON.stringify(made.problems, null, 2));
  return made;
}

/** The policy first, then the viewer-response function: the order in which CloudFront works. */
function answerHeaders(path: string, { rules, headers }: Rules): Record<string, string> {
  const { set, remove } = headersFor(path, undefined, rules);
  const all = new Map(headers.policy.set.map(({ name, value }) => [name, value]));
  for (const name of remove) all.delete(name);
  for (const { name, value } of set) all.set(name, value);
  return { "content-type": "text/html; charset=utf-8", ...Object.fromEntries(all) };
}
