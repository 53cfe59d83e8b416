import { spawn } from "node:child_process";
import { once } from "node:events";
import { appendFile } from "node:fs/promises";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { setTimeout as sleep } from "node:timers/promises";
import { makePost } from "./posts.ts";

/** An article saved again and again while the development server runs, in milliseconds from save to served. */
export type Saves = { readonly posts: number; readonly milliseconds: readonly number[] };

const GIVE_UP_AFTER = 60_000;

/** A person reads the page before the next save; the server has come to rest by then. */
const BETWEEN = 1000;

/**
 * Starts `dev` in a project that has so many generated articles, saves the first of them `rounds` times with
 * another sentence, and asks for its page until the sentence is there.
 */
export async function measureSaves(folder: string, posts: number, rounds: number): Promise<Saves> {
  const server = spawn(process.execPath, ["site/start.js", "dev", "--port", "0"], {
    cwd: folder,
    env: { ...process.env, SITE_NOW: "2030-01-01" },
    stdio: ["ignore", "ignore", "pipe"],
  });
  try {
    const { name } = makePost(0);
    const path = `/blog/${name.replace(/^\d{4}-\d{2}-\d{2}-(.*)\.md$/, "$1")}/`;
    const url = new URL(path, await addressIn(server.stderr.setEncoding("utf8")));
    const milliseconds: number[] = [];
    for (let round = 1; round <= rounds; round += 1) {
      await sleep(BETWEEN);
      const start = performance.now();
      await appendFile(join(folder, "site/content/blog", name), `\nSaved ${round} times.\n`);
      await served(url, `Saved ${round} times.`);
      milliseconds.push(performance.now() - start);
    }
    return { posts, milliseconds };
  } finally {
    server.kill("SIGINT");
    await once(server, "close");
  }
}

/** Goes on reading afterwards: a server that nobody listens to stops. */
async function addressIn(output: Readable): Promise<string> {
  let text = "";
  return new Promise((found, failed) => {
    output.on("data", (chunk: string) => {
      text += chunk;
      const address = /http:\/\/127\.0\.0\.1:\d+\//.exec(text)?.[0];
      if (address !== undefined) found(address);
    });
    output.once("end", () => failed(new Error(`The development server did not start: ${text}`)));
  });
}

async function served(url: URL, words: string): Promise<void> {
  const end = performance.now() + GIVE_UP_AFTER;
  while (performance.now() < end) {
    if ((await (await fetch(url)).text()).includes(words)) return;
    await sleep(5);
  }
  throw new Error(`${url} did not show the saved text.`);
}

/** A line of a Markdown table. */
export function renderSaves({ posts, milliseconds }: Saves): string {
  const sorted = milliseconds.toSorted((a, b) => a - b);
  const at = (share: number) => (sorted[Math.floor((sorted.length - 1) * share)] ?? 0).toFixed(0);
  return `| ${posts.toLocaleString("en-GB")} | ${sorted.length} | ${at(0)} | ${at(0.5)} | ${at(1)} |`;
}
