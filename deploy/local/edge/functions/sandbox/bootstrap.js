/**
 * Runs inside the context of one CloudFront function, before its code, and is the only thing there
 * that the edge talks to. Everything the code can touch is made here, of this context's own objects;
 * the edge hands in nothing but text and functions of this context, and takes nothing but text.
 *
 * Whatever is used after the code has run was put aside first, because the code may replace it.
 * `accept`, `take` and `instantiate` run no code of the function's outside the time limit: strings
 * only, and no property that the code could have made a getter of.
 */
(function bootstrap(modules, limits) {
  const { apply, construct, ownKeys } = Reflect;
  const { stringify, parse } = JSON;
  const { then } = Promise.prototype;
  const { slice } = String.prototype;
  const { freeze, defineProperty, getOwnPropertyNames } = Object;
  const text = String;

  let instantiate;
  let pending;
  let time = 0;
  let kind = "";
  let result = "";
  let logs = "";
  let logged = 0;

  const console = freeze({ log: record });

  freezeDate();
  protectErrors();
  removeGlobals();
  defineProperty(globalThis, "console", { value: console, writable: true, configurable: true });
  defineProperty(globalThis, limits.runName, { value: run });
  const watched = [
    globalThis,
    Object,
    JSON,
    ...[Object, Function, Array, String, RegExp, Promise].map((made) => made.prototype),
  ].map((object) => ({ object, count: ownKeys(object).length }));
  return freeze({ accept, take, load, isClean });

  function load(compiled) {
    instantiate = compiled;
  }

  function accept(eventText, now) {
    pending = eventText;
    time = now;
    kind = "";
    result = "";
    logs = "";
    logged = 0;
  }

  /** The only entry for the edge's timed script; of no use to the code, because nothing is pending. */
  function run() {
    if (pending === undefined) throw new TypeError("not a function");
    const eventText = pending;
    pending = undefined;
    try {
      const handler = instantiate(require);
      if (handler === undefined) return end("no-handler", "");
      const returned = handler(parse(eventText));
      if (waitsFor(returned)) return end("unsettled", "");
      settle(returned);
    } catch (error) {
      fail(error);
    }
  }

  function settle(value) {
    try {
      const answer = typeof value === "object" && value !== null ? stringify(value) : undefined;
      if (answer === undefined) return end("no-object", value === null ? "null" : typeof value);
      if (answer.length > limits.memory) return end("too-large", text(answer.length));
      end("returned", answer);
    } catch (error) {
      fail(error);
    }
  }

  function fail(error) {
    let message = "a value that cannot be shown";
    try {
      message = apply(slice, text(error), [0, limits.message]);
    } catch {}
    end("threw", message);
  }

  function end(what, value) {
    kind = what;
    result = value;
  }

  function take(what) {
    return what === "kind" ? kind : what === "logs" ? logs : result;
  }

  function record(message) {
    if (logged >= limits.logs) return;
    const line = apply(slice, text(message), [0, limits.logs - logged]);
    logged += line.length + 1;
    logs += (logs === "" ? "" : ",") + stringify(line);
  }

  /** False once the code has added to the language's own objects, or to what is global. */
  function isClean() {
    for (let at = 0; at < watched.length; at += 1) {
      if (ownKeys(watched[at].object).length !== watched[at].count) return false;
    }
    return true;
  }

  /** True if it is a promise, whose end is then told to settle or fail. A thenable is none. */
  function waitsFor(value) {
    if (typeof value !== "object") return false;
    try {
      apply(then, value, [settle, fail]);
      return true;
    } catch {
      return false;
    }
  }

  function require(name) {
    const module = modules[text(name)];
    if (module === undefined) throw new Error(`not available on the local edge: ${text(name)}`);
    return module;
  }

  /** CF-DG "JavaScript runtime 2.0 features": the time stands still while a function runs. */
  function freezeDate() {
    const Clock = Date;
    const standing = function (...parts) {
      if (new.target === undefined) return text(new Clock(time));
      return construct(Clock, parts.length === 0 ? [time] : parts, new.target);
    };
    for (const name of ["UTC", "parse"]) {
      defineProperty(standing, name, { value: Clock[name], writable: true, configurable: true });
    }
    const now = () => time;
    defineProperty(standing, "now", { value: now, writable: true, configurable: true });
    defineProperty(standing, "length", { value: 7 });
    defineProperty(standing, "name", { value: "Date" });
    defineProperty(standing, "prototype", { value: Clock.prototype, writable: false });
    defineProperty(Clock.prototype, "constructor", { value: standing });
    defineProperty(globalThis, "Date", { value: standing, writable: true, configurable: true });
  }

  /**
   * Node calls Error.prepareStackTrace of whatever context an error is from, with frames of its own
   * on the stack and no time limit. There is none to call, and there are no frames to show.
   */
  function protectErrors() {
    const fixed = { writable: false, configurable: false };
    delete Error.captureStackTrace;
    defineProperty(Error, "prepareStackTrace", { value: undefined, ...fixed });
    defineProperty(Error, "stackTraceLimit", { value: 0, ...fixed });
    defineProperty(globalThis, "Error", { value: Error, ...fixed });
  }

  function removeGlobals() {
    const kept = new Set(limits.globals);
    for (const name of getOwnPropertyNames(globalThis)) {
      if (!kept.has(name)) delete globalThis[name];
    }
  }
});
