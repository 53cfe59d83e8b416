import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { readdir, rename, rm, symlink } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createScratchSite, type ScratchSite } from "./scratch-site.ts";

function startDev(folder: string, args: readonly string[]) {
  const child = spawn(process.execPath, ["site/start.js", "dev", ...args], {
    cwd: folder,
    env: { ...process.env, NO_COLOR: "1", SITE_NOW: "2026-03-15" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const said = { text: "" };
  for (const stream of [child.stdout, child.stderr]) {
    stream.on("data", (chunk: Buffer) => {
      said.text += chunk;
    });
  }
  return { child, said };
}

async function until<T>(read: () => T | undefined | Promise<T | undefined>): Promise<T> {
  for (let attempt = 0; attempt < 200; attempt += 1) {
    const value = await read();
    if (value) return value;
    await new Promise((wake) => setTimeout(wake, 50));
  }
  throw new Error("Nothing happened within ten seconds.");
}

async function accepts(host: string, port: number): Promise<boolean> {
  const socket = connect({ host, port });
  try {
    await once(socket, "connect");
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

describe("The dev server", () => {
  let site: ScratchSite;
  let child: ChildProcess;
  let said: { text: string };
  let port: number;
  const get = async (path: string) => (await fetch(`http://127.0.0.1:${port}${path}`)).text();

  beforeAll(async () => {
    site = await createScratchSite();
    ({ child, said } = startDev(site.folder, ["--port", "0"]));
    port = Number(await until(() => /http:\/\/127\.0\.0\.1:(\d+)\//.exec(said.text)?.[1]));
  });
  afterAll(async () => {
    child.kill("SIGKILL");
    await site.remove();
  });

  test("listens on 127.0.0.1 and on no other address", async () => {
    expect(await accepts("127.0.0.1", port)).toBe(true);
    expect(await accepts("127.0.0.2", port)).toBe(false);
    expect(await accepts("::1", port)).toBe(false);
  });

  test("shows drafts and later posts with a badge, and others without", async () => {
    expect(await get("/blog/unfinished/")).toContain('<span class="badge">draft</span>');
    expect(await get("/blog/later/")).toContain('<span class="badge">scheduled</span>');
    expect(await get("/blog/third/")).not.toContain('class="badge"');
  });

  test("shows a saved change, and says at once which link it broke", async () => {
    const file = "site/content/blog/2026-03-01-third.md";
    await site.write(file, `${await site.read(file)}\nA [new](/nowhere/) sentence.\n`);
    await until(async () => (await get("/blog/third/")).includes("sentence."));
    await until(() => said.text.includes(`${file}:10: the link "/nowhere/": leads to nothing`));
  });

  test("shows a change to data and to a style at once", async () => {
    const [nav, tokens] = ["site/_data/nav.ts", "site/assets/css/tokens.css"];
    await site.write(nav, (await site.read(nav)).replace('"Services"', '"Offers"'));
    await until(async () => (await get("/")).includes(">Offers</a>"));
    await site.write(tokens, (await site.read(tokens)).replace("#ffe14d", "#abcdef"));
    await until(async () => /<style>[^<]*#abcdef/.test(await get("/")));
  });

  test("goes on after a mistake in front matter, and names it", async () => {
    const file = "site/content/blog/2026-02-01-second.md";
    const right = await site.read(file);
    await site.write(file, right.replace("author: jonas", "author: nobody"));
    await until(() => said.text.includes(`${file}:7: author: names nobody we know: "nobody"`));
    await site.write(file, right.replace("Text,", "Mended,"));
    await until(async () => (await get("/blog/second/")).includes("Mended,"));
  });

  test("tells the mistakes of all texts at once, in our own words", async () => {
    const [one, two] = ["2026-02-01-second", "2026-03-01-third"].map(
      (name) => `site/content/blog/${name}.md`,
    ) as [string, string];
    const right = [await site.read(one), await site.read(two)] as const;
    await site.write(one, right[0].replace("title: ", "title: One: "));
    await site.write(two, right[1].replace("author: ", "autor: "));
    await until(() => said.text.includes(`Broken: ${one}:2: front matter: cannot be read: bad`));
    await until(() => said.text.includes('autor: is not a known field. Did you mean "author"?'));
    await site.write(one, right[0].replace("Mended,", "Whole,"));
    await site.write(two, right[1]);
    await until(async () => (await get("/blog/second/")).includes("Whole,"));
    expect(said.text).not.toMatch(/^\s+at |stack|\(via /m);
  });

  test("shows what is broken in place of the page, until it is mended", async () => {
    const open = () =>
      fetch(`http://127.0.0.1:${port}/blog/third/`, { headers: { accept: "text/html" } });
    const file = "site/content/blog/2026-03-01-third.md";
    const right = await site.read(file);
    await site.write(file, right.replace("title: ", "titel<b>: "));
    await until(async () => {
      const page = await open();
      return page.status === 500 && (await page.text()).includes("titel&lt;b&gt;: is not a known");
    });
    await site.write(file, right);
    await until(async () => (await open()).status === 200);
  });

  test("goes on after a template or a file of data that fails, and names it without a stack", async () => {
    const [tags, nav] = ["site/_includes/tag-list.njk", "site/_data/nav.ts"];
    const right = [await site.read(tags), await site.read(nav)] as const;
    await site.write(tags, "<p>\n{{ titel }}\n</p>");
    await until(() => said.text.includes(`Broken: ${tags}:2: {{ titel }}: has no value.`));
    await site.write(tags, `${right[0]}<i>mended</i>`);
    await until(async () => (await get("/blog/third/")).includes("<i>mended</i>"));
    await site.write(nav, "export default [\n");
    await until(() => said.text.includes(`Broken: ${nav}:2: Unexpected end of file.`));
    await site.write(nav, right[1].replace('"Offers"', '"Prices"'));
    await until(async () => (await get("/")).includes(">Prices</a>"));
    expect(said.text).not.toMatch(/^\s+at |stack|\(via /m);
  });

  test("shows an article under its new name, and none that is gone", async () => {
    const from = "site/content/blog/2026-02-01-second.md";
    await rename(`${site.folder}/${from}`, `${site.folder}/${from.replace("second", "another")}`);
    await until(async () => (await get("/blog/another/")).includes("Whole,"));
    await until(async () => !(await get("/blog/second/")).includes("Whole,"));
    await rm(`${site.folder}/${from.replace("second", "another")}`);
    await until(async () => !(await get("/blog/another/")).includes("Whole,"));
    expect(said.text).not.toContain("ENOENT");
  });

  test("passes over what an editor leaves beside a text that is open", async () => {
    for (const folder of ["site/content/blog", "site/_data", "site/assets"]) {
      await symlink("nobody@nowhere:1", `${site.folder}/${folder}/.#open.md`);
      await symlink("nobody@nowhere:1", `${site.folder}/${folder}/.#open.ts`);
    }
    const file = "site/content/blog/2026-03-01-third.md";
    await site.write(file, (await site.read(file)).replace("sentence.", "saying."));
    await until(async () => (await get("/blog/third/")).includes("saying."));
    expect(said.text).not.toContain(".#open");
  });

  test("ends with exit code 0 on Ctrl-C and takes its files with it", async () => {
    child.kill("SIGINT");
    const [code] = await once(child, "exit");
    expect(code).toBe(0);
    const left = (await readdir(site.folder)).filter((name) => name.startsWith("_site"));
    expect(left).toEqual([]);
  });

  test("starts with a text that is broken, and shows the site once it is mended", async () => {
    const file = "site/content/blog/2026-01-05-first.md";
    const right = await site.read(file);
    await site.write(file, right.replace("author: mira", "author: nobody"));
    const other = startDev(site.folder, ["--port", "0"]);
    try {
      const at = () => /http:\/\/127\.0\.0\.1:(\d+)\//.exec(other.said.text)?.[1];
      const otherPort = await until(at);
      expect(other.said.text).toContain("author: names nobody we know");
      await site.write(file, right);
      await until(async () => {
        const page = await fetch(`http://127.0.0.1:${otherPort}/blog/first/`);
        return (await page.text()).includes("Words before the first heading");
      });
    } finally {
      other.child.kill("SIGINT");
      await once(other.child, "exit");
    }
  });

  test("says so when the port is in use, and ends with exit code 1", async () => {
    const other = createServer();
    await once(other.listen({ port: 0, host: "127.0.0.1" }), "listening");
    const address = other.address();
    const taken = typeof address === "object" ? String(address?.port) : "";
    const second = startDev(site.folder, ["--port", taken]);
    const [code] = await once(second.child, "close");
    other.close();
    expect(second.said.text).toBe(
      `arguments: --port: ${taken} is in use. Name another one, or 0 for any.\n`,
    );
    expect(code).toBe(1);
  });
});
