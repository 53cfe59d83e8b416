import { expect, it } from "vitest";
import { explainChanges } from "../../deploy/commands/explain.ts";
import { SlipwayError } from "../../deploy/core/errors.ts";
import { manifestOf, planFor, sourceFile } from "../support/builders.ts";

const names = Array.from({ length: 40 }, (_, i) => `${i}.html`);
const plan = planFor(
  names.map((name) => sourceFile(name, "new")),
  manifestOf(names.map((name) => sourceFile(name, "old"))),
);
const bytes = (text: string) => new TextEncoder().encode(text);
const files = { read: async () => bytes("<p>© 2026</p>") };

it("reads a page of the sample once, and says what they share", async () => {
  const read: string[] = [];
  const store = {
    read: async (key: string) => {
      read.push(key);
      return bytes("<p>© 2025</p>");
    },
  };
  const causes = await explainChanges(plan, { store, files });
  expect(causes).toMatchObject({ changed: 40, compared: 24, causes: [{ pages: 24, only: 24 }] });
  expect(new Set(read).size).toBe(24);
  expect(read).toHaveLength(24);
});

it("counts only what could be read, and never fails", async () => {
  const denied = new SlipwayError("cloud", { what: "GetObject", why: "denied", next: "allow it" });
  let calls = 0;
  const sometimes = {
    read: async () => {
      calls += 1;
      if (calls % 2 === 0) throw denied;
      return calls % 3 === 0 ? undefined : bytes("<p>© 2025</p>");
    },
  };
  expect(await explainChanges(plan, { store: sometimes, files })).toMatchObject({ compared: 8 });
  const never = { read: () => Promise.reject(denied) };
  expect(await explainChanges(plan, { store: never, files })).toBeUndefined();
});

it("asks for nothing when few pages changed", async () => {
  const few = { ...plan, changes: plan.changes.slice(0, 10) };
  const store = { read: () => Promise.reject(new Error("it was asked")) };
  expect(await explainChanges(few, { store, files })).toBeUndefined();
});
