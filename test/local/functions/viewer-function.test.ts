import { describe, expect, it } from "vitest";
import {
  evaluated,
  functionOf,
  hastyFunctionOf,
  NOW,
  outcomeOf,
  viewerRequest,
} from "./function-fixture.ts";

describe("a viewer function", () => {
  it("gets the event and answers with the request it changed", () => {
    const outcome = outcomeOf(
      "function handler(event) { event.request.uri += event.context.distributionId + event.viewer.ip; return event.request; }",
    );
    expect(outcome).toEqual({
      kind: "request",
      request: { ...viewerRequest().request, uri: "/a/EDFDVBD6EXAMPLE198.51.100.11" },
    });
  });

  it("may be written in the words of runtime 1.0", () => {
    const code =
      "var map = { '/a/': '/b/' };\nfunction handler(event) {\n  var request = event.request;\n  request.uri = map[request.uri];\n  return request;\n}";
    expect(outcomeOf(code)).toMatchObject({ kind: "request", request: { uri: "/b/" } });
  });

  it("may be an arrow function in a const, and asynchronous", () => {
    const code =
      "const later = async (x) => { await null; return x + 'b/'; };\nconst handler = async (event) => { event.request.uri = await later(event.request.uri); return event.request; };";
    expect(outcomeOf(code)).toMatchObject({ kind: "request", request: { uri: "/a/b/" } });
  });

  it.each([
    [
      "has no handler",
      "function main(event) { return event.request; }",
      "no function named handler",
    ],
    ["has a handler that is no function", "var handler = 7;", "no function named handler"],
    ["does not parse", "function handler(event) {", "SyntaxError"],
    ["throws", "function handler() { throw new TypeError('no luck'); }", "TypeError: no luck"],
    ["throws before it is called", "null.x; function handler() {}", "TypeError"],
    ["rejects", "async function handler() { throw new Error('no luck'); }", "Error: no luck"],
    ["throws a text", "function handler() { throw 'no luck'; }", "no luck"],
    ["throws nothing", "function handler() { throw undefined; }", "undefined"],
    [
      "waits for ever",
      "async function handler() { await new Promise(() => {}); }",
      "never settled",
    ],
    ["recurs without end", "function handler(e) { return handler(e); }", "call stack"],
    ["returns a circle", "function handler(e) { e.e = e; return e; }", "TypeError"],
    [
      "returns more than the memory",
      "function handler() { return { statusCode: 200, body: 'x'.repeat(2.2e6) }; }",
      "exceeds 2 MB",
    ],
    [
      "has an import() in it",
      "function handler(e) { import('node:fs'); return e.request; }",
      "import() and import.meta are not available",
    ],
    [
      "imports a module that is none",
      "import fs from 'fs';\nfunction handler(e) { return e.request; }",
      "not available on the local edge: fs",
    ],
    [
      "needs a buffer",
      "function handler(e) { require('buffer').Buffer.from('a'); return e.request; }",
      "not available on the local edge: buffer",
    ],
  ])("that %s ends as an execution error", (_, code, message) => {
    expect(outcomeOf(code)).toEqual({
      kind: "execution-error",
      message: expect.stringContaining(message),
    });
  });

  it.each([
    ["runs without end", "function handler() { for (;;) {} }"],
    ["runs without end before it is called", "for (;;) {} function handler() {}"],
    ["waits in a loop", "async function handler() { for (;;) await 0; }"],
    [
      "goes on without end after it has returned",
      "function handler(e) { (async () => { for (;;) await 0; })(); return e.request; }",
    ],
    [
      "has an answer that is read without end",
      "function handler() { return { get statusCode() { for (;;) {} } }; }",
    ],
    [
      "is caught in a pattern",
      "function handler() { return /^(a+)+$/.test('a'.repeat(40) + 'b'); }",
    ],
  ])("that %s is cut off", (_, code) => {
    expect(hastyFunctionOf(code).run(viewerRequest()).outcome).toEqual({
      kind: "execution-error",
      message: "the run was ended after 30 ms",
    });
  });

  it("keeps the log of a run that was cut off, and works again", () => {
    const stuck = functionOf(
      "function handler(e) { console.log('a'); if (e.request.uri === '/stuck') for (;;) {} return e.request; }",
    );
    const { outcome, logs } = stuck.run(viewerRequest({ uri: "/stuck" }));
    expect({ kind: outcome.kind, logs }).toEqual({ kind: "execution-error", logs: ["a"] });
    expect(stuck.run(viewerRequest()).outcome.kind).toBe("request");
  });

  it.each([
    ["Date.now()", String(NOW)],
    ["new Date().toISOString()", "2026-01-02T03:04:05.006Z"],
    ["new Date().getTime() === +new Date()", "true"],
    ["Date().includes('2026')", "true"],
    ["new Date(0).toISOString()", "1970-01-01T00:00:00.000Z"],
    ["new Date(2020, 1).getFullYear()", "2020"],
    ["Date.UTC(1970, 0, 2)", "86400000"],
    ["Date.parse('1970-01-02')", "86400000"],
    ["new Date() instanceof Date", "true"],
    ["new (new Date().constructor)().getTime()", String(NOW)],
    ["Date.name + Date.length", "Date7"],
  ])("sees the time stand still: %s", (expression, value) => {
    expect(evaluated(expression)).toBe(value);
  });

  it("runs in strict mode", () => {
    expect(evaluated("(function () { return this; })()")).toBe("undefined");
    expect(evaluated("undeclared = 1")).toContain("threw ReferenceError");
  });

  it("says where it does not parse on the line where it was written", () => {
    const lines = "import cf from 'cloudfront';\n\nfunction handler() { throw new Error('x'); }";
    expect(outcomeOf(lines)).toEqual({ kind: "execution-error", message: "Error: x" });
  });
});

describe("the log of a run", () => {
  it("has a line for each call", () => {
    const code =
      "function handler(e) { console.log('a'); console.log(7); console.log('\"\\n'); return e.request; }";
    expect(functionOf(code).run(viewerRequest()).logs).toEqual(["a", "7", '"\n']);
  });

  it("is kept when the run fails", () => {
    const failed = functionOf("function handler() { console.log('a'); throw 1; }");
    expect(failed.run(viewerRequest()).logs).toEqual(["a"]);
  });

  it("is cut at 10 KB", () => {
    const code =
      "function handler(e) { for (var i = 0; i < 100; i++) console.log('x'.repeat(999)); return e.request; }";
    const { logs, outcome } = functionOf(code).run(viewerRequest());
    expect(outcome.kind).toBe("request");
    expect(logs.join("\n")).toHaveLength(10 * 1024);
  });

  it("takes the first argument only", () => {
    const code = "function handler(e) { console.log('a', 'b'); return e.request; }";
    expect(functionOf(code).run(viewerRequest()).logs).toEqual(["a"]);
  });
});

describe("a second run", () => {
  it.each([
    ["a variable of the module", "var n = 0; function next() { return ++n; }"],
    [
      "a property of globalThis",
      "function next() { return (globalThis.n = (globalThis.n || 0) + 1); }",
    ],
    ["Object.prototype", "function next() { return (Object.prototype.n = ({}.n || 0) + 1); }"],
    ["Array.prototype", "function next() { return (Array.prototype.n = ([].n || 0) + 1); }"],
    [
      "a prototype reached through a key of the viewer",
      "function next() { var o = {}; o['__proto__'].n = (o.n || 0) + 1; return o.n; }",
    ],
  ])("does not see what the first one left in %s", (_, head) => {
    const counting = functionOf(
      `${head}\nfunction handler(e) { e.request.uri = '/' + next(); return e.request; }`,
    );
    counting.run(viewerRequest());
    expect(counting.run(viewerRequest()).outcome).toMatchObject({ request: { uri: "/1" } });
  });

  it("does not see the log of the first one", () => {
    const logging = functionOf(
      "function handler(e) { console.log(e.request.uri); return e.request; }",
    );
    logging.run(viewerRequest());
    expect(logging.run(viewerRequest({ uri: "/b" })).logs).toEqual(["/b"]);
  });
});
