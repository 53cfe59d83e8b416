import { appendFile, mkdir, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import type { OutputFile, TextFile } from "../../site/lib/assets.ts";
import { openKept } from "../../site/lib/kept-site.ts";
import { replaceSite } from "../../site/lib/output.ts";
import { tempFolder } from "../support/temp-folder.ts";

const page = (path: string, text: string): TextFile => ({ path, id: text, text: () => text });

describe("The site that was built last", () => {
  let folder: string;
  let output: string;

  beforeEach(async () => {
    const root = await tempFolder();
    folder = join(root, "kept");
    output = join(root, "site");
  });

  const open = () => openKept<string>(folder);
  const kept = async () => (await readdir(folder)).filter((name) => name !== "index.json");

  async function build(inputs: string, ...files: readonly (TextFile | OutputFile)[]) {
    const before = open();
    const written = files.map((file) => ("text" in file ? (before.find(file) ?? file) : file));
    await replaceSite(output, [...written, page("index.html", ""), page("sitemap.xml", "")]);
    before.keep({ inputs, output, files: written, report: `report of ${inputs}` });
  }

  test("is found whole by its inputs, with what was said of it", async () => {
    await build("one", page("a/b.html", "A"), { path: "c.txt", bytes: Buffer.from("C") });
    await rm(output, { recursive: true });
    expect(open().whole("two")).toBeUndefined();
    const found = open().whole("one");
    expect(found?.report).toBe("report of one");
    await replaceSite(output, found?.files ?? []);
    expect(await readFile(join(output, "a/b.html"), "utf8")).toBe("A");
    expect(await readFile(join(output, "c.txt"), "utf8")).toBe("C");
  });

  test("gives a page that has not changed without writing it, and has no room of its own", async () => {
    await build("one", page("a.html", "A"), page("b.html", "B"));
    const { ino, nlink } = await stat(join(output, "a.html"));
    expect(nlink).toBe(2);
    await build("two", page("a.html", "A"), page("b.html", "other"));
    expect((await stat(join(output, "a.html"))).ino).toBe(ino);
    expect(await readFile(join(output, "b.html"), "utf8")).toBe("other");
    expect(await kept()).toHaveLength(2);
  });

  test.each([
    ["more text", (path: string) => appendFile(path, "!")],
    ["other text of the same length", (path: string) => writeFile(path, "X")],
  ])("is not used again when somebody wrote %s to the output", async (_, change) => {
    await build("one", page("a.html", "A"), page("b.html", "B"));
    await change(join(output, "a.html"));
    expect(open().whole("one")).toBeUndefined();
    expect(open().find(page("a.html", "A"))).toBeUndefined();
    expect(open().find(page("b.html", "B"))).toBeDefined();
    await build("one", page("a.html", "A"), page("b.html", "B"));
    expect(await readFile(join(output, "a.html"), "utf8")).toBe("A");
    expect(open().whole("one")).toBeDefined();
  });

  test("is not used when a file of it is gone, or its list is damaged", async () => {
    await build("one", page("a.html", "A"));
    const [name = ""] = await kept();
    await rm(join(folder, name));
    expect(open().whole("one")).toBeUndefined();
    for (const text of ["", "{", "null", "{}", '{"inputs":"one"}']) {
      await writeFile(join(folder, "index.json"), text);
      expect(open().whole("one"), text).toBeUndefined();
      expect(open().find(page("a.html", "A")), text).toBeUndefined();
    }
  });

  test("keeps two files of the same bytes apart", async () => {
    await build("one", page("a.html", "same"), page("b.html", "same"));
    expect(open().whole("one")?.files).toHaveLength(2);
  });

  test("is not kept where it cannot be, and the build goes on", async () => {
    await writeFile(folder, "a file in the place of the folder");
    await build("one", page("a.html", "A"));
    expect(open().whole("one")).toBeUndefined();
  });

  test("is never found whole when nobody knew what it was built from", async () => {
    await mkdir(folder);
    const files = [page("a.html", "A")];
    await replaceSite(output, files);
    open().keep({ inputs: undefined, output, files, report: "" });
    expect(open().find(page("a.html", "A"))).toBeDefined();
    expect(open().whole("undefined")).toBeUndefined();
  });
});
