import { readFile } from "node:fs/promises";
import { describe, expect, it } from "vitest";
import type { z } from "zod";
import { parseConfig } from "../../deploy/config.ts";
import {
  configJsonSchema,
  EXAMPLE,
  renderConfigReference,
} from "../../scripts/lib/config-reference.ts";

type Schema = z.core.JSONSchema._JSONSchema;

/** Every field of the schema at any depth, with its description. */
function fieldsOf(schema: Schema | readonly Schema[] | undefined): readonly [string, string][] {
  if (schema === undefined || typeof schema === "boolean") return [];
  if (Array.isArray(schema)) return schema.flatMap((one) => fieldsOf(one));
  const {
    properties = {},
    items,
    oneOf,
    additionalProperties,
  } = schema as z.core.JSONSchema.JSONSchema;
  const own = Object.entries(properties).flatMap(([name, property]): [string, string][] => {
    const description = typeof property === "boolean" ? undefined : property.description;
    return [[name, description ?? ""], ...fieldsOf(property)];
  });
  return [...own, ...fieldsOf(items), ...fieldsOf(oneOf), ...fieldsOf(additionalProperties)];
}

describe("docs/config.md", () => {
  it("is what the schema gives (npm run docs:config writes it anew)", async () => {
    const page = await readFile(new URL("../../docs/config.md", import.meta.url), "utf8");
    expect(page).toBe(renderConfigReference());
  });

  it("names and describes every field of the schema", () => {
    const page = renderConfigReference();
    const fields = fieldsOf(configJsonSchema());
    expect(fields.map(([name]) => name)).toContain("contentDisposition");
    const missing = fields.filter(
      ([name, description]) =>
        description === "" ||
        !page.includes(description) ||
        !new RegExp(`[\`.]${name}\``).test(page),
    );
    expect(missing).toEqual([]);
  });

  it("shows an example that is a valid config", () => {
    expect(parseConfig(EXAMPLE, "the example").environments.production).toMatchObject({
      kind: "aws",
    });
    expect(renderConfigReference()).toContain('build: ["npx", "eleventy"]');
  });

  it("keeps every table row whole: no field's text breaks a cell", () => {
    const rows = renderConfigReference()
      .split("\n")
      .filter((line) => line.startsWith("|"));
    const widths = new Set(rows.map((row) => row.split("|").length));
    expect([...widths].sort()).toEqual([4, 5]);
  });
});
