import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readEmailAddress } from "../../../api/users/email-address.ts";
import { runs } from "../../support/slow-tests.ts";

const textOf = (typed: string) => {
  const read = readEmailAddress(typed);
  return read.kind === "address" ? read.address.text : undefined;
};

describe("an email address", () => {
  it.each([
    ["ada@example.com", "ada@example.com"],
    [" ada@example.com\n", "ada@example.com"],
    ["Ada.Lovelace+news@Example.COM", "Ada.Lovelace+news@example.com"],
    ["o'brien@example.com", "o'brien@example.com"],
    ["ada@münchen.example", "ada@xn--mnchen-3ya.example"],
    ["a@b.co", "a@b.co"],
  ])("%j is taken as %s", (typed, text) => {
    expect(textOf(typed)).toBe(text);
  });

  it.each([
    "",
    "ada",
    "@example.com",
    "ada@",
    "ada@localhost",
    "ada@example..com",
    "ada@.example.com",
    "ada@example.com.",
    "ada@-example.com",
    "ada@127.0.0.1",
    "ada@[127.0.0.1]",
    "ada@exa mple.com",
    "ada @example.com",
    ".ada@example.com",
    "ada.@example.com",
    "ada..l@example.com",
    '"ada"@example.com',
    "ada@evil.example@example.com",
    "ada@example.com/x",
    "ada@example.com?x",
    "ada@example.com#x",
    "ada@example.com\\x",
    "ada@ex%61mple.com",
    "ada@exa\tmple.com",
    "ada@exa\nmple.com",
    "ada,eve@example.com",
    "<ada@example.com>",
    "ada@example.com\r\nBcc: eve@evil.example",
    "ada\r\nBcc:eve@example.com",
    "ada\u0000@example.com",
    "ädä@example.com",
    `${"a".repeat(65)}@example.com`,
    `a@${"b".repeat(64)}.com`,
    `a@${"b.".repeat(140)}com`,
  ])("%j is refused with a reason", (typed) => {
    const read = readEmailAddress(typed);
    expect(read.kind).toBe("refused");
    expect(read.kind === "refused" && read.why).toMatch(/^[A-Z].*\.$/);
  });

  it("that is taken is one line of ASCII with one @, and is taken again as it is", () => {
    const typed = fc.oneof(
      fc.string({ unit: "binary" }),
      fc.emailAddress(),
      fc.string().map((s) => `${s}@example.com`),
    );
    fc.assert(
      fc.property(typed, (text) => {
        const taken = textOf(text);
        if (taken === undefined) return;
        expect(taken).toMatch(/^[\x21-\x3f\x41-\x7e]+@[a-z0-9.-]+$/);
        expect(textOf(taken)).toBe(taken);
      }),
      { numRuns: runs(500) },
    );
  });
});
