import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { matchesTopic } from "../../../api/broker/topic-pattern.ts";
import { runs } from "../../support/slow-tests.ts";

describe("a topic pattern", () => {
  it.each([
    ["user.registered.v1", "user.registered.v1", true],
    ["user.registered.v1", "user.registered.v2", false],
    ["user.registered.*", "user.registered.v1", true],
    ["user.*", "user.registered.v1", false],
    ["user.#", "user.registered.v1", true],
    ["user.#", "user", true],
    ["#.v1", "user.registered.v1", true],
    ["#.v1", "v1", true],
    ["#", "", true],
    ["#.#", "", true],
    ["*", "", false],
    ["", "", true],
    ["", "user", false],
    ["*", "user", true],
    ["*.*", ".", true],
    ["*", ".", false],
    ["a..b", "a..b", true],
    ["a.*.b", "a..b", true],
    ["a.#.b", "a.b", true],
    ["a.#.#.b", "a.x.b", true],
    ["us*r", "user", false],
    ["user.reg#", "user.registered", false],
    ["USER", "user", false],
  ])("%j and the key %j: %j", (pattern, key, expected) => {
    expect(matchesTopic(pattern, key)).toBe(expected);
  });

  it("agrees with the definition, written down word by word", () => {
    const word = fc.constantFrom("a", "b", "", "*", "#");
    const text = fc.array(word, { maxLength: 6 }).map((words) => words.join("."));
    fc.assert(
      fc.property(text, text, (pattern, key) => {
        expect(matchesTopic(pattern, key)).toBe(definition(words(pattern), words(key)));
      }),
      { numRuns: runs(5_000) },
    );
  });

  it("takes a pattern of a hundred # in its stride", () => {
    const pattern = Array.from({ length: 100 }, () => "#.a").join(".");
    const key = Array.from({ length: 120 }, () => "a").join(".");
    expect(matchesTopic(`${pattern}.b`, key)).toBe(false);
    expect(matchesTopic(pattern, key)).toBe(true);
  });
});

function words(text: string): readonly string[] {
  return text === "" ? [] : text.split(".");
}

function definition(pattern: readonly string[], key: readonly string[]): boolean {
  const [part, ...parts] = pattern;
  if (part === undefined) return key.length === 0;
  if (part === "#") {
    return definition(parts, key) || (key.length > 0 && definition(pattern, key.slice(1)));
  }
  return key.length > 0 && (part === "*" || part === key[0]) && definition(parts, key.slice(1));
}
