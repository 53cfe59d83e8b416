import fc from "fast-check";
import { expect, test } from "vitest";
import { compareUtf8 } from "../../deploy/local/edge/storage/byte-order.ts";
import { createKeyIndex } from "../../deploy/local/edge/storage/key-index.ts";

const bytesOrder = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const key = fc.oneof(
  fc.string({ unit: "binary", maxLength: 8 }),
  fc.string({ unit: fc.constantFrom("a", "b", "\ud7ff", "\ue000", "\uffff", "😀"), maxLength: 8 }),
);

test("keys are compared as their UTF-8 bytes are", () => {
  fc.assert(
    fc.property(key, key, (a, b) => {
      expect(Math.sign(compareUtf8(a, b))).toBe(Math.sign(bytesOrder(a, b)));
    }),
  );
});

test("emoji come after the last of the short characters, unlike in UTF-16", () => {
  expect(["😀", "\uffee"].sort(compareUtf8)).toEqual(["\uffee", "😀"]);
  expect(["😀", "\uffee"].sort()).toEqual(["😀", "\uffee"]);
});

test("an index behaves like a sorted map, whatever is done to it", () => {
  const step = fc.record({ key: fc.stringMatching(/^[ab😀\uffee]{0,3}$/u), isPut: fc.boolean() });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 200 }), key, (steps, start) => {
      const index = createKeyIndex<string>();
      const model = new Map<string, string>();
      for (const { key: name, isPut } of steps) {
        if (isPut) index.set(name, name);
        else index.delete(name);
        if (isPut) model.set(name, name);
        else model.delete(name);
      }
      const sorted = [...model.keys()].sort(bytesOrder);
      expect([...index.values()]).toEqual(sorted);
      expect(index.size).toBe(sorted.length);
      const after = [...index.from((name) => compareUtf8(name, start) <= 0)];
      expect(after).toEqual(sorted.filter((name) => bytesOrder(name, start) > 0));
    }),
  );
});

test("100,000 keys go in, and a page from the middle is found at once", () => {
  const index = createKeyIndex<number>();
  const names = Array.from({ length: 100_000 }, (_, i) => `k/${(i * 7919) % 100_000}`);
  for (const [i, name] of names.entries()) index.set(name, i);
  const started = performance.now();
  for (let i = 0; i < 1000; i += 1) {
    const [first] = index.from((name) => compareUtf8(name, `k/${i}`) <= 0);
    expect(first).toBeDefined();
  }
  expect(performance.now() - started).toBeLessThan(1000);
  for (const name of names) index.delete(name);
  expect([...index.values()]).toEqual([]);
});
