import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHeaders } from "../../deploy/edge/parse-headers.ts";
import { runs } from "../support/slow-tests.ts";

const only = (text: string) => {
  const { blocks, problems } = parseHeaders(text);
  expect(problems).toEqual([]);
  return blocks.map(({ set, remove }) => ({
    set: set.map(({ name, value }) => `${name}: ${value}`),
    remove,
  }));
};

describe("a block of _headers", () => {
  it.each([
    ["sets headers, names in lower case", "/*\n  X-A: 1\n  x-B: 2", ["x-a: 1", "x-b: 2"], []],
    ["is indented by tabs too", "/*\n\tX-A: 1\n \t X-B: 2", ["x-a: 1", "x-b: 2"], []],
    [
      "keeps colons and number signs of values",
      "/a\n  Link: <https://x.org/#a>; t=#1 # b",
      ["link: <https://x.org/#a>; t=#1 # b"],
      [],
    ],
    ["needs no space behind the colon", "/a\n  X-A:1", ["x-a: 1"], []],
    ["joins a name that comes twice", "/a\n  X-A: 1\n  x-a: 2", ["x-a: 1, 2"], []],
    ["takes headers away", "/a\n  ! X-A\n  !X-B", [], ["x-a", "x-b"]],
    ["takes away before it sets", "/a\n  X-A: 1\n  ! X-A", ["x-a: 1"], ["x-a"]],
    ["may have comments and blank lines", "# x\n/a # y\n\n  # z\n# z\n  X-A: 1", ["x-a: 1"], []],
  ])("%s", (_rule, text, set, remove) => {
    expect(only(text)).toEqual([{ set, remove }]);
  });

  it("has the line of its path", () => {
    const { blocks } = parseHeaders("\ufeff# a\r\n/b/*\r\n  X-A: 1\r\n/c\r\n  X-B: 2");
    expect(blocks.map(({ source }) => [source.line, source.text])).toEqual([
      [2, "/b/*"],
      [4, "/c"],
    ]);
  });
});

describe("a line of _headers is refused", () => {
  it.each([
    ["before any path", "  X-A: 1", 1, "before the first path"],
    ["without indentation", "/a\n  X-B: 2\nX-A: 1", 3, "indent it"],
    ["as a path that is indented", "/a\n  X-B: 2\n  /b", 3, "remove the space"],
    ["without a colon", "/a\n  X-A 1", 2, "no colon"],
    ["with a space in its name", "/a\n  X A: 1", 2, "is not the name of a header"],
    ["with a space before the colon", "/a\n  X-A : 1", 2, "is not the name of a header"],
    ["without a name", "/a\n  : 1", 2, "is not the name of a header"],
    ["with nothing to take away", "/a\n  !", 2, "is not the name of a header"],
    ["that takes away and sets", "/a\n  ! X-A: 1", 2, "is not the name of a header"],
    ["without a value", "/a\n  X-A:", 2, "! X-A"],
    ["with a value that is not ASCII", "/a\n  X-A: é", 2, "headers are ASCII"],
    ["with a control character", "/a\n  X-A: a\u0000b", 2, "U+0000"],
    ["with a placeholder of the path", "/:id\n  X-A: :id", 2, "uses :id"],
    ["with the path's splat", "/a/*\n  Link: </b/:splat>", 2, "uses :splat"],
    ["with a long name", `/a\n  ${"x".repeat(257)}: 1`, 2, "257 characters"],
    ["with a long line", `/a\n  X-A: ${"x".repeat(2000)}`, 2, "2005 characters"],
    ["with a path that has nothing below it", "/a\n/b\n  X-A: 1", 1, "no headers under it"],
    ["with a path on a host", "https://x.pages.dev/*\n  X-A: 1", 1, "names a host"],
    ["with a splat in the middle", "/*.js\n  X-A: 1", 1, "the last"],
  ])("%s", (_rule, text, line, reason) => {
    expect(parseHeaders(text).problems).toEqual([
      { file: "_headers", line, text: expect.any(String), reason: expect.stringContaining(reason) },
    ]);
  });

  it.each(
    [
      ["Connection", "leave it out"],
      ["content-length", "leave it out"],
      ["Transfer-Encoding", "leave it out"],
      ["Proxy-Authenticate", "leave it out"],
      ["Via", "another name"],
      ["Warning", "another name"],
      ["X-Cache", "another name"],
      ["X-Amz-Meta-Slipway-Status", "another name"],
      ["X-Amz-Cf-Id", "another name"],
      ["X-Edge-Location", "another name"],
      ["X-Real-IP", "another name"],
      ["Date", "the very answer"],
      ["Server", "the very answer"],
      ["ETag", "the very answer"],
      ["Vary", "the very answer"],
      ["Set-Cookie", "in the API"],
      ["Expires", "Cache-Control"],
      ["Location", "_redirects"],
      ["Basic-Auth", "password"],
    ].flatMap(([name, reason]) => [
      [`${name}: x`, reason],
      [`! ${name}`, reason],
    ]),
  )("for the name in %j", (line, reason) => {
    expect(parseHeaders(`/*\n  ${line}`).problems.map((one) => one.reason)).toEqual([
      expect.stringContaining(reason ?? ""),
    ]);
  });

  it("together with all others, in the order of the file", () => {
    const { problems } = parseHeaders(
      "  a: 1\n/a/*/b\n  Via: 1\n  ok: 1\nx\n/c\n  Set-Cookie: a=b",
    );
    expect(problems.map(({ line }) => line)).toEqual([1, 2, 3, 5, 7]);
  });
});

describe("a _headers file", () => {
  it.each([[""], ["\ufeff"], ["\r\n"], ["# /*\n#  X-A: 1"]])(
    "may be as good as empty: %j",
    (text) => {
      expect(parseHeaders(text)).toEqual({ blocks: [], problems: [] });
    },
  );

  const line = fc.oneof(
    fc.constantFrom(
      "/a",
      "/*",
      "/a/*/b",
      "  X-A: 1",
      "\tX-B: :splat",
      "  ! C",
      " #",
      "",
      "X: 1",
      "  /b",
      "  Via: 1",
    ),
    fc.string({ unit: "binary" }).map((text) => text.replace(/[\r\n]/g, "")),
  );

  it("accounts for every line that is no comment and not blank, whatever it says", () => {
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const { blocks, problems } = parseHeaders(`#\n${lines.join("\n")}`);
        const wrong = new Set(problems.map((one) => one.line));
        const right = new Set(blocks.map(({ source }) => source.line));
        for (const [i, text] of lines.entries()) {
          if (/^\s*(?:#|$)/.test(text)) continue;
          const header = /^[ \t]/.test(text);
          // A header without a problem of its own is in the block above it.
          expect(header || wrong.has(i + 2) || right.has(i + 2)).toBe(true);
        }
      }),
      { numRuns: runs(500) },
    );
  });

  it("keeps each good header in its block", () => {
    const { blocks, problems } = parseHeaders("/a\n  X-A: 1\n  bad\n  X-B: 2\n/b\n  X-C: 3");
    expect(problems).toHaveLength(1);
    expect(blocks.map(({ set }) => set.map(({ name }) => name))).toEqual([["x-a", "x-b"], ["x-c"]]);
  });
});
