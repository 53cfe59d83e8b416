import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { compileStylesheet } from "../../site/lib/stylesheet.ts";
import { tempFolder } from "../support/temp-folder.ts";

async function compile(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await tempFolder();
  await mkdir(join(folder, "css"));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return compileStylesheet(join(folder, "a.css"));
}

describe("A stylesheet", () => {
  test("has all that it imports, in that order, without what means nothing", async () => {
    const text = await compile({
      "a.css": '/* A note. */ @import "./css/b.css"; p { color: red }',
      "css/b.css": "a { margin: 0 }",
    });
    expect(text).toBe("a{margin:0}p{color:red}");
  });

  test("keeps a custom property that is used somewhere, in all its places, and no other", async () => {
    const text = await compile({
      "a.css": `
        :root { --used: red; --unused: blue; --inner: 1px; --outer: calc(2 * var(--inner)) }
        @media print { :root { --used: black; --unused: white } }
        p { color: var(--used); margin: var(--outer); padding: var(--elsewhere, 0) }`,
    });
    expect(text).toBe(
      ":root{--used:red;--inner:1px;--outer:calc(2 * var(--inner))}@media print{:root{--used:black}}" +
        "p{color:var(--used);margin:var(--outer);padding:var(--elsewhere,0)}",
    );
  });

  test.each([
    [
      "that ends the element around it",
      'p::before { content: "</style>" }',
      /"<\/style" would end/,
    ],
    ["that nobody can read", "p { } } a { }", /Mend the CSS/],
    ["that imports nothing", '@import "./css/none.css";', /Mend the CSS/],
  ])("%s is refused", async (_name, css, message) => {
    await expect(compile({ "a.css": css })).rejects.toThrow(message);
  });
});
