import { z } from "zod";
import { configSchema, type SlipwayConfig } from "../../deploy/config.ts";
import { CACHE_FOREVER, CACHE_UNTIL_INVALIDATED } from "../../deploy/core/headers.ts";

/**
 * docs/config.md, made from the schema in deploy/config.ts: names, types, what is required and what
 * each field means come from there and from nowhere else. Only the prose around the tables is here.
 */

/** Shown on the page as a whole config file. */
export const EXAMPLE: SlipwayConfig = {
  site: {
    id: "my-site",
    build: ["npx", "eleventy"],
    dev: ["npx", "eleventy", "--serve"],
    output: "_site",
  },
  environments: {
    local: { kind: "local" },
    production: {
      kind: "aws",
      bucket: "my-site",
      region: "eu-west-1",
      distribution: "E2QWRUHEXAMPLE",
      headers: [
        { match: "downloads/**", set: { contentDisposition: "attachment" } },
        { match: "**/*.woff2", set: { cacheControl: "public, max-age=31536000, immutable" } },
      ],
    },
  },
};

type Schema = z.core.JSONSchema.JSONSchema;

/** The schema as JSON Schema, of what an author writes: fields with a default may be left out. */
export function configJsonSchema(): Schema {
  return z.toJSONSchema(configSchema, { io: "input" });
}

/** The page. Same schema, same text. */
export function renderConfigReference(): string {
  const root = configJsonSchema();
  const kinds = kindsOf(propertyOf(root, "environments"));
  return `${[
    ...INTRODUCTION,
    ...exampleLines(),
    ...Object.keys(root.properties ?? {}).flatMap((name) => section(root, name)),
    "## Header rules",
    "",
    "Each entry of `headers` in an environment:",
    "",
    ...table(headerRuleOf(kinds)),
    ...DEFAULT_HEADERS,
  ].join("\n")}\n`;
}

const INTRODUCTION: readonly string[] = [
  "# slipway.config.ts",
  "",
  "<!-- Generated from the schema in deploy/config.ts by `npm run docs:config`. Change it there. -->",
  "",
  "The one file that you edit to use Slipway for your own site. It lies in the project's root and is",
  "checked as a whole before a command does anything: every problem in it is named at once, and a field",
  "that this page does not know is a problem. `defineConfig` returns its argument; it is there so that",
  "your editor completes and checks the fields while you type.",
  "",
  "Credentials have no place here. For AWS they come from where the AWS SDK looks for them: environment",
  "variables, `AWS_PROFILE`, single sign-on, the role of the machine.",
  "",
];

const DEFAULT_HEADERS: readonly string[] = [
  "## The headers a file gets without a rule",
  "",
  "`Content-Type` follows from the file's name; text gets `charset=utf-8`. `Cache-Control` follows from",
  "whether the name carries a content hash (8 to 64 hex digits before the extension, not eight decimal",
  "digits, which may be a date):",
  "",
  "| name | Cache-Control |",
  "| --- | --- |",
  `| with a hash: \`site.edc63c85fe.css\` | \`${CACHE_FOREVER}\` |`,
  `| any other: \`index.html\`, \`logo.svg\` | \`${CACHE_UNTIL_INVALIDATED}\` |`,
  "",
  "The second one makes browsers ask each time, while the CDN keeps its copy until a deploy invalidates",
  "it. Headers are part of what a deploy compares: after a change of a rule the next deploy changes the",
  "headers of the files it matches, and sends no bytes for it.",
];

function exampleLines(): readonly string[] {
  return [
    "```ts",
    'import { defineConfig } from "./deploy/config.ts";',
    "",
    `export default defineConfig(${literal(EXAMPLE, "")});`,
    "```",
    "",
  ];
}

const WIDTH = 98;

/** A value as the TypeScript that a person would write: on one line where it fits. */
function literal(value: unknown, indent: string): string {
  const short = inline(value);
  if (typeof value !== "object" || value === null) return short;
  if (indent.length + short.length <= WIDTH && isFlat(value)) return short;
  const inner = `${indent}  `;
  const lines = Array.isArray(value)
    ? value.map((item) => `${inner}${literal(item, inner)},`)
    : Object.entries(value).map(([name, item]) => `${inner}${name}: ${literal(item, inner)},`);
  const [open, close] = Array.isArray(value) ? ["[", "]"] : ["{", "}"];
  return [open, ...lines, `${indent}${close}`].join("\n");
}

function inline(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(inline).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const fields = Object.entries(value).map(([name, item]) => `${name}: ${inline(item)}`);
  return `{ ${fields.join(", ")} }`;
}

/** A list of words, a rule, an environment of one field: what reads better on one line. */
function isFlat(value: object): boolean {
  if (Array.isArray(value)) return value.every((item) => typeof item === "string");
  const fields = Object.values(value);
  return "match" in value || fields.length === 1;
}

/** One field of the file: as a table or, where an environment's kind decides, a table for each kind. */
function section(root: Schema, name: string): readonly string[] {
  const field = propertyOf(root, name);
  const note = root.required?.includes(name) === true ? "" : " It may be left out.";
  const tables =
    field.properties === undefined ? kindsOf(field).flatMap(kindSection) : table(field);
  return [`## \`${name}\``, "", `${descriptionOf(field)}${note}`, "", ...tables];
}

function kindsOf(environments: Schema): readonly Schema[] {
  return schemaOf(environments.additionalProperties).oneOf?.map((kind) => schemaOf(kind)) ?? [];
}

function kindSection(kind: Schema): readonly string[] {
  const name = JSON.stringify(propertyOf(kind, "kind").const);
  return [`### \`kind: ${name}\``, "", ...table(kind)];
}

function headerRuleOf(kinds: readonly Schema[]): Schema {
  const [kind] = kinds;
  if (kind === undefined) throw new Error("the schema names no kind of environment");
  return schemaOf(propertyOf(kind, "headers").items);
}

function table(schema: Schema): readonly string[] {
  return ["| field | value | meaning |", "| --- | --- | --- |", ...rows(schema, ""), ""];
}

function rows(schema: Schema, prefix: string): readonly string[] {
  return Object.entries(schema.properties ?? {}).flatMap(([name, property]) => {
    const field = schemaOf(property);
    const note = schema.required?.includes(name) === true ? "" : absent(field);
    const row = `| \`${prefix}${name}\` | ${expected(field)}${note} | ${descriptionOf(field)} |`;
    return [row, ...rows(field, `${prefix}${name}.`), ...itemRows(field, `${prefix}${name}[].`)];
  });
}

/** The fields of a list's entries, unless they have a section of their own. */
function itemRows(field: Schema, prefix: string): readonly string[] {
  if (field.type !== "array" || isHeaderRules(field)) return [];
  return rows(schemaOf(field.items), prefix);
}

function isHeaderRules(field: Schema): boolean {
  return schemaOf(field.items).properties?.match !== undefined;
}

function absent({ default: value }: Schema): string {
  const isPlain = typeof value === "string" || typeof value === "number";
  return isPlain ? `; ${JSON.stringify(value)} if left out` : "; may be left out";
}

/** What may stand there, in a few words. */
function expected(field: Schema): string {
  if (field.const !== undefined) return `\`${JSON.stringify(field.const)}\``;
  if (field.type === "array") {
    if (schemaOf(field.items).type === "string") return "list of text";
    return isHeaderRules(field) ? "list of [header rules](#header-rules)" : "list of objects";
  }
  if (field.anyOf !== undefined) {
    return `one of ${field.anyOf.map((one) => String(schemaOf(one).const)).join(", ")}`;
  }
  if (field.format === "uri") return "URL, http or https";
  if (field.type === "integer") return "whole number";
  return field.type === "string" ? "text" : String(field.type ?? "object");
}

/** Every field has a description in the schema; one without is a mistake, not an empty cell. */
function descriptionOf(schema: Schema): string {
  if (schema.description === undefined) {
    throw new Error(`a field has no .describe() in deploy/config.ts: ${JSON.stringify(schema)}`);
  }
  return schema.description;
}

function propertyOf(schema: Schema, name: string): Schema {
  return schemaOf(schema.properties?.[name]);
}

function schemaOf(schema: Schema["items"] | boolean): Schema {
  if (typeof schema === "object" && !Array.isArray(schema)) return schema;
  throw new Error("the schema in deploy/config.ts has a shape that this page cannot show");
}
