import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, type EdgeRequest } from "../../deploy/edge/decide.ts";
import { headersFor } from "../../deploy/edge/headers-for.ts";
import type { EdgeRules } from "../../deploy/edge/rules.ts";
import { createViewerFunction } from "../../deploy/local/edge/functions/create-viewer-function.ts";
import { runs } from "../support/slow-tests.ts";
import {
  compiled,
  requestEvent,
  requestFunction,
  visibleDecision,
  visibleOutcome,
} from "./function-fixture.ts";
import { rulesOf } from "./rule-sets.ts";

/** Few words, so that rules and requests meet. */
const segment = fc.constantFrom("a", "b", "c", "x.html", "index.html", "é", ".well-known", "a b");
const writtenSegment = segment.map(encodeURIComponent);
const path = fc
  .tuple(fc.array(writtenSegment, { maxLength: 3 }), fc.constantFrom("", "/"))
  .map(([segments, slash]) => `/${segments.join("/")}${segments.length === 0 ? "" : slash}`);

const from = fc
  .tuple(
    fc.array(fc.oneof(writtenSegment, fc.constantFrom(":one", ":two")), { maxLength: 3 }),
    fc.boolean(),
  )
  .map(([segments, splat]) => {
    const distinct = segments.filter(
      (one, i) => !one.startsWith(":") || segments.indexOf(one) === i,
    );
    return `/${[...distinct, ...(splat ? ["*"] : [])].join("/")}`;
  });

const target = fc
  .tuple(
    fc.constantFrom("", "", "", "https://other.example", "https://www.site.example"),
    path,
    fc.constantFrom("", "", "?q=1", "?r={value}&a", "?"),
    fc.constantFrom("", "", "#top", "#é"),
  )
  .map((parts) => parts.join(""));

const line = fc
  .record({
    from,
    query: fc.constantFrom("", "", "q=:q ", "q=1 ", "q=:q r=2 "),
    to: target,
    tail: fc.constantFrom("", "", "/:one", "/:splat", "/:q", ":splat.html"),
    status: fc.constantFrom("301", "302", "307", "308", "303", "200", "404", "410"),
    force: fc.constantFrom("", "!"),
  })
  .map(({ from, query, to, tail, status, force }) => {
    const cut = to.search(/[?#]/);
    const whole = cut < 0 ? to + tail : to.slice(0, cut) + tail + to.slice(cut);
    return `${from} ${query}${whole} ${status}${force}`;
  });

const ruleSet = fc
  .record({
    redirects: fc.array(line, { maxLength: 5 }),
    keys: fc.array(
      path.map((one) => decodeURIComponent(one).slice(1)),
      { maxLength: 3 },
    ),
    hosts: fc.constantFrom(undefined, {
      canonical: "site.example",
      others: ["www.site.example"],
    }),
  })
  .map(({ redirects, keys, hosts }) =>
    // Lines that no site could have are left out one by one.
    rulesOf({ redirects: redirects.join("\n"), keys, hosts }),
  );

const odd = fc
  .array(
    fc.oneof(
      fc.constantFrom("/", "//", ".", "..", "%2e", "%2E%2e", "%2f", "%5c", "\\", "%00", "%", "#"),
      fc.constantFrom(".slipway", "%2eslipway", ".SLIPWAY", "index.html", ".well-known", "%25"),
      fc.constantFrom("a", "é", "%C3%A9", "%c0%ae", "\ud800", "\r\n", "evil.example", " ", "[{x}]"),
      fc.string({ unit: "binary", maxLength: 4 }),
    ),
    { maxLength: 8 },
  )
  .map((parts) => `/${parts.join("")}`);
const long = fc.integer({ min: 900, max: 8_000 }).map((length) => `/${"é".repeat(length / 2)}.x`);
const uri = fc.oneof(
  { weight: 6, arbitrary: path },
  { weight: 3, arbitrary: odd },
  { weight: 1, arbitrary: fc.string({ unit: "binary" }) },
  { weight: 1, arbitrary: long },
);
const query = fc.oneof(
  fc.constantFrom(
    "",
    "",
    "q=1",
    "q=a%2Fb&x",
    "q=..&r=2",
    "q=&q=2",
    "q=%zz",
    "1=2&q=.slipway",
    "__proto__=1",
  ),
  fc.string({ unit: "binary" }),
);
const request: fc.Arbitrary<EdgeRequest> = fc.record({
  host: fc.constantFrom(undefined, "site.example", "WWW.site.example:8788", "d1.cloudfront.net"),
  uri,
  query,
});

/** Puts as much as it can into the store, whatever the size of the code. */
function withStore(rules: EdgeRules) {
  const filler = Array.from({ length: 400 }, (_, i) => `/filler-${i} /filler-target 301`);
  const { redirects } = rulesOf({ redirects: filler.join("\n"), keys: [] });
  return { ...rules, redirects: [...rules.redirects, ...redirects] };
}

describe("for any rules and any request", () => {
  it("the function answers as decide does", () => {
    fc.assert(
      fc.property(
        ruleSet,
        fc.array(request, { minLength: 20, maxLength: 20 }),
        (rules, requests) => {
          const run = requestFunction(compiled(rules));
          for (const one of requests) {
            const { outcome } = run.run(requestEvent(one));
            expect(visibleOutcome(outcome)).toEqual(visibleDecision(decide(one, rules)));
          }
        },
      ),
      { numRuns: runs(150) },
    );
  });

  it("the function with a store answers as decide does", () => {
    fc.assert(
      fc.property(ruleSet, fc.array(request, { minLength: 20, maxLength: 20 }), (few, requests) => {
        const rules = withStore(few);
        const program = compiled(rules);
        expect(program.store.size).toBeGreaterThan(0);
        const run = requestFunction(program);
        for (const one of requests) {
          const { outcome } = run.run(requestEvent(one));
          expect(visibleOutcome(outcome)).toEqual(visibleDecision(decide(one, rules)));
        }
      }),
      { numRuns: runs(100) },
    );
  });

  it("a redirect is not redirected again", () => {
    fc.assert(
      fc.property(ruleSet, request, (rules, one) => {
        const first = decide(one, rules);
        if (first.kind !== "redirect") return;
        const to = new URL(first.to, `https://${one.host ?? "site.example"}`);
        const isAway = to.host === "other.example" || rules.hosts === undefined;
        if (first.to.startsWith("https://") && isAway) return;
        const [uri = "", ...query] = first.to
          .replace(/^https:\/\/[^/]*/, "")
          .replace(/#.*/s, "")
          .split("?");
        const again = decide({ host: to.host, uri, query: query.join("?") }, rules);
        expect(again.kind).not.toBe("redirect");
        expect(first.to).toMatch(/^(?:\/(?!\/)|https:\/\/)[\x21-\x7e]*$/);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it("no key of Slipway's and none outside of the site is read", () => {
    fc.assert(
      fc.property(ruleSet, request, (rules, one) => {
        const decision = decide(one, rules);
        if (decision.kind !== "serve") return;
        expect(decision.key).not.toMatch(/^\.slipway/i);
        expect(decision.key.split("/")).not.toContain("..");
        expect(decision.key.split("/")).not.toContain("");
        expect(decodeURIComponent(decision.uri)).toBe(`/${decision.key}`);
      }),
      { numRuns: runs(5_000) },
    );
  });

  it("the viewer-response function sets and removes the headers of headersFor", () => {
    const block = fc
      .record({
        from,
        lines: fc.array(
          fc.constantFrom("X-A: 1", "X-A: 2", "X-B: é", "! X-A", "! X-Frame-Options"),
          {
            minLength: 1,
            maxLength: 3,
          },
        ),
      })
      .map((one) => [one.from, ...one.lines.map((text) => `  ${text}`)].join("\n"));
    fc.assert(
      fc.property(
        fc.array(block, { maxLength: 4 }),
        fc.array(request, { maxLength: 10 }),
        (blocks, requests) => {
          const hosts = { canonical: "site.example", others: [] };
          const rules = rulesOf({ redirects: "", headers: blocks.join("\n"), keys: [], hosts });
          const run = createViewerFunction({
            name: "viewer-response",
            code: compiled(rules).viewerResponse,
            eventType: "viewer-response",
            store: undefined,
          });
          const given = { "x-frame-options": { value: "DENY" }, "x-b": { value: "policy" } };
          for (const one of requests) {
            const event = requestEvent(one);
            const { outcome } = run.run({
              ...event,
              context: { ...event.context, eventType: "viewer-response" },
              response: { statusCode: 200, headers: given, cookies: {} },
            });
            const { set, remove } = headersFor(one.uri, one.host, rules);
            const kept = Object.entries(given).filter(([name]) => !remove.includes(name));
            const wanted = {
              ...Object.fromEntries(kept),
              ...Object.fromEntries(set.map(({ name, value }) => [name, { value }])),
            };
            expect(outcome).toMatchObject({ kind: "response", response: { statusCode: 200 } });
            expect(outcome.kind === "response" && outcome.response.headers).toEqual(wanted);
          }
        },
      ),
      { numRuns: runs(200) },
    );
  });
});
