import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import {
  createFunctionThread,
  type FunctionThread,
  type FunctionThreadOptions,
} from "../../../deploy/local/edge/functions/function-thread.ts";
import type { ViewerFunction } from "../../../deploy/local/edge/functions/viewer-function.ts";
import { functionOf, NOW, viewerRequest, viewerResponse } from "./function-fixture.ts";

const PASSING = "function handler(event) { return event.request; }";
const ENDLESS = "function handler() { for (;;) {} }";

let thread: FunctionThread;
let faults: unknown[];
beforeEach(() => {
  faults = [];
  thread = threadWith({});
});
afterEach(() => thread.close());

function threadWith(options: FunctionThreadOptions): FunctionThread {
  return createFunctionThread({ onFault: (fault) => faults.push(fault), ...options });
}

function prepare(code: string, store?: ReadonlyMap<string, string>): ViewerFunction {
  return thread.prepare({ name: "f", code, eventType: "viewer-request", store, now: () => NOW });
}

async function outcomeOf(prepared: ViewerFunction, uri = "/a/") {
  return (await prepared.run(viewerRequest({ uri }))).outcome;
}

const passed = (uri: string) => ({ kind: "request", request: { uri } });

describe("a function in the thread", () => {
  it.each([
    ["passes a request on", PASSING],
    [
      "logs",
      "function handler(e) { console.log('a'); console.log(Date.now()); return e.request; }",
    ],
    ["answers itself", "function handler() { return { statusCode: 410, body: 'łódź' }; }"],
    ["throws", "function handler() { throw new TypeError('no luck'); }"],
    ["does not parse", "function handler() {"],
    ["returns nothing", "function handler() {}"],
    [
      "asks its store",
      `import cf from "cloudfront";
       async function handler(e) { e.request.uri = await cf.kvs().get("/a/"); return e.request; }`,
    ],
  ])("that %s does what it does anywhere else", async (_, code) => {
    const store = new Map([["/a/", "/b/"]]);
    const event = viewerRequest();
    expect(await prepare(code, store).run(event)).toEqual(functionOf(code, store).run(event));
  });

  it("sees the answer after the cache", async () => {
    const code = "function handler(e) { e.response.statusCode = 410; return e.response; }";
    const source = { name: "f", code, eventType: "viewer-response", store: undefined } as const;
    const { outcome } = await thread.prepare({ ...source, now: () => NOW }).run(viewerResponse());
    expect(outcome).toMatchObject({ kind: "response", response: { statusCode: 410 } });
  });

  it("gets its own answer, whoever else asks", async () => {
    const codes = ["b", "c"].map((to) =>
      prepare(`function handler(e) { e.request.uri += "${to}"; return e.request; }`),
    );
    const asked = Array.from({ length: 40 }, (_, at) => `/${at}/`);
    const outcomes = await Promise.all(
      asked.flatMap((uri) => codes.map((code) => outcomeOf(code, uri))),
    );
    expect(outcomes).toMatchObject(asked.flatMap((uri) => [passed(`${uri}b`), passed(`${uri}c`)]));
  });

  it("is still there after many others", async () => {
    const first = prepare(PASSING);
    await outcomeOf(first);
    for (let at = 0; at < 100; at++) {
      const next = prepare(`function handler(e) { e.request.uri = "/${at}"; return e.request; }`);
      expect(await outcomeOf(next)).toMatchObject(passed(`/${at}`));
    }
    expect(await outcomeOf(first)).toMatchObject(passed("/a/"));
  });

  it("may leave a promise rejected", async () => {
    const code = "function handler(e) { Promise.reject(new Error('x')); return e.request; }";
    const leaving = prepare(code);
    await outcomeOf(leaving);
    expect(await outcomeOf(leaving)).toMatchObject(passed("/a/"));
    expect(faults).toEqual([]);
  });
});

describe("a run without end", () => {
  beforeEach(async () => {
    await thread.close();
    thread = threadWith({ timeLimitMs: 100 });
  });

  it.each([
    ["in a loop", ENDLESS],
    ["in promises", "async function handler() { for (;;) await 0; }"],
    ["in a pattern", "function handler() { return /^(a+)+$/.test('a'.repeat(40) + 'b'); }"],
  ])("%s is ended, and those behind it run all the same", async (_, code) => {
    const [passing, endless] = [prepare(PASSING), prepare(code)];
    const outcomes = await Promise.all([
      outcomeOf(passing, "/1/"),
      outcomeOf(endless),
      outcomeOf(passing, "/2/"),
      outcomeOf(endless),
      outcomeOf(passing, "/3/"),
    ]);
    const ended = { kind: "execution-error", message: "the run was ended after 100 ms" };
    expect(outcomes).toMatchObject([passed("/1/"), ended, passed("/2/"), ended, passed("/3/")]);
    expect(faults).toEqual([]);
  });

  it("is none where only the edge's own thread was busy", async () => {
    await thread.close();
    thread = threadWith({ timeLimitMs: 300 });
    const passing = prepare(PASSING);
    await outcomeOf(passing);
    const outcome = outcomeOf(passing);
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 500);
    expect(await outcome).toMatchObject(passed("/a/"));
  });
});

describe("a run that fills the memory", () => {
  it.each([
    ["with many lists", "for (var all = [];;) all.push(new Array(100000).fill(1.5));"],
    ["with one list", "for (var all = [];;) all.push(1);"],
    ["with texts", "for (var all = [];;) all.push(String(all.length).repeat(1000) + 'ä');"],
    ["outside the heap", "for (var all = [];;) all.push(new Uint8Array(1e7).fill(1));"],
  ])("%s is ended, and those behind it run all the same", async (_, body) => {
    const [passing, greedy] = [prepare(PASSING), prepare(`function handler() { ${body} }`)];
    const outcomes = await Promise.all([outcomeOf(greedy), outcomeOf(passing)]);
    expect(outcomes).toMatchObject([{ kind: "execution-error" }, passed("/a/")]);
  });
});

describe("a thread that falls", () => {
  it("fails one run and no other, and says why to the operator", async () => {
    thread = threadWith({ entry: new URL("falling-thread.js", import.meta.url) });
    const outcomes = await Promise.all([outcomeOf(prepare(PASSING)), outcomeOf(prepare(PASSING))]);
    const failed = { kind: "execution-error", message: expect.stringMatching(/has fallen: a bug/) };
    expect(outcomes).toMatchObject([failed, failed]);
    expect(faults).toMatchObject([{ message: "a bug" }, { message: "a bug" }]);
  });

  it("as soon as it starts fails the runs that wait, and each later one tries again", async () => {
    thread = threadWith({ entry: new URL("no-such-thread.js", import.meta.url) });
    const passing = prepare(PASSING);
    const failed = { kind: "execution-error" };
    const outcomes = await Promise.all([outcomeOf(passing), outcomeOf(passing)]);
    expect(outcomes).toMatchObject([failed, failed]);
    expect(faults).toHaveLength(1);
    expect(await outcomeOf(passing)).toMatchObject(failed);
    expect(faults).toHaveLength(2);
  });
});

describe("the end of the thread", () => {
  it("ends the runs under way, and later ones", async () => {
    const endless = prepare(ENDLESS);
    const under = [outcomeOf(endless), outcomeOf(endless)];
    await thread.close();
    const closed = { kind: "execution-error", message: "the edge is being closed" };
    expect(await Promise.all([...under, outcomeOf(endless)])).toEqual([closed, closed, closed]);
    await thread.close();
    expect(faults).toEqual([]);
  });

  it("comes with that of the process", () => {
    const program = fileURLToPath(new URL("thread-process.ts", import.meta.url));
    const args = ["--import", "tsx", program];
    const { status, stdout } = spawnSync(process.execPath, args, { encoding: "utf8" });
    expect({ status, stdout }).toEqual({ status: 0, stdout: "request\n" });
  });
});
