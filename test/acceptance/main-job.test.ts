import { existsSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runCliHere } from "../support/cli-here.ts";
import {
  type CliResult,
  type EdgeProcess,
  launchCli,
  runCli,
  startEdge,
} from "../support/cli-process.ts";
import { crawl, findDeadFragments, type Visit } from "../support/crawler.ts";
import { connectToEdge, type EdgeClients } from "../support/edge-clients.ts";
import { isPortFree } from "../support/free-ports.ts";
import { send } from "../support/http-client.ts";
import { createSiteProject, isForVisitors, type TempProject } from "../support/temp-project.ts";

/**
 * The author's day, told in order on one project and one edge: publish, change, delete, deploy
 * again, restart. Every process is a real one; what is stored is read through the AWS SDK.
 */

const ORIGIN = "https://www.nakedcoders.example";
const ARTICLE = "site/content/blog/2026-01-15-written-by-a-test.md";
const ARTICLE_URL = "/blog/written-by-a-test/";
const TAG_URL = "/tags/only-in-a-test/";

const OLD = "The old sentence of the test.";
const NEW = "The new sentence of the test.";
const NEWEST = "The newest sentence of the test.";

const article = (sentence: string) => `---
title: "Written by a test"
description: "An article that exists only while a test runs."
date: 2026-01-15
tags:
  - only-in-a-test
author: mira
---

${sentence}

## A heading

[Another page](/about/) and [a place on this one](#a-heading).
`;

const UNTIL_INVALIDATED = "public, max-age=0, s-maxage=31536000, must-revalidate";
const FOREVER = "public, max-age=31536000, immutable";

const TYPES: Readonly<Record<string, string>> = {
  avif: "image/avif",
  webp: "image/webp",
  jpg: "image/jpeg",
  json: "application/json; charset=utf-8",
  css: "text/css; charset=utf-8",
  ico: "image/vnd.microsoft.icon",
  html: "text/html; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  png: "image/png",
  svg: "image/svg+xml; charset=utf-8",
  txt: "text/plain; charset=utf-8",
  webmanifest: "application/manifest+json; charset=utf-8",
  xml: "application/xml; charset=utf-8",
};

/** What `_headers` says of single files. */
const OWN_TYPES: Readonly<Record<string, string>> = {
  "feed.json": "application/feed+json; charset=utf-8",
  "speculation-rules.json": "application/speculationrules+json",
};
const OWN_CACHE: Readonly<Record<string, string>> = {
  "speculation-rules.json": "public, max-age=86400, s-maxage=31536000",
};

let project: TempProject;
let edge: EdgeProcess;
let clients: EdgeClients;

beforeAll(async () => {
  project = await createSiteProject();
  // No list of tags: any will do.
  await project.write("site/_data/allTags.ts", "export default [];\n");
  await project.write(ARTICLE, article(OLD));
  edge = await startEdge(project.root, { publish: true });
  clients = await connectToEdge(project.root);
});

afterAll(async () => {
  clients?.close();
  await edge?.stop("SIGKILL");
  await project?.dispose();
});

describe("after edge --publish", () => {
  let visits: ReadonlyMap<string, Visit>;

  beforeAll(async () => {
    visits = await crawlSite();
  });

  it("every URL that the site names answers 200, none of them a redirect", () => {
    const notFound = [...visits.values()].filter(({ response }) => response.status !== 200);
    expect(
      notFound.map(({ path, from, response }) => ({ path, from, is: response.status })),
    ).toEqual([]);
    expect(findDeadFragments(visits)).toEqual([]);
    expect([...visits.keys()]).toEqual(
      expect.arrayContaining(["/", "/about/", "/favicon.svg", ARTICLE_URL, TAG_URL]),
    );
  });

  it("every page of the built site is reached from the start, but the answers of forms", async () => {
    const built = [...(await project.digests("_site")).keys()];
    const pages = built.filter((name) => name.endsWith("index.html"));
    expect(pages.length).toBeGreaterThan(10);
    expect(pages.map(urlOf).filter((url) => !visits.has(url))).toEqual([
      "/register/confirm/",
      "/register/confirmed/",
      "/register/leave/asked/",
      "/register/leave/confirm/",
      "/register/left/",
      "/register/thanks/",
    ]);
  });

  it("every file has its bytes, its type with a charset where it is text, and its cache rule", async () => {
    const built = [...(await project.digests("_site")).keys()];
    const published = built.filter(isForVisitors);
    const answers = await Promise.all(published.map((name) => send(edge.viewerUrl, urlOf(name))));
    for (const [i, name] of published.entries()) {
      const answer = answers[i];
      const fingerprinted = /\.[0-9a-f]{10}\.[a-z]+$/.test(name);
      expect({
        name,
        status: answer?.status,
        type: answer?.headers["content-type"],
        cache: answer?.headers["cache-control"],
        text: answer?.text,
      }).toEqual({
        name,
        status: Number(/^(404|410)\.html$/.exec(name)?.[1] ?? 200),
        type: OWN_TYPES[name] ?? TYPES[name.replace(/.*\./, "")],
        cache: OWN_CACHE[name] ?? (fingerprinted ? FOREVER : UNTIL_INVALIDATED),
        text: await project.read(`_site/${name}`),
      });
    }
    expect(published.filter((name) => name.startsWith("assets/")).length).toBeGreaterThan(1);
  });

  it("what speaks to the deploy and not to visitors is not to be had", async () => {
    for (const path of ["/_headers/", "/_redirects/", "/.slipway/manifest.json"]) {
      expect((await send(edge.viewerUrl, path)).status).toBe(404);
    }
  });
});

describe("after an article is changed and built", () => {
  let builtBefore: ReadonlyMap<string, string>;
  let storedBefore: ReadonlyMap<string, string>;
  let changed: readonly string[];

  beforeAll(async () => {
    builtBefore = await project.digests("_site");
    storedBefore = await clients.objects();
    await project.write(ARTICLE, article(NEW));
    expect(await runCli(project.root, ["build"])).toMatchObject({ exitCode: 0 });
    changed = differences(builtBefore, await project.digests("_site"));
  });

  it("the plan says that changes are pending, and the edge still shows the old text", async () => {
    expect(changed).toContain("blog/written-by-a-test/index.html");
    expect(changed.length).toBeLessThan(builtBefore.size / 2);
    const { exitCode } = await runCliHere(project.root, ["plan", "--exit-code"]);
    expect(exitCode).toBe(3);
    expect((await send(edge.viewerUrl, ARTICLE_URL)).text).toContain(OLD);
    expect(await clients.objects()).toEqual(storedBefore);
  });

  it("a deploy sends exactly what differs and invalidates exactly its URLs", async () => {
    const invalidationsBefore = await clients.invalidationIds();
    const deployed = await runCli(project.root, ["deploy", "--wait", "--json"]);
    expect(deployed).toMatchObject({ exitCode: 0 });

    expect(changedKeys(deployed)).toEqual(changed);
    expect(differences(storedBefore, await clients.objects())).toEqual(changed);

    const added = await invalidationsSince(invalidationsBefore);
    const paths = changed.flatMap(cachedPathsOf).sort();
    expect(added.map(({ paths, status }) => ({ paths, status }))).toEqual([
      { paths, status: "Completed" },
    ]);

    const page = (await send(edge.viewerUrl, ARTICLE_URL)).text;
    expect(page).toContain(NEW);
    expect(page).not.toContain(OLD);
  });

  it("a second deploy has nothing to do and touches nothing", async () => {
    const stored = await clients.objects();
    const invalidations = await clients.invalidationIds();
    const again = await runCliHere(project.root, ["deploy", "--json"]);
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ kind: "nothing-to-do" });
    expect((await runCliHere(project.root, ["plan", "--exit-code"])).exitCode).toBe(0);
    expect(await clients.objects()).toEqual(stored);
    expect(await clients.invalidationIds()).toEqual(invalidations);
  });
});

describe("while a deploy is not waited for", () => {
  it("the edge shows the old text until the invalidation is completed, and the new one from then on", async () => {
    await project.write(ARTICLE, article(NEWEST));
    await runCli(project.root, ["build"]);
    await send(edge.viewerUrl, ARTICLE_URL);
    const invalidationsBefore = await clients.invalidationIds();

    const deploy = launchCli(project.root, ["deploy"]);
    const samples: { readonly from: State; readonly to: State; readonly text: string }[] = [];
    let last: State = "not asked for";
    while (last !== "Completed") {
      const from = await stateSince(invalidationsBefore);
      const { text } = await send(edge.viewerUrl, ARTICLE_URL);
      last = await stateSince(invalidationsBefore);
      samples.push({ from, to: last, text: text.includes(NEWEST) ? "newest" : "old" });
    }
    const after = await send(edge.viewerUrl, ARTICLE_URL);
    expect((await deploy.ended).exitCode).toBe(0);

    const before = samples.filter(({ to }) => to !== "Completed");
    expect(before.filter(({ text }) => text !== "old")).toEqual([]);
    expect(before.some(({ from }) => from === "InProgress")).toBe(true);
    expect(samples.filter(({ from, text }) => from === "Completed" && text === "old")).toEqual([]);
    expect(after.text).toContain(NEWEST);
  });
});

describe("after an article is deleted", () => {
  it("its URL is the 404 page, nothing links there, and the edge forgot it after it was gone", async () => {
    const builtBefore = await project.digests("_site");
    const invalidationsBefore = await clients.invalidationIds();
    await project.remove(ARTICLE);
    await runCli(project.root, ["build"]);
    const builtAfter = await project.digests("_site");
    const unnamed = [...builtBefore.keys()].filter((name) => !builtAfter.has(name));
    const cards = unnamed.filter((name) => name.startsWith("assets/og/"));
    const removed = unnamed.filter((name) => !cards.includes(name));
    expect(cards).toHaveLength(2);
    expect(removed).toEqual([
      "blog/written-by-a-test/index.html",
      "tags/only-in-a-test/index.html",
    ]);

    const deployed = await runCliHere(project.root, ["deploy", "--wait", "--json"]);
    expect(deployed).toMatchObject({ exitCode: 0 });
    const written = differences(builtBefore, builtAfter).filter((name) => !unnamed.includes(name));
    const added = await invalidationsSince(invalidationsBefore);
    expect(added.map(({ paths }) => paths)).toEqual([
      removed.flatMap(cachedPathsOf).sort(),
      written.flatMap(cachedPathsOf).sort(),
    ]);

    for (const url of [ARTICLE_URL, TAG_URL]) {
      const gone = await send(edge.viewerUrl, url);
      expect(gone.status).toBe(404);
      expect(gone.text).toBe(await project.read("_site/404.html"));
    }
    const visits = await crawlSite();
    expect([...visits.keys()].filter((path) => [ARTICLE_URL, TAG_URL].includes(path))).toEqual([]);
    expect([...visits.values()].filter(({ response }) => response.status !== 200)).toEqual([]);
    // The cards of the gone pages stay a while, as all files with a hash in their name do.
    expect([...(await clients.objects()).keys()].sort()).toEqual(
      [...[...builtAfter.keys()].filter(isForVisitors), ...cards].sort(),
    );
  });
});

describe("when the edge ends and starts again", () => {
  it("Ctrl-C is a success that leaves no port, no address and no lock behind", async () => {
    const ended = await edge.stop("SIGINT");
    expect(ended.exitCode).toBe(0);
    expect(await isPortFree(edge.port)).toBe(true);
    expect(await isPortFree(edge.port + 1)).toBe(true);
    expect(existsSync(project.path(".slipway/edge/running.json"))).toBe(false);
    expect(existsSync(project.path(".slipway/edge/lock"))).toBe(false);
  });

  it("the site is still there, and publishing it has nothing to do", async () => {
    edge = await startEdge(project.root, { port: edge.port });
    const home = await send(edge.viewerUrl, "/");
    expect(home.status).toBe(200);
    expect(home.text).toBe(await project.read("_site/index.html"));
    expect((await edge.stop("SIGTERM")).exitCode).toBe(0);

    edge = await startEdge(project.root, { port: edge.port, publish: true });
    expect(edge.output().stdout).toContain("Nothing to do");
    expect((await send(edge.viewerUrl, "/about/")).status).toBe(200);
  });

  it("a killed one is told from a running one, and its folder is usable at once", async () => {
    await edge.stop("SIGKILL");
    expect(existsSync(project.path(".slipway/edge/running.json"))).toBe(true);
    const deploy = await runCliHere(project.root, ["deploy"]);
    expect(deploy.exitCode).toBe(6);
    expect(deploy.stderr).toContain("The local edge is not running");

    edge = await startEdge(project.root, { port: edge.port });
    expect((await send(edge.viewerUrl, "/")).status).toBe(200);
    const status = await runCliHere(project.root, ["status", "--json"]);
    expect(JSON.parse(status.stdout)).toMatchObject({ kind: "live" });
  });
});

type State = "not asked for" | "InProgress" | "Completed";

function crawlSite(): Promise<ReadonlyMap<string, Visit>> {
  const starts = ["/", "/sitemap.xml", "/feed.xml"];
  return crawl(edge.viewerUrl, { origin: ORIGIN, starts });
}

/** The address that visitors use. */
function urlOf(name: string): string {
  return `/${name.replace(/(^|\/)index\.html$/, "$1")}`;
}

/** Under which paths the edge may keep a file: its own, and its folder's for an index page. */
function cachedPathsOf(name: string): readonly string[] {
  return [...new Set([`/${name}`, urlOf(name)])];
}

/** Names with another value, or on one side only; sorted. */
function differences(
  before: ReadonlyMap<string, string>,
  after: ReadonlyMap<string, string>,
): readonly string[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].sort();
  return names.filter((name) => before.get(name) !== after.get(name));
}

function changedKeys({ stdout }: CliResult): readonly string[] {
  const document: { plan: { changes: readonly { key: string }[] } } = JSON.parse(stdout);
  return document.plan.changes.map(({ key }) => key);
}

/** Newest first. */
async function invalidationsSince(before: readonly string[]) {
  const added = (await clients.invalidationIds()).filter((id) => !before.includes(id));
  return await Promise.all(added.map((id) => clients.invalidation(id)));
}

async function stateSince(before: readonly string[]): Promise<State> {
  const [newest] = await invalidationsSince(before);
  if (newest === undefined) return "not asked for";
  return newest.status === "Completed" ? "Completed" : "InProgress";
}
