import { expect, it } from "vitest";
import { createLoadedFunctions } from "../../../deploy/local/edge/functions/loaded-functions.ts";

const ROOM_FOR_TWO = 2_500_000;

function weighable(fn: number, store?: ReadonlyMap<string, string>) {
  return { fn, code: "function handler() {}", store };
}

it("loads a function once", () => {
  const loaded = createLoadedFunctions();
  expect(loaded.use(weighable(1))).toEqual({ load: true, drop: [] });
  expect(loaded.use(weighable(1))).toEqual({ load: false, drop: [] });
});

it("drops what was not used for the longest time, and loads it again when it is wanted", () => {
  const loaded = createLoadedFunctions(ROOM_FOR_TWO);
  loaded.use(weighable(1));
  loaded.use(weighable(2));
  loaded.use(weighable(1));
  expect(loaded.use(weighable(3))).toEqual({ load: true, drop: [2] });
  expect(loaded.use(weighable(1))).toEqual({ load: false, drop: [] });
  expect(loaded.use(weighable(2))).toEqual({ load: true, drop: [3] });
});

it("makes more room for a function with a large store, and holds one that is too large alone", () => {
  const loaded = createLoadedFunctions(ROOM_FOR_TWO);
  const store = new Map([["key", "x".repeat(3_000_000)]]);
  loaded.use(weighable(1));
  loaded.use(weighable(2));
  expect(loaded.use(weighable(3, store))).toEqual({ load: true, drop: [1, 2] });
  expect(loaded.use(weighable(3, store))).toEqual({ load: false, drop: [] });
  expect(loaded.use(weighable(1))).toEqual({ load: true, drop: [3] });
});
