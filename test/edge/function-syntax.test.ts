import { type Node, parse } from "acorn";
import { describe, expect, it } from "vitest";
import { NO_RULES } from "../../deploy/edge/rules.ts";
import { compiled } from "./function-fixture.ts";
import { RULE_SETS } from "./rule-sets.ts";

/**
 * What CF-DG "JavaScript runtime 2.0 features" names: ES 5.1, and of later editions const, let, arrow
 * functions, template literals, async and await. A node that is not listed here is not in the code.
 */
const DOCUMENTED: ReadonlySet<string> = new Set([
  ...["Program", "FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression"],
  ...["BlockStatement", "ExpressionStatement", "EmptyStatement", "ReturnStatement", "IfStatement"],
  ...["ForStatement", "ForInStatement", "WhileStatement", "DoWhileStatement", "BreakStatement"],
  ...["ContinueStatement", "SwitchStatement", "SwitchCase", "ThrowStatement", "TryStatement"],
  ...["CatchClause", "VariableDeclaration", "VariableDeclarator", "Identifier", "Literal"],
  ...["ArrayExpression", "ObjectExpression", "Property", "UnaryExpression", "UpdateExpression"],
  ...["BinaryExpression", "LogicalExpression", "AssignmentExpression", "ConditionalExpression"],
  ...["CallExpression", "NewExpression", "MemberExpression", "TemplateLiteral", "TemplateElement"],
  ...["AwaitExpression", "ImportDeclaration", "ImportDefaultSpecifier"],
]);

/** Methods of ES 5.1, and those of later editions that the same page names. */
const METHODS: ReadonlySet<string> = new Set([
  ...["concat", "every", "filter", "forEach", "indexOf", "join", "keys", "map", "push", "slice"],
  ...[
    "some",
    "charAt",
    "create",
    "exec",
    "replace",
    "split",
    "test",
    "toLowerCase",
    "endsWith",
    "includes",
  ],
  ...["startsWith", "get", "kvs"],
]);

/** Every node with those around it, the outermost first. */
function* nodesOf(node: Node, around: readonly Node[] = []): Generator<[Node, readonly Node[]]> {
  yield [node, around];
  for (const value of Object.values(node)) {
    for (const child of Array.isArray(value) ? value : [value]) {
      if (typeof child?.type === "string") yield* nodesOf(child, [...around, node]);
    }
  }
}

/** A node by its fields, which differ from type to type. */
type Fields = Readonly<Record<string, unknown>>;

/** What is wrong with a node, if anything. */
function findFault(node: Node, around: readonly Node[]): string | undefined {
  const fields: Fields = { ...node };
  if (!DOCUMENTED.has(node.type)) return node.type;
  const isFunction = node.type.includes("Function");
  if (isFunction && around.some(isAsync)) return "a closure in an async function";
  switch (node.type) {
    case "Property":
      return fields.shorthand || fields.computed || fields.method ? "shorthand" : undefined;
    case "CatchClause":
      return fields.param === null ? "catch without a name" : undefined;
    case "Literal":
      return fields.regex === undefined ? undefined : findRegexFault(fields.regex as RegexLiteral);
    case "CallExpression":
      return findMethodFault(fields.callee as Node);
    default:
      return ["??", "**"].find((operator) => operator === fields.operator);
  }
}

function isAsync(node: Node): boolean {
  return "async" in node && node.async === true;
}

type RegexLiteral = { readonly pattern: string; readonly flags: string };

function findRegexFault({ pattern, flags }: RegexLiteral): string | undefined {
  if (/[^gi]/.test(flags)) return `flags ${flags}`;
  if (/\(\?(?!:)/.test(pattern) || /\\[pk]/.test(pattern)) return `regular expression ${pattern}`;
  return undefined;
}

function findMethodFault(callee: Node): string | undefined {
  if (callee.type !== "MemberExpression" || !("property" in callee)) return undefined;
  const { name } = callee.property as { readonly name?: string };
  return name !== undefined && !METHODS.has(name) ? `the method ${name}` : undefined;
}

function faultsOf(code: string): readonly string[] {
  const program = parse(code, { ecmaVersion: "latest", sourceType: "module" });
  return [...nodesOf(program)].flatMap(([node, around]) => findFault(node, around) ?? []);
}

describe("the functions are made of what CloudFront documents", () => {
  it.each([
    { name: "no rules", rules: NO_RULES },
    ...Object.entries(RULE_SETS).map(([name, { rules }]) => ({ name, rules })),
  ])("for $name", ({ rules }) => {
    const { viewerRequest, viewerResponse } = compiled(rules);
    expect(faultsOf(viewerRequest)).toEqual([]);
    expect(faultsOf(viewerResponse)).toEqual([]);
  });

  it.each([
    ["a?.b", "ChainExpression"],
    ["a ?? b", "??"],
    ["f(...a)", "SpreadElement"],
    ["const { a } = b", "ObjectPattern"],
    ["for (const a of b) {}", "ForOfStatement"],
    ["class A {}", "ClassDeclaration"],
    ["({ a })", "shorthand"],
    ["function f(a = 1) {}", "AssignmentPattern"],
    ["/a/u", "flags u"],
    ["/(?<=a)b/", "regular expression (?<=a)b"],
    ["async function f() { g(() => 1); }", "a closure in an async function"],
    ["a.at(-1)", "the method at"],
    ["try {} catch {}", "catch without a name"],
  ])("and %s would be noticed", (code, fault) => {
    expect(faultsOf(code)).toContain(fault);
  });
});
