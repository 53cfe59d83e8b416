import { functionOf, viewerRequest } from "./function-fixture.ts";

/** Runs a function that leaves rejected promises behind; says `alive` if the process outlives them. */
const code = `async function handler(event) {
  Promise.reject(new Error('plain'));
  (async () => { throw { [Symbol.for('nodejs.util.inspect.custom')]() { for (;;) {} } }; })();
  Object.setPrototypeOf(Promise.reject(1), null);
  const dressed = Promise.reject(2);
  Object.defineProperty(dressed, 'constructor', { get() { for (;;) {} } });
  return event.request;
}`;
console.log(functionOf(code).run(viewerRequest()).outcome.kind);
if (process.argv[2] === "outside") void Promise.reject(new Error("a fault of ours"));
setTimeout(() => console.log("alive"), 50);
