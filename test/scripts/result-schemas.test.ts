import { readdir, readFile } from "node:fs/promises";
import { expect, it } from "vitest";
import { resultSchemas } from "../../scripts/lib/result-schemas.ts";

const folder = new URL("../../docs/schema/", import.meta.url);

it("docs/schema is what the code gives (scripts/result-schemas.ts writes it anew)", async () => {
  const files = (await readdir(folder)).sort();
  expect(files).toEqual([...resultSchemas().keys()].sort());
  for (const [name, text] of resultSchemas()) {
    expect(await readFile(new URL(name, folder), "utf8")).toBe(text);
  }
});

it("each schema is of draft 2020-12 and knows a result and a failure", () => {
  for (const text of resultSchemas().values()) {
    const schema = JSON.parse(text);
    expect(schema.$schema).toBe("https://json-schema.org/draft/2020-12/schema");
    expect(schema.anyOf).toHaveLength(2);
    expect(text).toContain('"error"');
    expect(text).toContain('"requests"');
  }
});
