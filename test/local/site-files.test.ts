import { createHash } from "node:crypto";
import { chmod, mkdir, symlink, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { canonicalHeaders } from "../../deploy/core/headers.ts";
import { createSiteFiles, type SiteFilesOptions } from "../../deploy/local/site-files.ts";
import { failureOf } from "../support/failure.ts";
import { NO_EDGE_SETTINGS } from "../support/plain-edge.ts";
import { tempFolder } from "../support/temp-folder.ts";

const sha256 = (content: string | Uint8Array) => createHash("sha256").update(content).digest("hex");

function filesIn(root: string, options: Partial<SiteFilesOptions> = {}) {
  return createSiteFiles({ root, folder: "_site", rules: [], edge: NO_EDGE_SETTINGS, ...options });
}

async function namesIn(root: string): Promise<readonly string[]> {
  return (await filesIn(root).scan()).map((file) => file.key as string).sort();
}

describe("a scan of the built site", () => {
  it("gives every file its key, size, headers, and the digests of both bytes and headers", async () => {
    const image = Uint8Array.of(0x89, 0x50, 0x4e, 0x47, 0, 0xff);
    const root = await tempFolder({
      "_site/index.html": "<h1>Höme</h1>",
      "_site/images/logo.png": image,
      "_site/empty.txt": "",
    });
    const files = await filesIn(root).scan();
    const byKey = new Map(files.map((file) => [file.key as string, file]));
    expect([...byKey.keys()].sort()).toEqual(["empty.txt", "images/logo.png", "index.html"]);
    expect(byKey.get("images/logo.png")).toMatchObject({
      size: 6,
      fingerprint: { content: sha256(image) },
      origin: { headers: { contentType: "image/png" } },
    });
    expect(byKey.get("index.html")).toMatchObject({
      size: 14,
      fingerprint: { content: sha256("<h1>Höme</h1>") },
    });
    expect(byKey.get("empty.txt")).toMatchObject({
      size: 0,
      fingerprint: { content: sha256("") },
    });
    for (const { origin, fingerprint } of files) {
      const headers = origin.kind === "file" ? canonicalHeaders(origin.headers) : "";
      expect(fingerprint.headers).toBe(sha256(headers));
    }
  });

  it.each([200_000, 500_000])("digests a large file of %i times ten bytes", async (times) => {
    const content = "0123456789".repeat(times);
    const root = await tempFolder({ "_site/large.bin": content });
    const [file] = await filesIn(root).scan();
    expect(file).toMatchObject({ size: content.length, fingerprint: { content: sha256(content) } });
  });

  it("applies the adopter's header rules, and a rule changes the fingerprint", async () => {
    const root = await tempFolder({ "_site/a.pdf": "pdf" });
    const rules = [{ match: "*.pdf", set: { contentDisposition: "attachment" } }];
    const [plain] = await filesIn(root).scan();
    const [ruled] = await filesIn(root, { rules }).scan();
    expect(ruled).toMatchObject({ origin: { headers: { contentDisposition: "attachment" } } });
    expect(ruled?.fingerprint.content).toBe(plain?.fingerprint.content);
    expect(ruled?.fingerprint.headers).not.toBe(plain?.fingerprint.headers);
  });

  it("of an empty folder finds nothing; that is for a guard to refuse", async () => {
    const root = await tempFolder({ "_site/below/.DS_Store": "" });
    expect(await namesIn(root)).toEqual([]);
  });

  it("leaves out what systems drop into folders, at any depth, and keeps other dot files", async () => {
    const root = await tempFolder({
      "_site/.DS_Store": "",
      "_site/a/Thumbs.db": "",
      "_site/a/desktop.ini": "",
      "_site/.well-known/security.txt": "Contact:",
      "_site/.htaccess": "",
    });
    expect(await namesIn(root)).toEqual([".htaccess", ".well-known/security.txt"]);
  });

  it("keeps _headers and _redirects out, but only at the root of the site", async () => {
    const root = await tempFolder({
      "_site/_headers": "/*\n  X-Team: site",
      "_site/_redirects": "/a /b",
      "_site/docs/_headers": "a page about headers",
    });
    expect(await namesIn(root)).toEqual(["docs/_headers"]);
  });

  it("takes names with spaces, signs and letters of all scripts as they are", async () => {
    const names = ["a b.html", "a+b&c=d.html", "100%.html", "naïve.html", "日本.html", "🚀.html"];
    const root = await tempFolder(Object.fromEntries(names.map((name) => [`_site/${name}`, ""])));
    expect(await namesIn(root)).toEqual([...names].sort());
  });
});

describe("a scan refuses", () => {
  it("a folder that is not there, and says how to get one", async () => {
    const error = await failureOf(filesIn(await tempFolder()).scan());
    expect(error.kind).toBe("config");
    expect(error.text.why).toContain("not there");
    expect(error.text.next).toContain("slipway build");
  });

  it("a file in place of the folder", async () => {
    const error = await failureOf(filesIn(await tempFolder({ _site: "a file" })).scan());
    expect(error.kind).toBe("config");
    expect(error.text).toMatchObject({ what: "There is no site in _site", why: "it is a file" });
  });

  it.skipIf(process.getuid?.() === 0)("a folder in it that cannot be read, by name", async () => {
    const root = await tempFolder({ "_site/index.html": "", "_site/below/a.html": "" });
    await chmod(join(root, "_site/below"), 0o000);
    const error = await failureOf(filesIn(root).scan());
    await chmod(join(root, "_site/below"), 0o700);
    expect(error.text.what).toBe("below cannot be read");
    expect(error.text.why).toMatch(/permission denied/);
  });

  // Other systems take no such names.
  it.runIf(process.platform === "linux").each([
    ["a file", "_site/caf\xe9.html"],
    ["a folder", "_site/caf\xe9/index.html"],
  ])("%s whose name is not UTF-8", async (_, name) => {
    const root = await tempFolder({ "_site/index.html": "", "_site/a\ufffdb.html": "" });
    const file = Buffer.from(join(root, name), "latin1");
    await mkdir(Buffer.from(join(root, dirname(name)), "latin1"), { recursive: true });
    await writeFile(file, "");
    const error = await failureOf(filesIn(root).scan());
    expect(error.kind).toBe("refused");
    expect(error.text.why).toMatch(/^"caf\ufffd(?:\.html)?" is not UTF-8$/);
  });

  it("every name that cannot be published, all of them at once, each with its reason", async () => {
    const root = await tempFolder({
      "_site/index.html": "",
      "_site/back\\slash.html": "",
      "_site/cafe\u0301.html": "",
      "_site/.slipway/manifest.json": "",
    });
    const error = await failureOf(filesIn(root).scan());
    expect(error.kind).toBe("refused");
    for (const word of ["backslash", "NFC", ".slipway/manifest.json"]) {
      expect(error.text.why).toContain(word);
    }
  });

  it("more than five bad names by counting the rest", async () => {
    const names = Array.from({ length: 8 }, (_, i) => [`_site/${i}\\.html`, ""] as const);
    const error = await failureOf(filesIn(await tempFolder(Object.fromEntries(names))).scan());
    expect(error.text.why).toMatch(/; and 3 more$/);
  });

  it.each(["a file", "a folder", "nothing"])("a symbolic link to %s", async (target) => {
    const root = await tempFolder({ "_site/index.html": "", "a file": "", "a folder/b": "" });
    await symlink(join(root, target), join(root, "_site", "link"));
    const error = await failureOf(filesIn(root).scan());
    expect(error.kind).toBe("refused");
    expect(error.text.why).toBe('"link" is a link, and may point outside the site');
  });

  it.skipIf(process.platform === "win32")("what is neither a file nor a link", async () => {
    const root = await tempFolder({ "_site/index.html": "" });
    const server = createServer().listen(join(root, "_site", "socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    const error = await failureOf(filesIn(root).scan());
    server.close();
    expect(error.text.why).toBe('"socket" is neither a file nor a folder');
  });

  it.skipIf(process.getuid?.() === 0)("a file that cannot be read, by name", async () => {
    const root = await tempFolder({ "_site/index.html": "", "_site/secret.html": "" });
    await chmod(join(root, "_site/secret.html"), 0o000);
    const error = await failureOf(filesIn(root).scan());
    expect(error.kind).toBe("config");
    expect(error.text.what).toBe("secret.html cannot be read");
  });
});
