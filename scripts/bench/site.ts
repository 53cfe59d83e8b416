import { createHash, randomBytes } from "node:crypto";
import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";

/** A file of the measured site, by its share of all files and its sizes. */
type Kind = {
  readonly share: number;
  readonly smallest: number;
  readonly largest: number;
  /** Above 1 small files are the rule: size = smallest + u^skew of the rest. */
  readonly skew: number;
  readonly name: (index: number, digest: string) => string;
};

const KIB = 1024;

/** About 29 kB a file: pages of 8-40 kB, styles and scripts, images of up to 500 kB. */
const KINDS: readonly Kind[] = [
  { share: 0.6, smallest: 8 * KIB, largest: 40 * KIB, skew: 2, name: pageName },
  { share: 0.1, smallest: 1 * KIB, largest: 60 * KIB, skew: 2, name: scriptName },
  { share: 0.3, smallest: 2 * KIB, largest: 500 * KIB, skew: 9, name: imageName },
];

function pageName(index: number): string {
  return index === 0 ? "index.html" : `blog/${index % 97}/article-${index}/index.html`;
}

function scriptName(index: number, digest: string): string {
  return `assets/module-${index}.${digest}.${index % 2 === 0 ? "js" : "css"}`;
}

function imageName(index: number, digest: string): string {
  return `images/${index % 53}/photo-${index}.${digest}.jpg`;
}

export type MadeSite = { readonly files: number; readonly bytes: number };

/** Writes a site of `count` files below a folder: the same names and sizes each time. */
export async function makeSite(folder: string, count: number): Promise<MadeSite> {
  const noise = randomBytes(512 * KIB);
  const pages = Math.round(count * (KINDS[0]?.share ?? 0));
  let bytes = 0;
  let files = 0;
  for (const kind of KINDS) {
    const some = kind.name === pageName ? pages : Math.round(count * kind.share);
    for (let index = 0; index < some; index++) {
      const spread = (kind.largest - kind.smallest) * fraction(index) ** kind.skew;
      const size = Math.round(kind.smallest + spread);
      const digest = createHash("sha256").update(`${index}`).digest("hex").slice(0, 10);
      const name = kind.name(index, digest);
      await writeOut(join(folder, name), contentOf(name, size, noise));
      bytes += size;
      files += 1;
    }
  }
  return { files, bytes };
}

/** Changes the content of `count` pages, and nothing else. */
export async function changePages(folder: string, count: number, mark: string): Promise<void> {
  for (let index = 1; index <= count; index++) {
    const name = pageName(index);
    await writeOut(join(folder, name), page(name, 20 * KIB, mark));
  }
}

function contentOf(name: string, size: number, noise: Buffer): Buffer | string {
  if (name.endsWith(".html")) return page(name, size, "first");
  if (!name.endsWith(".jpg")) return code(name, size);
  const head = Buffer.from(name);
  return Buffer.concat([head, noise.subarray(0, Math.max(0, size - head.length))]);
}

function page(name: string, size: number, mark: string): string {
  const head = `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${name}</title></head><body><h1>${name}</h1><p>${mark}</p><p><a href="/">Home</a></p>`;
  const paragraph = `<p>${"The quick brown fox deploys over the lazy edge. ".repeat(8)}</p>\n`;
  return head + paragraph.repeat(Math.max(0, Math.ceil((size - head.length) / paragraph.length)));
}

function code(name: string, size: number): string {
  const line = name.endsWith(".css")
    ? ".card:hover > .title { color: #123456; margin: 0 auto; }\n"
    : "export const title = (card) => card.querySelector('.title').textContent.trim();\n";
  return `/* ${name} */\n${line.repeat(Math.ceil(size / line.length))}`;
}

/** Spreads indexes evenly over 0..1 (the golden ratio's low discrepancy sequence). */
function fraction(index: number): number {
  return (index * 0.618_033_988_749_895) % 1;
}

async function writeOut(file: string, content: Buffer | string): Promise<void> {
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, content);
}
