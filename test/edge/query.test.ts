import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  canonicalQuery,
  encodeQuery,
  parseQueryString,
  queryValue,
  withoutNames,
} from "../../deploy/edge/query.ts";

describe("a query is handed to a function", () => {
  it.each([
    ["as nothing when it is empty", "", {}],
    ["with values as they were sent", "a=%20+b", { a: { value: "%20+b" } }],
    ["with names as they were sent", "A%20=1", { "A%20": { value: "1" } }],
    ["with what follows the first equals sign as the value", "a=b=c", { a: { value: "b=c" } }],
    ["with an empty value for a lone name", "a", { a: { value: "" } }],
    ["without empty pairs", "&a=1&&", { a: { value: "1" } }],
    [
      "with all values of a name, the first in front",
      "a=1&b=2&a=3",
      { a: { value: "1", multiValue: [{ value: "1" }, { value: "3" }] }, b: { value: "2" } },
    ],
  ])("%s", (_rule, raw, parameters) => {
    expect(parseQueryString(raw)).toEqual(parameters);
  });

  it("with __proto__ as a name like any other", () => {
    expect(Object.keys(parseQueryString("__proto__=1"))).toEqual(["__proto__"]);
  });
});

describe("a query is kept", () => {
  it.each([
    ["as it is where it has one form", "a=1&b=%20?", "a=1&b=%20?"],
    ["as nothing when it is empty", "", ""],
    ["as nothing when all its pairs are", "&&", ""],
    ["with an equals sign behind every name", "a&b", "a=&b="],
    ["with the values of a name together", "a=1&b=2&a=3", "a=1&a=3&b=2"],
    ["with line breaks escaped", "x\r\nSet-Cookie: y", "x%0D%0ASet-Cookie:%20y="],
    ["with a fragment sign escaped", "x#y", "x%23y="],
    ["with the escapes it has, malformed ones too", "x=%zz%2e", "x=%zz%2e"],
    ["as nothing when it is no Unicode", "x=\ud800", ""],
  ])("%s", (_rule, raw, kept) => {
    expect(canonicalQuery(raw)).toBe(kept);
  });

  it("in a form that is not changed again", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (raw) => {
        const kept = canonicalQuery(raw);
        expect(canonicalQuery(kept)).toBe(kept);
        expect(kept).toMatch(/^[\x21-\x7e]*$/);
        expect(kept).not.toContain("#");
      }),
    );
  });
});

describe("of a query", () => {
  it.each([
    ["the value of a name", "a=1&b=2", "b", "2"],
    ["the first of several values", "a=1&a=2", "a", "1"],
    ["the decoded value", "a=%C3%A9+b%20", "a", "é+b "],
    ["the value of an escaped name", "%61=1", "a", "1"],
    ["an empty value of a lone name", "a", "a", ""],
    ["nothing for a name in another case", "A=1", "a", undefined],
    ["nothing for a value with malformed escapes", "a=%zz", "a", undefined],
    ["nothing of an empty query", "", "", undefined],
  ])("%s is found", (_rule, query, name, value) => {
    expect(queryValue(query, name)).toBe(value);
  });

  it("names are left out in any spelling, with all their values", () => {
    expect(withoutNames("a=1&%61=2&b=3&a", ["a"])).toBe("b=3");
    expect(withoutNames("a=1&b=2", [])).toBe("a=1&b=2");
    expect(withoutNames("%zz=1", ["a"])).toBe("%zz=1");
  });

  it("what a rule's author wrote is escaped once", () => {
    expect(encodeQuery("a={b}&c=%20é")).toBe("a=%7Bb%7D&c=%20%C3%A9");
  });
});
