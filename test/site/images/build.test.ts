import { cp, mkdir, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import sharp from "sharp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import {
  createScratchSite,
  postText,
  type Run,
  readTree,
  type ScratchSite,
} from "../scratch-site.ts";
import { animation, drawing, photo, pixelBomb } from "./sample-images.ts";

const BLOG = "site/content/blog";
const POST = `${BLOG}/2026-01-10-desks.md`;
const MODULES = resolve(import.meta.dirname, "../../../node_modules");
const SVG = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 80 45"/>';

describe("A site with images", () => {
  let site: ScratchSite;
  let first: Run;
  let html: string;

  beforeAll(async () => {
    site = await createScratchSite({ posts: "none", cache: "own" });
    await site.write(`${BLOG}/desk.jpg`, await photo(800, 600));
    await site.write(`${BLOG}/2026-01-10-desks/lamp.png`, await drawing(120, 80));
    await site.write(`${BLOG}/2026-01-10-desks/unused.jpg`, await photo(90, 60));
    await site.write("site/assets/images/flow.svg", SVG);
    await site.write("site/assets/images/wave.gif", await animation(60, 40));
    const body = [
      "![A desk](./desk.jpg)",
      "![A lamp](lamp.png)",
      "![A flow](/assets/images/flow.svg)",
      "![A wave](/assets/images/wave.gif)",
      "And ![the desk](./desk.jpg) again.",
    ].join("\n\n");
    await site.write(POST, postText({}, body));
    first = await site.build();
    html = first.code === 0 ? await site.read("_site/blog/desks/index.html") : "";
  });
  afterAll(() => site.remove());

  test("is built, and says how many image files it made", () => {
    expect(first.err).toBe("");
    // One of them is of the style guide, which is made and not published.
    expect(first.out).toContain("Made 14 image files; they are kept in .cache/\n");
  });

  test("serves each image it shows, by a name that never means other bytes", async () => {
    const tree = await readTree(join(site.folder, "_site"));
    const images = [...tree.keys()].filter((path) => path.startsWith("assets/images/"));
    expect(images.map((path) => path.replace(/\.[0-9a-f]{10}\./, ".<hash>.")).sort()).toEqual(
      [
        "assets/images/desk-360.<hash>.avif",
        "assets/images/desk-360.<hash>.webp",
        "assets/images/desk-656.<hash>.avif",
        "assets/images/desk-656.<hash>.webp",
        "assets/images/desk-800.<hash>.avif",
        "assets/images/desk-800.<hash>.jpg",
        "assets/images/desk-800.<hash>.webp",
        "assets/images/flow.<hash>.svg",
        "assets/images/lamp-120.<hash>.avif",
        "assets/images/lamp-120.<hash>.png",
        "assets/images/lamp-120.<hash>.webp",
        "assets/images/wave-60.<hash>.webp",
        "assets/images/wave.<hash>.gif",
      ].sort(),
    );
    for (const path of images) {
      expect(html).toContain(`/${path}`);
      if (path.endsWith(".svg")) continue;
      const head = await sharp(tree.get(path)).metadata();
      const width = /-(\d+)\./.exec(path)?.[1] ?? "60";
      expect(head.width, path).toBe(Number(width));
    }
  });

  test("loads the first image of a page at once and the others when they come near", () => {
    const tags = [...html.matchAll(/<img [^>]*>/g)].map(([tag]) => tag);
    const inText = tags.filter((tag) => tag.includes("/assets/images/"));
    expect(inText).toHaveLength(5);
    expect(inText[0]).toContain('fetchpriority="high"');
    for (const tag of inText.slice(1)) expect(tag).toContain('loading="lazy"');
    for (const tag of inText) expect(tag).toMatch(/width="\d+" height="\d+"/);
  });

  test("does no image work in a second build, and gives the same bytes", async () => {
    const before = await readTree(join(site.folder, "_site"));
    await breakSharp(site.folder);
    const again = await site.build();
    await mendSharp(site.folder);
    expect(again).toMatchObject({ code: 0, err: "" });
    expect(again.out).not.toContain("image files");
    expect(await readTree(join(site.folder, "_site"))).toEqual(before);
  });

  test("makes again only what was damaged in the cache", async () => {
    const before = await readTree(join(site.folder, "_site"));
    const cache = join(site.folder, ".cache/images/build");
    const [file = ""] = (await readdir(cache)).filter((name) => name.startsWith("desk-360"));
    const bytes = await readFile(join(cache, file));
    bytes[bytes.length - 1] = (bytes.at(-1) ?? 0) ^ 1;
    await writeFile(join(cache, file), bytes);
    const again = await site.build();
    expect(again.out).toContain("Made 1 image file; it is kept in .cache/\n");
    expect(await readTree(join(site.folder, "_site"))).toEqual(before);
  });
});

/** From now on, whoever loads the library that decodes images, fails. */
async function breakSharp(folder: string): Promise<void> {
  const modules = join(folder, "node_modules");
  await rm(modules);
  await mkdir(join(modules, "sharp/dist"), { recursive: true });
  for (const name of await readdir(MODULES)) {
    if (name !== "sharp") await symlink(join(MODULES, name), join(modules, name));
  }
  await cp(join(MODULES, "sharp/package.json"), join(modules, "sharp/package.json"));
  for (const main of ["dist/index.cjs", "dist/index.mjs"]) {
    await writeFile(join(modules, "sharp", main), 'throw new Error("sharp was loaded");');
  }
}

async function mendSharp(folder: string): Promise<void> {
  await rm(join(folder, "node_modules"), { recursive: true });
  await symlink(MODULES, join(folder, "node_modules"));
}

describe("A site with images that cannot be used", () => {
  let site: ScratchSite;
  let run: Run;

  beforeAll(async () => {
    site = await createScratchSite({ posts: "none", cache: "own" });
    const whole = await photo(400, 300);
    const files: Readonly<Record<string, string | Uint8Array>> = {
      "cut.jpg": whole.subarray(0, whole.length / 2),
      "empty.png": "",
      "wrong.png": whole,
      "bomb.png": await pixelBomb(),
      "printer.jpg": await sharp(whole).toColourspace("cmyk").jpeg().toBuffer(),
      "huge.jpg": Buffer.concat([whole, Buffer.alloc(20_500_000)]),
      "script.svg": SVG.replace("/>", "><script/></svg>"),
      "heavy.gif": Buffer.concat([await animation(9, 9), Buffer.alloc(100_000)]),
      "Right.jpg": await photo(9, 9),
    };
    for (const [name, bytes] of Object.entries(files)) await site.write(`${BLOG}/${name}`, bytes);
    const named = [...Object.keys(files).slice(0, -1), "right.jpg", "desk.heic", "none.png"];
    const body = named.map((name) => `![Something](./${name})`).join("\n");
    await site.write(POST, postText({}, body));
    run = await site.build();
  });
  afterAll(() => site.remove());

  // The front matter takes seven lines.
  test.each([
    [8, "cut.jpg", "is damaged or cut off ("],
    [9, "empty.png", "is empty. Save the image again."],
    [10, "wrong.png", "is named .png but holds a JPEG. Rename it to end in .jpg."],
    [11, "bomb.png", "has 30000 x 30000 pixels, more than 50 million. Save it smaller: "],
    [
      12,
      "printer.jpg",
      "has the colours of a printer (CMYK). Save it with the colours of a screen",
    ],
    [13, "huge.jpg", "weighs 20.5 MB, more than 20 MB. Save it smaller: "],
    [14, "script.svg", "has a <script> in it. Export it as a plain drawing"],
    [15, "heavy.gif", "weighs 101 kB, over 100 kB. Use fewer frames"],
    [
      16,
      "right.jpg",
      `is not there: no ${BLOG}/right.jpg, no ${BLOG}/2026-01-10-desks/right.jpg. Did you mean ${BLOG}/Right.jpg?`,
    ],
    [17, "desk.heic", "is in no format that browsers show. Save it as JPEG"],
    [18, "none.png", `is not there: no ${BLOG}/none.png`],
  ])("names line %i, %s and what to do", (line, name, message) => {
    expect(run.err).toContain(`  ${POST}:${line}: ./${name}: ${message}`);
  });

  test("names each of them once, and not what follows from it", () => {
    expect(run.err).toContain("The site was not built: 11 problems.\n");
  });

  test("fails without a stack trace and publishes nothing", async () => {
    expect(run.code).toBe(1);
    expect(run.err).not.toMatch(/^\s+at /m);
    expect(await readdir(site.folder)).not.toContain("_site");
  });
});
