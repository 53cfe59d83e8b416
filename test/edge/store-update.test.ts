import { describe, expect, it } from "vitest";
import { compiled, requestEvent, requestFunction, visibleOutcome } from "./function-fixture.ts";
import { rulesOf } from "./rule-sets.ts";

/** So many rules for one path that they are kept in the store. */
const EXACT = Array.from({ length: 400 }, (_, i) => `/old-${i} /new-${i}/ 301`);

function programOf(patterns: readonly string[]) {
  return compiled(rulesOf({ redirects: [...patterns, ...EXACT].join("\n"), keys: [] }));
}

/** CloudFront's edges take a function and its table at different moments. */
describe("while a function meets the table of another release, a rule of both answers", () => {
  const few = programOf(["/blog/* /news/:splat 302"]);
  const many = programOf(["/a/* /b/:splat 302", "/c/* /d/:splat 302", "/blog/* /news/:splat 302"]);

  it.each([
    ["the table has come first", { viewerRequest: few.viewerRequest, store: many.store }],
    ["the function has come first", { viewerRequest: many.viewerRequest, store: few.store }],
  ])("where %s", (_moment, { viewerRequest, store }) => {
    const between = requestFunction({ ...few, viewerRequest, store });
    const answerTo = (uri: string) => {
      const { outcome } = between.run(requestEvent({ host: "site.example", uri, query: "" }));
      return visibleOutcome(outcome);
    };
    expect(answerTo("/old-7")).toEqual({ kind: "redirect", to: "/new-7/", status: 301 });
    expect(answerTo("/blog/x")).toEqual({ kind: "redirect", to: "/news/x/", status: 302 });
  });
});
