import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import { evaluated, functionOf, outcomeOf, viewerRequest } from "./function-fixture.ts";

/** Every value here has a constructor of the context, whose code may not be made from text. */
const WAYS_TO_A_CONSTRUCTOR: readonly string[] = [
  "event",
  "globalThis",
  "console",
  "console.log",
  "require",
  "require('crypto')",
  "require('crypto').createHash('md5')",
  "require('querystring').parse('a=b')",
  "require('cloudfront').kvs",
  "(async () => {})()",
  "require('cloudfront').kvs().get('k')",
  "(() => { try { null.x } catch (e) { return e } })()",
  "(() => { try { (function f() { f() })() } catch (e) { return e } })()",
  "(() => { try { require('fs') } catch (e) { return e } })()",
  "(() => { try { Function('') } catch (e) { return e } })()",
  "(() => { try { JSON.parse('{') } catch (e) { return e } })()",
  "(() => { try { console.log({ toString() { throw null.x } }) } catch (e) { return e } })()",
  "new Date()",
  "(function () { return arguments })()",
  "globalThis['slipway run']",
  "(() => { try { globalThis['slipway run']() } catch (e) { return e } })()",
];

describe("the code of a function", () => {
  const store = new Map([["k", "v"]]);

  it.each(WAYS_TO_A_CONSTRUCTOR)("makes no code out of text by way of %s", (way) => {
    const breakOut = `((x) => x.constructor.constructor('return process')())(${way})`;
    expect(evaluated(breakOut, "", store)).toMatch(/^threw EvalError/);
    expect(evaluated(`(${way}) instanceof Object`, "", store)).toBe("true");
  });

  it.each(
    `process require.main module exports __filename Buffer setTimeout setInterval setImmediate
    clearTimeout queueMicrotask fetch URL URLSearchParams structuredClone TextEncoder performance
    WebAssembly SharedArrayBuffer Atomics Intl Proxy Reflect WeakRef FinalizationRegistry eval escape
    unescape global navigator Map Set WeakMap WeakSet BigInt console.error`.split(/\s+/),
  )("has no %s", (name) => {
    expect(evaluated(`typeof ${name}`)).toBe("undefined");
  });

  it("gets no frames of the edge, nor a say in how a stack is written", () => {
    const head =
      "try { Error.prepareStackTrace = (e, frames) => frames.map((f) => f.getThis() + f.getFunction()); } catch {}" +
      "try { Error.stackTraceLimit = 50; } catch {}" +
      "try { globalThis.Error = { prepareStackTrace: () => 'mine' }; } catch {}";
    expect(evaluated("new Error('x').stack", head)).toBe("Error: x");
    expect(evaluated("typeof Error.captureStackTrace", head)).toBe("undefined");
  });

  it.each([
    "import('node:fs')",
    "import ('node:fs')",
    "import/**/('node:fs')",
    "import\n('node:fs')",
    "import//\n('node:fs')",
    "import<!--\n('node:fs')",
    "import.meta",
    "[...import('node:fs')]",
  ])("can't %s", (expression) => {
    expect(outcomeOf(`function handler() { return ${expression}; }`)).toEqual({
      kind: "execution-error",
      message: expect.stringMatching(/^SyntaxError/),
    });
  });

  it("can't close the function it is wrapped in", () => {
    const outcome = outcomeOf("} globalThis.out = 1; { function handler() {}");
    expect(outcome).toMatchObject({ kind: "execution-error" });
  });
});

describe("what a function throws or returns", () => {
  it.each([
    [
      "a text that throws",
      "throw { toString() { throw new Error('again'); } };",
      "cannot be shown",
    ],
    ["no text at all", "throw Object.create(null);", "cannot be shown"],
    [
      "a primitive that is none",
      "throw { [Symbol.toPrimitive]() { return {}; } };",
      "cannot be shown",
    ],
    ["a text without end", "throw 'x'.repeat(1e6);", "xxx"],
    ["toJSON that throws", "return { toJSON() { throw new Error('inside'); } };", "inside"],
    [
      "a getter that throws",
      "return { get statusCode() { throw new Error('inside'); } };",
      "inside",
    ],
  ])("may be %s", (_, body, message) => {
    const outcome = outcomeOf(`function handler() { ${body} }`);
    expect(outcome).toEqual({
      kind: "execution-error",
      message: expect.stringContaining(message),
    });
    expect(JSON.stringify(outcome).length).toBeLessThan(2_000);
  });

  it("is read once, before anything is decided", () => {
    const code =
      "function handler() { var n = 200; return { get statusCode() { return n++; }, headers: {} }; }";
    expect(outcomeOf(code)).toMatchObject({ kind: "response", response: { statusCode: 200 } });
  });

  it("counts as it stands where it only looks like a promise", () => {
    const code = "function handler() { return { then(done) { done({ statusCode: 200 }); } }; }";
    expect(outcomeOf(code)).toMatchObject({ kind: "validation-error" });
  });

  it("is not changed by what the code makes of JSON, Promise and String", () => {
    const code = `JSON.stringify = () => 'x'; JSON.parse = () => ({});
      Promise.prototype.then = () => {}; String.prototype.slice = () => 'x'; Array.prototype.toJSON = () => 'x';
      async function handler(event) { console.log('a'); event.request.uri = '/b/'; return event.request; }`;
    const { outcome, logs } = functionOf(code).run(viewerRequest());
    expect(outcome).toMatchObject({ kind: "request", request: { uri: "/b/" } });
    expect(logs).toEqual(["a"]);
  });

  it("keeps __proto__ a name like any other, and changes nothing outside", () => {
    const code = `function handler(event) {
      var names = Object.keys(event.request.querystring).join();
      event.request.headers = JSON.parse('{"host":{"value":"example.org"},"__proto__":{"value":"' + names + '"}}');
      return event.request;
    }`;
    const querystring = JSON.parse('{"__proto__":{"value":"1"}}');
    const outcome = outcomeOf(code, viewerRequest({ querystring }));
    if (outcome.kind !== "request") throw new Error(JSON.stringify(outcome));
    expect(Object.entries(outcome.request.headers)).toContainEqual([
      "__proto__",
      { value: "__proto__" },
    ]);
    expect(Object.keys(outcome.request.querystring)).toEqual(["__proto__"]);
    expect(({} as Record<string, unknown>).value).toBeUndefined();
  });
});

describe("a promise that is left rejected", () => {
  const program = fileURLToPath(new URL("rejecting-process.ts", import.meta.url));
  const run = (...args: readonly string[]) =>
    spawnSync(process.execPath, ["--import", "tsx", program, ...args], { encoding: "utf8" });

  it("does not end the edge's process, however it is dressed up", () => {
    const { status, stdout } = run("inside");
    expect({ status, stdout }).toEqual({ status: 0, stdout: "request\nalive\n" });
  });

  it("still ends it where it is the edge's own", () => {
    const { status, stdout, stderr } = run("outside");
    expect({ status, stdout }).toEqual({ status: 1, stdout: "request\n" });
    expect(stderr).toContain("a fault of ours");
  });
});

afterEach(() => {
  expect(Object.keys(Object.prototype)).toEqual([]);
});
