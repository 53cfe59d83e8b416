import { describe, expect, it } from "vitest";
import { compileProgram } from "../../deploy/edge/program.ts";
import { type EdgeRules, NO_RULES } from "../../deploy/edge/rules.ts";
import {
  compiled,
  edgeFunctions,
  requestEvent,
  requestFunction,
  visibleOutcome,
} from "./function-fixture.ts";
import { RULE_SETS, rulesOf } from "./rule-sets.ts";

const NO_POLICY = { set: [], remove: [] };

function redirects(count: number, write: (i: number) => string, keys: readonly string[] = []) {
  const lines = Array.from({ length: count }, (_, i) => write(i));
  return rulesOf({ redirects: lines.join("\n"), keys });
}

function problemsOf(rules: EdgeRules, storeAllowed = true): readonly string[] {
  const result = compileProgram(rules, NO_POLICY, { storeAllowed });
  return result.kind === "problems" ? result.problems : [];
}

describe("a program", () => {
  it("leaves half of the code to rules", () => {
    const { viewerRequest, viewerResponse } = compiled(NO_RULES);
    expect(viewerRequest.length).toBeLessThanOrEqual(5_120);
    expect(viewerResponse.length).toBeLessThanOrEqual(5_120);
  });

  it("is the same for the same rules, and in plain ASCII", () => {
    const text = "/caf%C3%A9 /caf%C3%A9/x?é=é#é 301\n/a é=é /b\n";
    const site = { redirects: text, headers: "/x\n  X-Name: é\n", keys: [] };
    const program = compiled(rulesOf(site));
    expect(compiled(rulesOf(site))).toEqual(program);
    expect(program.viewerRequest + program.viewerResponse).toMatch(/^[\n\t\x20-\x7e]*$/);
  });

  it("keeps rules and addresses in the code while they fit", () => {
    const rules = redirects(60, (i) => `/old-${i} /new-${i} 301`, ["old-1/index.html"]);
    const { viewerRequest, store } = compiled(rules);
    expect(store.size).toBe(0);
    expect(viewerRequest).toContain('["/old-59","/new-59",301]');
    expect(viewerRequest).not.toContain("async");
  });

  it("moves what one look-up finds to a store when the code is full", () => {
    const rules = redirects(5_000, (i) => `/old-${i} /new-${i} 301`, ["old-1/index.html", "x.txt"]);
    const { viewerRequest, store } = compiled(rules);
    expect(viewerRequest.length).toBeLessThan(10_240);
    expect(store.get("r/old-4999")).toBe('[0,"/new-4999",301]');
    expect(store.get("k/old-1/")).toBe("1");
    expect(store.has("r/old-1")).toBe(false);
  });

  it("counts in the store how many rules of the code come first", () => {
    const patterns = ["/a/* /b/:splat", "/c/:d /e/:d"].join("\n");
    const rules = redirects(400, (i) => `/old-${i} /new-${i}${i === 5 ? `\n${patterns}` : ""}`);
    const { store } = compiled(rules);
    expect(store.get("r/old-5")).toBe('[0,"/new-5",301]');
    expect(store.get("r/old-6")).toBe('[2,"/new-6",301]');
  });

  it("keeps in the code what is too long for the store", () => {
    const name = "n".repeat(600);
    const rules = redirects(400, (i) => (i === 0 ? `/${name} /new` : `/old-${i} /new-${i}`));
    const program = compiled(rules);
    expect(program.viewerRequest).toContain(name);
    const request = { host: undefined, uri: `/${name}`, query: "" };
    const { outcome } = requestFunction(program).run(requestEvent(request));
    expect(visibleOutcome(outcome)).toEqual({ kind: "redirect", to: "/new/", status: 301 });
  });

  it("has no Strict-Transport-Security where the site has none", () => {
    const result = compileProgram(RULE_SETS.moves.rules, NO_POLICY, { storeAllowed: false });
    if (result.kind === "problems") throw new Error(result.problems.join("\n"));
    const run = requestFunction(result.program);
    for (const uri of ["/old", "/gone"]) {
      const { outcome } = run.run(requestEvent({ host: undefined, uri, query: "" }));
      expect(outcome).toMatchObject({ kind: "response", response: { headers: expect.anything() } });
      expect(JSON.stringify(outcome)).not.toContain("strict-transport-security");
    }
  });

  it("runs on the local edge although a path looks like a dynamic import", () => {
    const rules = rulesOf({
      redirects: "/import/a /import.meta/\n",
      headers: "/import/b\n  X-Import: import(x)\n",
      keys: [],
    });
    const { viewerRequest, viewerResponse } = edgeFunctions(compiled(rules));
    const event = requestEvent({ host: undefined, uri: "/import/a", query: "" });
    expect(visibleOutcome(viewerRequest.run(event).outcome)).toMatchObject({
      to: "/import.meta/",
    });
    const answer = viewerResponse.run({
      ...event,
      context: { ...event.context, eventType: "viewer-response" },
      request: { ...event.request, uri: "/import/b/index.html" },
      response: { statusCode: 200, headers: {}, cookies: {} },
    });
    expect(answer.outcome).toMatchObject({
      response: { headers: { "x-import": { value: "import(x)" } } },
    });
  });

  it("tells the status that is stored with a page, except where the viewer has the page", () => {
    const { viewerResponse } = edgeFunctions(compiled(NO_RULES));
    const event = requestEvent({ host: undefined, uri: "/gone/", query: "" });
    const told = (statusCode: number) =>
      viewerResponse.run({
        ...event,
        context: { ...event.context, eventType: "viewer-response" },
        response: {
          statusCode,
          headers: {
            "x-amz-meta-slipway-status": { value: "410" },
            "content-range": { value: "bytes 0-1/2" },
          },
          cookies: {},
        },
      }).outcome;
    expect(told(200)).toMatchObject({ response: { statusCode: 410, statusDescription: "Gone" } });
    expect(told(206)).toMatchObject({ response: { statusCode: 410, headers: {} } });
    expect(told(304)).toMatchObject({ response: { statusCode: 304 } });
    expect(JSON.stringify(told(304))).not.toContain("slipway-status");
  });

  it("is written as people read it", async () => {
    const { viewerRequest } = compiled(RULE_SETS.hosts.rules);
    await expect(viewerRequest).toMatchFileSnapshot("../golden/viewer-request.js");
  });
});

describe("a program that does not fit is refused with its numbers:", () => {
  it("rules, where no store is allowed", () => {
    const problems = problemsOf(
      redirects(400, (i) => `/old-${i} /new-${i}`),
      false,
    );
    expect(problems).toEqual([
      expect.stringMatching(
        /^the viewer-request function is \d\d,\d{3} bytes, \d?\d,\d{3} over CloudFront's limit of 10,240: the program itself takes 5,\d{3}, 400 rules \d\d,\d{3}, the longest 27\. Allow a KeyValueStore, or use fewer rules$/,
      ),
    ]);
  });

  it("patterns that no store can hold", () => {
    const [problem] = problemsOf(redirects(400, (i) => `/old-${i}/* /new-${i}/:splat`));
    expect(problem).toMatch(
      /over CloudFront's limit of 10,240: .* 400 rules .* by placeholders and stars$/,
    );
  });

  it("headers of many paths", () => {
    const blocks = Array.from({ length: 400 }, (_, i) => `/page-${i}\n  X-Page: ${i}`);
    const rules = rulesOf({ redirects: "", headers: blocks.join("\n"), keys: [] });
    expect(problemsOf(rules)).toEqual([
      expect.stringMatching(
        /^the viewer-response function is 1\d,\d{3} bytes, .* 400 blocks of headers/,
      ),
    ]);
  });

  it("an address that is too long for a key of the store", () => {
    const key = `${"é".repeat(100)}/index.html`;
    const rules = redirects(400, (i) => (i === 0 ? "/* /page.html 200" : `/old-${i} /new-${i}`), [
      key,
    ]);
    expect(problemsOf(rules)).toEqual([
      expect.stringMatching(
        /^the address \/%C3%A9.* has 602 bytes when it is encoded, and a KeyValueStore takes 511: /,
      ),
    ]);
  });

  it("a table that is too large for a store", () => {
    const long = "x".repeat(400);
    const rules = redirects(7_000, (i) => `/${long}-${i} /${long}/${i}`);
    expect(problemsOf(rules)).toEqual([
      expect.stringMatching(
        /^the table of rules and addresses is 5,\d{3},\d{3} bytes, .* 7,000 entries/,
      ),
    ]);
  });
});
