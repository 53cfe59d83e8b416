/** CF-DG "JavaScript runtime 2.0 features", built-in modules, and the helper module `cloudfront`. */
const STATEMENT =
  /^import\s*(\*\s*as\s+[\w$]+|[\w$]+(?:\s*,\s*\{[^{}]*\})?|\{[^{}]*\})\s*from\s*(["'])([\w/:@.-]+)\2[^\S\n]*;?/;

/** White space, comments and directives, which may stand between imports. */
const BETWEEN = /^(?:\s+|\/\/[^\n]*|\/\*[\s\S]*?\*\/|(["'])use strict\1[^\S\n]*;?)/;

/**
 * What could be `import()` or `import.meta`, however it is spaced. node:vm answers import() with a
 * promise of Node's own, which leads out of the context, so nothing that resembles it may be run.
 */
const DYNAMIC = /(?<![\w$])import(?=[\s\u2028\u2029\uFEFF]*[(./<-])/;

export type Rewritten =
  | { readonly kind: "code"; readonly code: string }
  | { readonly kind: "refused"; readonly message: string };

/**
 * Turns the import statements at the head of a function's code into calls of `require`, line by line,
 * so that errors keep their places. An import further down stays, and does not parse.
 */
export function rewriteImports(source: string): Rewritten {
  let head = "";
  let rest = source;
  for (;;) {
    const between = BETWEEN.exec(rest);
    const statement = STATEMENT.exec(rest);
    const found = between ?? statement;
    if (found === null) break;
    head += statement === null ? found[0] : asRequire(statement);
    rest = rest.slice(found[0].length);
  }
  const code = head + rest;
  if (DYNAMIC.test(code)) {
    return {
      kind: "refused",
      message:
        "SyntaxError: import() and import.meta are not available, nor in a comment or a text",
    };
  }
  return { kind: "code", code };
}

function asRequire([text = "", clause = "", , module = ""]: RegExpExecArray): string {
  const call = `require(${JSON.stringify(module)})`;
  const lines = "\n".repeat(text.split("\n").length - 1);
  const whole = /^(?:\*\s*as\s+)?([\w$]+)$/.exec(clause);
  if (whole !== null) return `const ${whole[1]} = ${call};${lines}`;
  const names = clause
    .slice(clause.indexOf("{"))
    .replace(/\s+as\s+/g, ": ")
    .replace(/\s+/g, " ");
  const main = /^([\w$]+)/.exec(clause);
  const first = main === null ? "" : `${main[1]} = ${call}, `;
  return `const ${first}${names} = ${call};${lines}`;
}
