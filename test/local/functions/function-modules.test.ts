import { createHash, createHmac } from "node:crypto";
import { parse, stringify } from "node:querystring";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { evaluated, functionOf, outcomeOf, viewerRequest } from "./function-fixture.ts";

const ALGORITHMS = ["md5", "sha1", "sha256"] as const;
const ENCODINGS = ["hex", "base64", "base64url"] as const;
const text = (value: string) => JSON.stringify(value);

describe("an import", () => {
  it.each([
    "import cf from 'cloudfront';",
    'import cf from "cloudfront"',
    'import cf from"cloudfront";var a=1;',
    "import * as cf from 'cloudfront';",
    "import { kvs } from 'cloudfront'; const cf = { kvs };",
    "import { kvs as open } from 'cloudfront'; const cf = { kvs: open };",
    "import{kvs}from'cloudfront';const cf={kvs};",
    "// a comment\n/* and\n another */\n\nimport cf from 'cloudfront';",
    "'use strict';\nimport cf from 'cloudfront';",
    "import crypto from 'crypto';\nimport cf from 'cloudfront';",
    "import {\n  kvs,\n} from 'cloudfront';\nconst cf = { kvs };",
    "const cf = require('cloudfront');",
    "var open = require('cloudfront').kvs; var cf = { kvs: open };",
  ])("may be written as %s", (head) => {
    expect(evaluated("typeof cf.kvs", head)).toBe("function");
  });

  it("may be spoken of in a text or a comment", () => {
    expect(evaluated("'an import of import'", "// the import of goods")).toBe(
      "an import of import",
    );
  });
});

describe("the key value store of a function", () => {
  const head = "import cf from 'cloudfront';\nconst kvs = cf.kvs();";
  const store = new Map([
    ["plain", "some text"],
    ["json", '{"a":[1]}'],
    ["__proto__", "p"],
    ["", "empty"],
  ]);

  it.each([
    ["kvs.get('plain')", "some text"],
    ["kvs.get('plain', { format: 'string' })", "some text"],
    ["kvs.get('json', { format: 'json' }).then((v) => v.a[0])", "1"],
    ["kvs.get('__proto__')", "p"],
    ["kvs.get('')", "empty"],
    ["kvs.exists('plain')", "true"],
    ["kvs.exists('none')", "false"],
    ["kvs.exists('toString')", "false"],
    ["kvs.meta().then((m) => m.keyCount)", "4"],
    ["kvs.get('plain') instanceof Promise", "true"],
    ["kvs.get('none')", "threw Error: the key value store has no key none"],
    ["kvs.get('plain', { format: 'json' })", "threw SyntaxError"],
    ["kvs.get('plain', { format: 'xml' })", "threw TypeError: a value has the format"],
    ["kvs.get('plain', { format: 'bytes' })", "threw Error: not available on the local edge"],
    ["cf.kvs('a-store-id').exists('plain')", "true"],
  ])("answers %s", (expression, value) => {
    expect(evaluated(expression, head, store)).toContain(value);
  });

  it("is an error where none is associated", () => {
    expect(outcomeOf(`${head}\nfunction handler(e) { return e.request; }`)).toEqual({
      kind: "execution-error",
      message: "Error: no key value store is associated with the function",
    });
  });

  it("is the one that the function was made with", () => {
    const growing = new Map([["a", "1"]]);
    const code = `${head}\nasync function handler(e) { e.request.uri = '/' + await kvs.exists('b'); return e.request; }`;
    const before = functionOf(code, growing);
    growing.set("b", "2");
    expect(before.run(viewerRequest()).outcome).toMatchObject({ request: { uri: "/false" } });
  });

  it.each(["updateRequestOrigin", "selectRequestOriginById", "createRequestOriginGroup"])(
    "comes with no %s, which says so",
    (name) => {
      expect(evaluated(`cf.${name}({})`, head, store)).toBe(
        `threw Error: not available on the local edge: cf.${name}`,
      );
    },
  );
});

describe("the module crypto", () => {
  const head = "import crypto from 'crypto';";

  it.each(ALGORITHMS)("makes the digests of %s", (algorithm) => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary", maxLength: 200 }).filter((data) => data.isWellFormed()),
        fc.constantFrom(...ENCODINGS),
        (data, encoding) => {
          const digest = `crypto.createHash('${algorithm}').update(${text(data)}).digest('${encoding}')`;
          expect(evaluated(digest, head)).toBe(createHash(algorithm).update(data).digest(encoding));
        },
      ),
      { numRuns: 60 },
    );
  });

  it.each(ALGORITHMS)("makes digests of %s for every length of a block", (algorithm) => {
    const digests = `Array.from({ length: 130 }, (_, n) => crypto.createHash('${algorithm}').update('x'.repeat(n)).digest('hex')).join()`;
    const expected = Array.from({ length: 130 }, (_, n) =>
      createHash(algorithm).update("x".repeat(n)).digest("hex"),
    );
    expect(evaluated(digests, head)).toBe(expected.join());
  });

  it.each(ALGORITHMS)("makes the HMAC of %s with keys of any length", (algorithm) => {
    for (const length of [0, 1, 63, 64, 65, 200]) {
      const key = "k".repeat(length);
      const hmac = `crypto.createHmac('${algorithm}', '${key}').update('a').update('ü').digest('base64url')`;
      const expected = createHmac(algorithm, key).update("aü").digest("base64url");
      expect(evaluated(hmac, head)).toBe(expected);
    }
  });

  it.each([
    ["crypto.createHash('sha512')", "not supported algorithm"],
    ["crypto.createHash('toString')", "not supported algorithm"],
    ["crypto.createHash('md5').update(7)", "not available on the local edge"],
    ["crypto.createHash('md5').digest()", "not available on the local edge"],
    ["crypto.createHash('md5').digest('latin1')", "unknown digest encoding"],
    [
      "(() => { const h = crypto.createHash('md5'); h.digest('hex'); h.update('a'); })()",
      "already",
    ],
  ])("refuses %s", (expression, message) => {
    expect(evaluated(expression, head)).toContain(message);
    expect(evaluated(expression, head)).toMatch(/^threw/);
  });
});

describe("the module querystring", () => {
  const head = "import querystring from 'querystring';";

  it.each([
    "",
    "a=b",
    "a=b&a=c&d",
    "a=%20+%zz",
    "a=%C3%BC%FFb%e2%82%ac%F0%9F%98%80%c3",
    "=x&&y=",
    "a=b=c",
    "__proto__=1",
    "ü=%C3%BC",
  ])("parses %s as Node does", (query) => {
    const parsed = evaluated(`JSON.stringify(querystring.parse(${text(query)}))`, head);
    const expected: unknown = JSON.parse(JSON.stringify({ ...parse(query) }));
    expect(JSON.parse(parsed)).toEqual(expected);
  });

  it("parses with its own separators, at most so many", () => {
    const expression = "JSON.stringify(querystring.parse('a:1;b:2;c:3', ';', ':', { maxKeys: 2 }))";
    expect(evaluated(expression, head)).toBe('{"a":"1","b":"2"}');
  });

  it.each([{ a: "b", c: ["d", "e"], n: 7, t: true, none: null }, { "ü &": "= ?" }, {}])(
    "writes %j as Node does",
    (values) => {
      expect(evaluated(`querystring.stringify(${JSON.stringify(values)})`, head)).toBe(
        stringify(values),
      );
    },
  );

  it("escapes and unescapes", () => {
    expect(evaluated("querystring.escape('ü &') + querystring.unescape('%C3%BC%')", head)).toBe(
      "%C3%BC%20%26ü%",
    );
  });
});
